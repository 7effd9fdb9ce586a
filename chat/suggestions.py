"""What a customer may want to say next, as buttons under Cathy's newest message. By rule, never by a model.

Few on purpose: at the greeting, beside a form that raises questions, and after a result. Nothing is suggested while a
person answers, and no button ever agrees to anything. A test has Cathy understand each of them.
"""

from __future__ import annotations

from typing import Final

from cathy import persona

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "continue": ("Continue my application", "Continuar mi solicitud"),
    "process": ("How does this work?", "¿Cómo funciona esto?"),
    "check": ("How does the soft credit check work?", "¿Cómo funciona la consulta de crédito suave?"),
    "score": ("Does it affect my credit score?", "¿Afecta mi puntaje de crédito?"),
    "data": ("What do you do with my data?", "¿Qué hacen con mis datos?"),
    "next": ("What happens next?", "¿Qué sigue en el proceso?"),
    "person": ("I'd like to talk to a person", "Quiero hablar con una persona"),
}

#: By the kind of card under the message.
_BY_CARD: Final[dict[str, tuple[str, ...]]] = {
    "contact_form": ("data", "person"),
    "credit_consent": ("score", "person"),
    "credit_result": ("next", "person"),
}


def under_greeting(*, locale: str, has_application: bool) -> tuple[str, ...]:
    """For somebody who has not said anything yet."""
    return _say(("continue" if has_application else "process", "check", "person"), locale)


def under_card(*, locale: str, kind: str) -> tuple[str, ...]:
    """Beside a card of this kind; nothing for most."""
    return _say(_BY_CARD.get(kind, ()), locale)


def keys() -> list[str]:
    """Every suggestion, for the tests that read all of them."""
    return list(_TEXTS)


def text(key: str, locale: str) -> str:
    """One suggestion in the conversation's language. Raises KeyError for an unknown key."""
    english, spanish = _TEXTS[key]
    return spanish if persona.language(locale) == "es" else english


def _say(wanted: tuple[str, ...], locale: str) -> tuple[str, ...]:
    return tuple(text(key, locale) for key in wanted)
