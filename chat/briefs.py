"""What a person who takes over should know at a glance, read from rows: facts, and a summary of a few sentences.

Facts say whether things are there and never what they are; the customer's last words carry placeholders.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from chat import selectors
from chat.models import Conversation, Message

_LAST_WORDS: Final = 300
_REASONS: Final = {
    "asked": "Asked for a person.",
    "complaint": "Has a complaint.",
    "upset": "Is upset.",
    "distress": "Seems to be in distress.",
    "legal": "Spoke of legal steps.",
    "privacy": "Wants something done about their data.",
    "cannot_help": "Cathy could not help.",
    "not_understood": "Cathy did not understand.",
    "not_understood_twice": "Cathy did not understand twice in a row.",
    "credit_needs_person": "The credit check needs a person.",
    "follow_up": "Wrote again; we still owe them something.",
    "holder_away": "The person who had it went away.",
    "put_back": "A colleague put it back.",
    "claimed": "Taken over without a call for a person.",
    "turn_kept_dying": "Cathy's answer failed several times.",
}
_CREDIT: Final = {
    "none": "No credit check yet.",
    "running": "A credit check is under way.",
    "prequalified": "Prequalified.",
    "needs_person": "The credit check needs a person; nobody told them anything about it.",
}


def facts_of(conversation: Conversation, *, reason: str, now: datetime) -> dict[str, Any]:
    """What rows say at this moment; safe to store and to show, because nothing in it is contact data."""
    known, state = selectors.facts(conversation, now=now)
    asked = conversation.messages.filter(role=Message.Role.CUSTOMER).order_by("-seq")
    last = asked.values_list("text", flat=True).first() or ""
    return {
        "reason": reason,
        "state": state or "",
        "locale": conversation.locale,
        "messages": conversation.last_seq,
        "asked": asked.count(),
        "last_words": last[:_LAST_WORDS],
        **{name: known[name] for name in ("contact", "application", "credit", "dealer_contact_agreed", "open_cards")},
    }


def summary(facts: dict[str, Any]) -> str:
    """The facts in a few sentences."""
    return " ".join(_sentences(facts))


def _sentences(facts: dict[str, Any]) -> Iterator[str]:
    yield why(facts["reason"])
    yield from _application(facts["application"])
    on_file = [name for name in ("phone", "email", "name") if facts["contact"][name]]
    yield f"On file: {', '.join(on_file).replace('email', 'e-mail')}." if on_file else "No contact data on file."
    yield _CREDIT.get(facts["credit"], "")
    yield "May be called by a dealer." if facts["dealer_contact_agreed"] else "No consent to contact by dealers."
    if facts["locale"].startswith("es"):
        yield "Writes in Spanish."


def why(reason: str) -> str:
    """The reason of a hand-off as a sentence."""
    if reason.startswith("callback_wanted"):
        return f"Wants to be called: {reason.partition(': ')[2]}."
    return _REASONS.get(reason, f"Cathy could not answer ({reason}).")


def _application(found: dict[str, Any] | None) -> Iterator[str]:
    if not found:
        yield "No application."
        return
    vehicle = " ".join(str(part) for part in (found["vehicle"] or {}).values() if part)
    about = f" for a {vehicle}" if vehicle else ""
    yield f"Application{about}: step {found['step_reached']} of 5, {found['status']}."
