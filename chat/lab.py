"""Trying a prompt version on an invented customer: the real agent, prompt and guardrails, and nothing that acts.

No row is written and nothing is sent: tools answer as they would and do nothing, what is typed is kept in the page that
asked (`cathy.engine.rehearsing`). A real model's tokens count towards the day's budget.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from asgiref.sync import async_to_sync

from carloans.core.errors import BadInput
from carloans.core.privacy import tokenize
from cathy.engine.context import Context
from cathy.engine.playback import Pretended
from cathy.engine.rehearsing import Rehearsed, rehearse
from cathy.prompts import active, compiling
from cathy.prompts.active import Prompt
from cathy.simulation.understanding import understand
from chat import duties
from chat.agent import REALTIME_CHAT
from chat.limits import MAX_TEXT

#: The invented customers: what Cathy may know of each, in the form of `chat.selectors.facts`.
CUSTOMERS: Final[dict[str, dict[str, Any]]] = {
    "new": {"contact": {"phone": False, "email": False, "name": False}, "application": None},
    "returning": {
        "contact": {"phone": False, "email": True, "name": True},
        "application": {
            "step_reached": 3,
            "status": "abandoned",
            "vehicle": {"year": 2021, "make": "Honda", "model": "Civic"},
        },
    },
    "ready": {
        "contact": {"phone": True, "email": True, "name": True},
        "application": {"step_reached": 5, "status": "abandoned", "vehicle": None},
    },
}
#: What the tools of the chat answer where they find what they need.
_ANSWERS: Final = {
    "ask_for_contact": "The form will stand below your reply. Invite the customer to fill it in.",
    "offer_credit_check": "The agreement will stand below your reply. Ask the customer to read it and press a button.",
    "save_phone": "Saved. For contact by dealers the customer still has to tick the box of the contact form.",
    "save_email": "Saved.",
    "save_name": "Saved.",
    "hand_off_to_person": "A person has been asked to join. Tell the customer so, without a time.",
    "request_callback": "The card will stand below your reply.",
    "show_privacy": "The card will stand below your reply.",
    "stop_contact": "Done: nothing more will be sent. Confirm it and offer nothing.",
    "resume_application": "The application is saved and continues on this page.",
    "set_language": "Done. Answer in that language.",
    "note_not_understood": "Noted. Ask the customer kindly to say it differently.",
}
_CARDS: Final = {
    "ask_for_contact": "contact_form",
    "offer_credit_check": "credit_consent",
    "request_callback": "callback",
}
_NO_PHONE: Final = "A phone number is needed first: the contact form will stand below your reply."


@dataclass(slots=True)
class Talk:
    """One side's conversation so far, as JSON can keep it."""

    locale: str
    customer: str
    items: list[dict[str, Any]] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    #: Contact that was kept in this talk: phone, email, name.
    saved: list[str] = field(default_factory=list)
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of one line. `intents` is what the recogniser reads in it, `owed` what code does in any case."""

    said: str
    outcome: str
    error: str
    intents: tuple[str, ...]
    slots: dict[str, str]
    tools: tuple[tuple[str, dict[str, Any], bool], ...]
    verdicts: tuple[tuple[str, str, str], ...]
    owed: tuple[str, ...]
    model: str
    first_text_ms: float | None
    total_ms: float


def greeting(prompt: Prompt, *, company: str, locale: str) -> str:
    """Cathy's first message under a version."""
    return compiling.greeting(prompt.wishes, company, locale)


def line(text: str) -> str:
    """What the model would read of a typed line. Raises BadInput for one that is empty or too long."""
    text = text.strip()
    if not text:
        raise BadInput("Please type what the customer says.", code="empty")
    if len(text) > MAX_TEXT:
        raise BadInput(f"A message has at most {MAX_TEXT} characters.", code="too_long")
    return tokenize(text, mapping={})


def say(prompt: Prompt, talk: Talk, text: str, *, company: str, now: datetime) -> Turn:
    """Let Cathy answer under a version; `talk` grows by the turn. `text` comes from `line`.

    A failing model, a stopped line and a spent budget are outcomes of the turn and not raised.
    """
    before = next((_words(item) for item in reversed(talk.items) if item.get("role") == "assistant"), "")
    context = Context(now=now, locale=talk.locale, facts=_facts(talk, company))
    with active.pinned(prompt):
        done = async_to_sync(rehearse)(
            REALTIME_CHAT,
            given=[*talk.items, {"role": "user", "content": text}],
            question=True,
            context=context,
            playback=Pretended(_answers(talk)),
        )
    _grow(talk, done)
    return _turn(done, text, before)


def _facts(talk: Talk, company: str) -> dict[str, Any]:
    known = CUSTOMERS[talk.customer]
    return {
        "company": company,
        "credit": "none",
        "dealer_contact_agreed": False,
        "application": known["application"],
        "contact": {**known["contact"], **dict.fromkeys(talk.saved, True)},
        "open_cards": sorted(talk.cards),
        "misunderstandings": talk.missed,
    }


def _answers(talk: Talk) -> dict[str, str]:
    if CUSTOMERS[talk.customer]["contact"]["phone"] or "phone" in talk.saved:
        return _ANSWERS
    return {**_ANSWERS, "offer_credit_check": _NO_PHONE}


def _words(item: dict[str, Any]) -> str:
    content = item.get("content", "")
    return content if isinstance(content, str) else "".join(str(part.get("text", "")) for part in content)


def _grow(talk: Talk, done: Rehearsed) -> None:
    """As the services would: open cards, contact that was kept, a language that was set, a turn not understood."""
    talk.items += done.items
    names = [name for name, _arguments, ok in done.tools if ok]
    talk.cards = sorted({*talk.cards, *(_CARDS[name] for name in names if name in _CARDS)})
    kept = {name.removeprefix("save_") for name in names if name.startswith("save_")}
    talk.saved = sorted({*talk.saved, *kept})
    talk.missed = talk.missed + 1 if "note_not_understood" in names else 0
    for name, arguments, ok in done.tools:
        if name == "set_language" and ok and arguments.get("lang") in ("en", "es"):
            talk.locale = arguments["lang"]


def _turn(done: Rehearsed, text: str, before: str) -> Turn:
    meant = understand(text, before or None)
    owed = duties.owed(text, before=before)
    return Turn(
        said=done.said,
        outcome=done.outcome,
        error=done.error_code,
        intents=tuple(meant.intents[:3]),
        slots=dict(meant.slots),
        tools=done.tools,
        verdicts=done.verdicts,
        owed=(*(("stop contact",) if owed.stop else ()), *((f"person: {owed.person}",) if owed.person else ())),
        model=done.model,
        first_text_ms=done.first_text_ms,
        total_ms=done.total_ms,
    )
