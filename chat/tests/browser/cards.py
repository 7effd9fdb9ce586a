"""Cards as docs/chat-socket.md describes them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

Card = dict[str, Any]
PARAGRAPHS = ["You give written instructions to obtain your credit profile.", "It is used solely to prequalify you."]
DEALER_TEXT = "I agree that Northside Auto Group may contact me by phone or e-mail about a car loan."


def card(kind: str, *, title: str, **more: Any) -> Card:
    return {"type": "card", "id": str(uuid4()), "kind": kind, "state": "open", "title": title, "body": []} | more


def buttons(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"action": action, "label": label} for action, label in pairs]


def contact_form() -> Card:
    fields = [
        {"name": "phone", "type": "tel", "label": "Phone", "required": True, "autocomplete": "tel"},
        {"name": "email", "type": "email", "label": "E-mail", "required": False, "autocomplete": "email"},
        # A server that ticks the box by mistake must not get its way.
        {"name": "dealer_contact", "type": "checkbox", "label": DEALER_TEXT, "required": False, "value": True},
    ]
    actions = buttons(("submit", "Send"), ("decline", "Not now"))
    return card("contact_form", title="How can we reach you?", fields=fields, actions=actions)


def credit_consent() -> Card:
    consent = {"title": "Soft credit check", "paragraphs": PARAGRAPHS, "version": "v1", "sha256": "ab" * 32}
    actions = buttons(("agree", "I agree"), ("decline", "No, thank you"))
    return card("credit_consent", title="Soft credit check", consent=consent, actions=actions)


def callback() -> Card:
    options = [{"value": "morning", "label": "Morning"}, {"value": "evening", "label": "Early evening"}]
    field = {"name": "when", "type": "choice", "label": "Best time", "required": True, "options": options}
    actions = buttons(("submit", "Send"), ("decline", "Not now"))
    return card("callback", title="Shall we call you?", fields=[field], actions=actions)


def rating() -> Card:
    options: list[dict[str, str]] = [{"value": str(score), "label": str(score)} for score in range(1, 6)]
    options[0]["hint"], options[-1]["hint"] = "Not helpful", "Very helpful"
    field = {"name": "score", "type": "choice", "label": "Your rating", "required": True, "options": options}
    actions = buttons(("submit", "Send"), ("decline", "Not now"))
    return card("rating", title="How was this chat?", fields=[field], actions=actions)


def notice(kind: str, title: str, sentence: str) -> Card:
    """A card without buttons: credit_result or privacy."""
    return card(kind, title=title, body=[sentence], tone="good", actions=[])


def settled(open_card: Card, choice: str) -> Card:
    return {**open_card, "state": "settled", "choice": choice, "actions": []}
