"""What tells agents apart inside the SDK, worked out once for each of ours.

The SDK tells agents of one name apart by a text made of all that they are. It makes that text twice in each run, from
the schemas of all tools (half a millisecond). A defined agent of ours never changes, so its text is kept.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from agents import Agent, _run_state_agent_identity

_KEPT = "_car_loans_identity"
_make = _run_state_agent_identity._agent_identity_signature


def remember(agent: Agent[Any]) -> None:
    """Keep the text of an agent that will not be changed any more."""
    setattr(agent, _KEPT, _make(agent))


@wraps(_make)
def _known(agent: Agent[Any]) -> str:
    kept: str | None = vars(agent).get(_KEPT)
    return _make(agent) if kept is None else kept


_run_state_agent_identity._agent_identity_signature = _known
