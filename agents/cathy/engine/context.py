"""What a run knows besides its text: references, the locale, the clock, and PII-free facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from cathy.engine.guards import Guards
    from cathy.engine.playback import Playback
    from cathy.engine.record import RunRecord


@dataclass(frozen=True, kw_only=True)
class Context:
    """Handed to instructions and tools; the model never sees it, except `facts` and `locale` in the data block.

    It holds ids and never rows or contact data, so that it can be logged and passed on. `now` was read at the
    edge (socket, task, command). `facts` must be PII-free and JSON-serialisable. `extra` is for a room's own
    objects (a service handle, a set of placeholders); it goes nowhere but to that room's tools.
    """

    now: datetime
    locale: str = "en"
    visitor_id: UUID | None = None
    conversation_id: UUID | None = None
    application_id: UUID | None = None
    #: The person's US state where it is known: the switch `ai` is asked for it before each request to the model.
    state: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    extra: Any = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What travels through the SDK as its run context: the room's context and the engine's own notes."""

    context: Context
    record: RunRecord
    guards: Guards
    #: What a rehearsal's tools answer instead of acting.
    playback: Playback | None = None
    #: The model's answers are recorded ones: nothing is asked of a model, so no switch and no budget is asked either.
    recalled: bool = False
