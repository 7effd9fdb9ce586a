"""RealtimeChat: Cathy in conversation. She phrases and asks for things to be done; services allow and do them.

A tool that shows something (a form, the consent text, a person) does not act at once: it leaves a note, and the note is
carried out with the stored reply. So a reply that is dropped, because a person took over, leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns import services as campaigns
from cathy.engine import (
    Context,
    Final,
    OpenRun,
    TextDelta,
    Unit,
    db,
    define_agent,
    guarded_tool,
    open_run,
    stream_reply,
)
from chat import cards, duties, services, vaulting
from chat.cards import Content
from chat.limits import MISSES
from chat.memory import TurnMemory
from chat.services import Reply, Turn
from visitors import services as visitors

ROLE = """\
You are in a live chat with the customer, in a small window on the page of their application.
Help them to finish the application, answer their questions, and bring in a person when that is better.
- One question at a time. Answer first, then offer the next step.
- To learn how to reach the customer, call ask_for_contact; never ask them to type contact data, but when they do, keep
  it with save_phone, save_email or save_name and the placeholder that you see.
- When they want to know whether they prequalify, call offer_credit_check: it shows the agreement that only the
  customer's own press on its button can accept. A typed "yes" accepts nothing; point them to the button.
- Call hand_off_to_person as soon as they ask for a person, complain, dispute something, threaten, are in distress, or
  you cannot help. Call note_not_understood when you cannot make out what they mean, and ask them once to say it
  differently.
- Call stop_contact when they want no more messages or calls; confirm it in one sentence and offer nothing.
- Call show_privacy when they ask what is stored, or want data corrected or deleted.
- Call set_language when they ask for the other language or write in it, and answer in it."""


@dataclass
class TurnNotes:
    """What the tools of one turn want done with its reply."""

    turn: Turn
    cards: list[Content] = field(default_factory=list)
    hand_off: str = ""
    missed: bool = False
    locale: str = ""
    tools: list[str] = field(default_factory=list)

    def show(self, card: Content) -> None:
        """One card of a kind for each reply."""
        if all(known["kind"] != card["kind"] for known in self.cards):
            self.cards.append(card)


def _notes(context: Context) -> TurnNotes:
    notes: TurnNotes = context.extra
    return notes


def _visitor(context: Context) -> UUID:
    return _notes(context).turn.visitor_id


def _conversation(context: Context) -> UUID:
    return _notes(context).turn.conversation_id


Placeholder = Annotated[
    str, Field(max_length=20, description="as it stands in the customer's message, such as [PHONE_1]")
]


@guarded_tool
async def ask_for_contact(
    context: Context, reason: Annotated[str, Field(max_length=80, description="why, in a few words")] = ""
) -> str:
    """Show the contact form: phone, e-mail, and the box for contact by dealers, which the customer may leave empty."""
    notes = _notes(context)
    company = str(context.facts["company"])
    notes.show(await db(services.contact_form)(visitor_id=_visitor(context), company=company, locale=notes.locale))
    return "The form will stand below your reply. Invite the customer to fill it in."


@guarded_tool
async def offer_credit_check(context: Context) -> str:
    """Show the agreement for the soft credit check with its buttons. Nothing is checked unless the customer presses."""
    notes = _notes(context)
    if context.facts["credit"] == "running":
        return "A check is under way; its outcome will appear in the chat."
    if not context.facts["contact"]["phone"]:
        await db(services.want_check)(conversation_id=_conversation(context))
        company = str(context.facts["company"])
        form = await db(services.contact_form)(visitor_id=_visitor(context), company=company, locale=notes.locale)
        notes.show(form)
        return "A phone number is needed first: the contact form will stand below your reply. The agreement follows it."
    company = str(context.facts["company"])
    notes.show(await db(services.credit_consent)(locale=notes.locale, company=company))
    return "The agreement will stand below your reply. Ask the customer to read it and press a button if they agree."


@guarded_tool
async def save_phone(context: Context, placeholder: Placeholder) -> str:
    """Keep the phone number that the customer wrote."""
    phone = await db(vaulting.value_of)(_conversation(context), placeholder, kind="PHONE")
    await db(visitors.upsert_contact)(visitor_id=_visitor(context), phone=phone, now=context.now)
    return "Saved. For contact by dealers the customer still has to tick the box of the contact form."


@guarded_tool
async def save_email(context: Context, placeholder: Placeholder) -> str:
    """Keep the e-mail address that the customer wrote."""
    email = await db(vaulting.value_of)(_conversation(context), placeholder, kind="EMAIL")
    await db(visitors.upsert_contact)(visitor_id=_visitor(context), email=email, now=context.now)
    return "Saved."


@guarded_tool
async def save_name(context: Context, placeholder: Placeholder) -> str:
    """Keep the first name that the customer gave."""
    written = await db(vaulting.value_of)(_conversation(context), placeholder, kind="NAME")
    name = written.title() if written.islower() or written.isupper() else written
    await db(visitors.upsert_contact)(visitor_id=_visitor(context), first_name=name, now=context.now)
    return "Saved."


@guarded_tool
async def hand_off_to_person(
    context: Context, reason: Annotated[str, Field(max_length=80, description="a few words, no personal data")] = ""
) -> str:
    """Bring in a person from the team. Say that you did; promise no time."""
    _notes(context).hand_off = duties.reason_code(reason)
    return "A person has been asked to join. Tell the customer so, without a time."


@guarded_tool
async def request_callback(context: Context) -> str:
    """Show the card on which the customer picks when they would like to be called."""
    _notes(context).show(cards.callback(locale=_notes(context).locale))
    return "The card will stand below your reply."


@guarded_tool
async def show_privacy(context: Context) -> str:
    """Show what is stored about the customer, with the link to their own page: see, correct, download, delete."""
    notes = _notes(context)
    card = await db(services.privacy_card)(
        visitor_id=_visitor(context), message_id=notes.turn.message_id, locale=notes.locale, now=context.now
    )
    notes.show(card)
    return "The card will stand below your reply. For access, correction or deletion, bring in a person if they ask."


@guarded_tool
async def stop_contact(context: Context) -> str:
    """End all contact: no more e-mails, and every agreement to be contacted is withdrawn. It takes effect at once."""
    await db(campaigns.suppress_visitor)(visitor_id=_visitor(context), reason="asked", source="chat", now=context.now)
    return "Done: nothing more will be sent. Confirm it and offer nothing."


@guarded_tool
async def resume_application(context: Context) -> str:
    """Look up where the customer's application stands."""
    found = context.facts["application"]
    if not found:
        return "No application is saved yet. The customer can start it on this page."
    return f"Saved at step {found['step_reached']} of 5, status {found['status']}. It continues on this page."


@guarded_tool
async def set_language(context: Context, lang: Literal["en", "es"]) -> str:
    """Speak English (en) or Spanish (es) from now on."""
    notes = _notes(context)
    notes.locale = await db(services.set_locale)(conversation_id=_conversation(context), lang=lang)
    return f"Done. Answer in {'Spanish' if lang == 'es' else 'English'}."


@guarded_tool
async def note_not_understood(context: Context) -> str:
    """Note that you could not make out what the customer means. After the second time in a row a person is asked."""
    _notes(context).missed = True
    return "Noted. Ask the customer kindly to say it differently."


REALTIME_CHAT = define_agent(
    "RealtimeChat",
    "chat-main",
    ROLE,
    tools=[
        ask_for_contact,
        offer_credit_check,
        save_phone,
        save_email,
        save_name,
        hand_off_to_person,
        request_callback,
        show_privacy,
        stop_contact,
        resume_application,
        set_language,
        note_not_understood,
    ],
    voice="chat",
    purpose=_("Talks with customers in the chat: answers, asks for contact, offers the soft credit check."),
    app="chat",
)

Say = Callable[[str], Awaitable[None]]
TRIGGER = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What Cathy may know for a turn. `run` is the run that answers it, where its row was written with the claim."""

    facts: dict[str, Any]
    #: The customer's US state, for the switch that is asked again before each request to the model.
    state: str = ""
    run: OpenRun | None = None


def begin(turn: Turn, *, facts: dict[str, Any], state: str, now: datetime) -> Brief:
    """Write the row of the run that answers a turn, in the caller's transaction; the switch was asked in it."""
    context = _context(turn, facts, state, now, None)
    return Brief(facts=facts, state=state, run=open_run(REALTIME_CHAT, context, trigger=TRIGGER))


async def answer(turn: Turn, *, brief: Brief, now: datetime, say: Say, unit: Unit = db) -> Reply:
    """Let Cathy answer a turn; `say` gets each checked piece as it comes.

    Raises InputBlockedError and the categories of `cathy.engine.stream_reply`; then nothing was stored.
    """
    notes = TurnNotes(turn, locale=turn.locale)
    memory = TurnMemory(turn)
    first_text: datetime | None = None
    started = perf_counter()
    final: Final | None = None
    async for event in stream_reply(
        REALTIME_CHAT,
        text=turn.text,
        context=_context(turn, brief.facts, brief.state, now, notes),
        session=memory,
        trigger=TRIGGER,
        opened=brief.run,
        unit=unit,
    ):
        if isinstance(event, TextDelta):
            first_text = first_text or _later(now, started)
            await say(event.text)
        elif isinstance(event, Final):
            final = event
        else:
            notes.tools.append(event.name)
    assert final is not None  # noqa: S101  the stream ends with it or raises
    return _reply(notes, memory, final, first_text=first_text, done=_later(now, started))


def _context(turn: Turn, facts: dict[str, Any], state: str, now: datetime, notes: TurnNotes | None) -> Context:
    return Context(
        now=now,
        locale=turn.locale,
        visitor_id=turn.visitor_id,
        conversation_id=turn.conversation_id,
        application_id=turn.application_id,
        state=state,
        facts=facts,
        extra=notes,
    )


def _later(start: datetime, started: float) -> datetime:
    return start + timedelta(seconds=perf_counter() - started)


def _reply(notes: TurnNotes, memory: TurnMemory, final: Final, *, first_text: datetime | None, done: datetime) -> Reply:
    turn = notes.turn
    missed_again = notes.missed and turn.misunderstandings + 1 >= MISSES
    return Reply(
        text=final.text,
        run_id=final.run_id,
        items=memory.added,
        cards=notes.cards,
        hand_off=notes.hand_off or ("not_understood_twice" if missed_again else ""),
        missed=notes.missed,
        first_text_ms=_since(turn.asked_at, first_text) if first_text else None,
        reply_ms=_since(turn.asked_at, done),
        tools=notes.tools,
        rules=final.rules,
        close=final.close,
    )


def _since(asked: datetime, moment: datetime) -> int:
    """Milliseconds that the customer waited, from the arrival of the message."""
    return max(round((moment - asked).total_seconds() * 1000), 0)
