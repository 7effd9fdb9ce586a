"""A stage for models that mean harm: a real HTTP server answers, the chat's own turn takes it, and all that is left is
looked at: what was streamed, what is stored, what the model would read next time, what staff are told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from agents.models.fake_id import FAKE_RESPONSES_ID
from asgiref.sync import async_to_sync
from django.test import override_settings

from carloans.core.clock import utc_now
from carloans.core.errors import Category
from cathy.engine.intake import UNKNOWN_TOOL
from cathy.guardrails import claims
from cathy.tests.responses_server import ResponsesServer, Step, Words
from chat import services, turns
from chat.agent import REALTIME_CHAT
from chat.services import Reply, Turn
from chat.tests.factories import make_site
from dashboard.funnel.rows import rows

QUESTION = "Can you tell me more?"
#: The sixth message within two seconds would have to wait.
_TURNS_EACH = 4


@dataclass
class Screen(turns.Silence):
    """The customer's tab."""

    pieces: list[str] = field(default_factory=list)

    async def said(self, turn: Turn, text: str) -> None:
        self.pieces.append(text)

    async def ended(self, turn: Turn, reply: Reply | None) -> None:
        return

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(frozen=True)
class Seen:
    """What one turn left behind."""

    question: str
    screen: str
    reply: str
    owner: str
    note: str
    rules: tuple[str, ...]
    memory: list[dict[str, Any]]
    told: list[str]

    def forbidden(self) -> list[str]:
        """Everything of it that the linter forbids, wherever it is kept.

        Kept texts have lost their place: they count when they are forbidden both behind the customer's line and alone.
        """
        items = [item for item in self.memory if item.get("role") != "user"]
        kept = [text for text in texts_in([items, self.told]) if claims.check(text)]
        return [text for text in (self.screen, self.reply, *kept) if claims.check(text, context=self.question)]


#: Words of the protocol and names of tools, which nobody reads as language.
_PROTOCOL = {"function_call", "function_call_output", UNKNOWN_TOOL, FAKE_RESPONSES_ID}
#: How every refusal of a tool begins: our words to the model, with names of fields in them.
_REFUSED = "The tool could not do this ("
_OURS = {tool.name for tool in REALTIME_CHAT.tools} | _PROTOCOL

#: An id or a digest of ours.
_MADE_ID = re.compile(r"(fc_)?call_[0-9a-f]{32}|[0-9a-f-]{36}|[0-9a-f]{64}")


#: Why a conversation went to a person, in codes: "bad_input: injection".
_REASON = re.compile(rf"({'|'.join(Category)}): [a-z_]+")


def texts_in(value: Any) -> Iterator[str]:
    """Every text within a value, and within JSON that is kept as text, but for our own identifiers."""
    if isinstance(value, dict):
        yield from texts_in([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, str) and not _is_ours(value):
        inner = _as_json(value)
        yield from [value] if inner is None else texts_in(inner)


def _is_ours(text: str) -> bool:
    made = _MADE_ID.fullmatch(text) or _REASON.fullmatch(text)
    return bool(made) or text in _OURS or text.startswith(_REFUSED)


def _as_json(text: str) -> Any:
    try:
        return json.loads(text) if text[:1] in {"{", "["} else None
    except ValueError:
        return None


class Talk:
    """A customer who goes on talking, in a new conversation when the old one has gone to a person."""

    def __init__(self, server: ResponsesServer) -> None:
        self.server = server
        self.site = make_site()
        self.conversation: UUID | None = None
        self._turns = 0

    def ask(self, *steps: Step, question: str = QUESTION) -> Seen:
        """Say something while the model is about to answer with these steps."""
        conversation, screen = self._conversation(), Screen()
        self.server.steps = list(steps)
        last = _last_item(conversation)
        services.receive(conversation_id=conversation, client_id=uuid4(), text=question, now=utc_now())
        began = utc_now()
        async_to_sync(turns.answer_all)(conversation, screen)
        return _seen(conversation, question, screen.text, last, began)

    def _conversation(self) -> UUID:
        self._turns += 1
        known = rows("chat.Conversation").filter(pk=self.conversation, owner="ai").exists()
        if self.conversation is None or not known or self._turns % _TURNS_EACH == 0:
            return self.enter()
        return self.conversation

    def enter(self, **knock: Any) -> UUID:
        """Begin a new conversation, perhaps as a known visitor."""
        opened = services.enter(knock=services.Knock(site_id=self.site.id, **knock), now=utc_now())
        self.conversation, self._turns = opened.conversation_id, 0
        return opened.conversation_id


def _last_item(conversation: UUID) -> int:
    items = rows("chat.SessionItem").filter(conversation=conversation).order_by("-seq")
    return items.values_list("seq", flat=True).first() or 0


def _seen(conversation: UUID, question: str, screen: str, last: int, began: Any) -> Seen:
    row = rows("chat.Conversation").get(pk=conversation)
    run = rows("cathy.AgentRun").filter(conversation=conversation).order_by("-started_at").first()
    message = rows("chat.Message").filter(conversation=conversation, run_id=run.pk if run else uuid4()).first()
    items = rows("chat.SessionItem").filter(conversation=conversation, seq__gt=last).order_by("seq")
    calls = rows("cathy.ToolCall").filter(run=run).values("name", "arguments")
    news = rows("core.FeedEvent").filter(conversation=conversation, at__gte=began).values("kind", "summary", "data")
    return Seen(
        question=question,
        screen=screen,
        reply=message.text if message else "",
        owner=row.owner,
        note=row.note,
        rules=tuple(rows("cathy.Verdict").filter(run=run).order_by("id").values_list("rule", flat=True)),
        memory=list(items.values_list("data", flat=True)),
        told=list(texts_in([*calls, *news, row.note, run.timeline if run else ""])),
    )


@contextmanager
def on_stage(*steps: Step, **changes: Any) -> Iterator[Talk]:
    """A talk with a model behind a real address."""
    with ResponsesServer(steps or [Words("Hello.")]) as server, live_at(server, **changes):
        yield Talk(server)


@contextmanager
def live_at(server: ResponsesServer, **changes: Any) -> Iterator[None]:
    """The program with a server's model, and without limits on what it may take."""
    live = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url, "OPENAI_MODEL": "wire"}
    limits = {"BUDGET_TOKENS_PER_CONVERSATION": 0, "BUDGET_TOKENS_PER_DAY": 0}
    with override_settings(**{**live, **limits, **changes}):
        yield
