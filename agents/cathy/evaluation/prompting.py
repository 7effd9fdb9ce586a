"""Which prompt speaks during an evaluation."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from carloans.core.errors import BadInput
from cathy.prompts import active, reading


def speaking(version: str | None) -> AbstractContextManager[object]:
    """Within it the version (its number or id) speaks, in this context alone; None leaves the active one.

    Raises BadInput for a version that does not exist or is not intact.
    """
    if version is None:
        return nullcontext()
    prompt = reading.prompt_named(version)
    if prompt is None:
        raise BadInput(f"There is no usable prompt version {version}.", code="unknown_prompt_version")
    return active.pinned(prompt)
