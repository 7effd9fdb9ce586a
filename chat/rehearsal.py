"""Talking with Cathy in one process, without a server: the real services, turns and guardrails, on rows that go.

Used by `converse`. The customer's clock runs ten seconds for each message, so that a file of turns is not taken for a
burst.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync

from carloans.core.clock import utc_now
from cathy.simulation.understanding import understand
from chat import selectors, services, turns
from chat.frames import MessageView
from chat.services import Finished, Knock, Reply, Turn
from visitors import selectors as visitors
from visitors import services as visitor_services

SITE = "rehearsal"
_BETWEEN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one turn of the customer. `lines` is the same for a reader in a terminal."""

    text: str
    intent: str
    slots: dict[str, Any]
    tools: list[str]
    owner: str
    blocked: bool
    lines: list[str] = field(default_factory=list)


class _Ear(turns.Silence):
    """Keeps what the turns produced."""

    def __init__(self) -> None:
        self.replies: list[Reply | None] = []

    async def ended(self, turn: Turn, finished: Finished | None) -> None:
        self.replies.append(finished.reply if finished else None)


class Rehearsal:
    """A context manager: its conversation exists inside it."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._now = utc_now()
        self._conversation: UUID | None = None
        self._seen = 0
        self._last_line = ""
        self.greeting = ""

    def __enter__(self) -> Rehearsal:
        facts = {"name": "Rehearsal", "company_name": "Car Loans", "origins": [], "is_demo": True}
        visitor_services.ensure_site(key=SITE, **facts)  # type: ignore[arg-type]
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()

    def restart(self) -> None:
        """Begin another conversation with another customer."""
        self._discard()
        self._open()

    def say(self, text: str) -> Answer:
        """Send a customer's message and have it answered. Raises what `services.receive` raises for a bad one."""
        assert self._conversation is not None  # noqa: S101  inside the block there is one
        before = self._last_line
        services.receive(conversation_id=self._conversation, client_id=uuid4(), text=text, now=self._tick())
        ear = _Ear()
        async_to_sync(turns.answer_all)(self._conversation, ear)
        return self._answer(text, before, ear)

    def _open(self) -> None:
        site = visitors.site_by_key(key=SITE)
        knock = Knock(site_id=site.id, lang=self._lang, rehearsal=True)
        self._conversation = services.enter(knock=knock, now=self._tick()).conversation_id
        self._seen = 0
        self.greeting = " ".join(view.text for view in self._news())

    def _discard(self) -> None:
        if self._conversation:
            services.discard_rehearsal(conversation_id=self._conversation)

    def _tick(self) -> datetime:
        self._now += _BETWEEN
        return self._now

    def _news(self) -> list[MessageView]:
        assert self._conversation is not None  # noqa: S101  inside the block there is one
        _, views = selectors.news(self._conversation, after=self._seen)
        self._seen = views[-1].seq if views else self._seen
        spoken = [view for view in views if view.role != "customer"]
        self._last_line = next((view.text for view in reversed(spoken) if view.role == "cathy"), self._last_line)
        return spoken

    def _answer(self, text: str, before: str, ear: _Ear) -> Answer:
        assert self._conversation is not None  # noqa: S101  inside the block there is one
        meant = understand(text, before or None)
        views = self._news()
        owner = selectors.snapshot(self._conversation).owner
        stored = [reply for reply in ear.replies if reply]
        return Answer(
            text=" ".join(view.text for view in views if view.text),
            intent=meant.intents[0] if meant.intents else "other",
            slots=dict(meant.slots),
            tools=[name for reply in stored for name in reply.tools],
            owner=owner,
            blocked=len(stored) < len(ear.replies) or any(reply.rules for reply in stored),
            lines=[line for view in views for line in _lines(view)],
        )


def _lines(view: MessageView) -> list[str]:
    who = {"cathy": "Cathy", "system": "      "}.get(view.role, view.name)
    lines = [f"{who}: {view.text}"] if view.text else []
    if view.card:
        buttons = ", ".join(button["label"] for button in view.card["actions"])
        lines.append(f"       [{view.card['title']}{': ' + buttons if buttons else ''}]")
    return lines
