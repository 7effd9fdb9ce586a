"""Which version holds now. Each process keeps it for two seconds; an activation here is seen at once.

A turn asks once, when its run row is written, so it costs one indexed query at most and the whole turn has one version.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from cathy.models import PromptVersion
from cathy.prompts.wishes import BUILT_IN, PromptSet

log = logging.getLogger(__name__)

FRESH_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Prompt:
    """A version as a run uses it; `version` is None for the built-in one."""

    version: UUID | None
    number: int
    digest: str
    wishes: PromptSet

    def mark(self, agent_version: str) -> str:
        """What a run is marked with: it changes with the wishes, and with the agent's role, rules, tools or form."""
        return hashlib.sha256(f"{agent_version} {self.digest}".encode()).hexdigest()[:12]


DEFAULT: Final = Prompt(None, 0, BUILT_IN.digest(), BUILT_IN)

_pinned: ContextVar[Prompt | None] = ContextVar("pinned_prompt", default=None)
#: Until when (monotonic seconds) the kept version is believed without asking.
_kept: tuple[float, Prompt] = (-math.inf, DEFAULT)


def current() -> Prompt:
    """Return the pinned version, else the active one, else the built-in one."""
    pinned = _pinned.get()
    if pinned is not None:
        return pinned
    until, prompt = _kept
    return prompt if time.monotonic() < until else _look(prompt)


def _look(known: Prompt) -> Prompt:
    global _kept
    row = PromptVersion.objects.filter(state="active").first()
    if row is None:
        found = DEFAULT
    elif (row.pk, row.digest) == (known.version, known.digest):
        found = known
    else:
        found = of_row(row) or DEFAULT
    _kept = (time.monotonic() + FRESH_S, found)
    return found


def of_row(row: PromptVersion) -> Prompt | None:
    """Return a version as runs use it; None, and a line in the log, when its content is not what was written once."""
    try:
        wishes = PromptSet.model_validate(row.content)
    except ValidationError:
        wishes = None
    if wishes is None or wishes.digest() != row.digest:
        log.error("prompt version %s does not fit its digest and is not used", row.number)
        return None
    return Prompt(row.pk, row.number, row.digest, wishes)


def forget() -> None:
    """Ask the database at the next turn."""
    global _kept
    _kept = (-math.inf, _kept[1])


def hold_built_in() -> None:
    """Keep to the built-in version until `forget`: for tests, whose rows come and go behind the cache."""
    global _kept
    _kept = (math.inf, DEFAULT)


@contextmanager
def pinned(prompt: Prompt) -> Iterator[None]:
    """Let everything that is said inside the block, also in tasks that it starts, use this version."""
    token = _pinned.set(prompt)
    try:
        yield
    finally:
        _pinned.reset(token)
