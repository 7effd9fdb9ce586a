"""Cards: forms and notices inside a message, written by the server and never by a model.

`content` is what is stored with the message; `payload` is what a browser gets (docs/chat-socket.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from django.conf import settings

from cathy import persona
from visitors import selectors as visitors

Kind: TypeAlias = Literal["contact_form", "credit_consent", "credit_result", "callback", "handoff", "privacy", "rating"]
Content: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShownText:
    """A consent text exactly as it is shown; the hash is over `body`."""

    version: str
    sha256: str
    body: str


_WORDS: Final[dict[str, tuple[str, str]]] = {
    "contact_title": ("How can we reach you?", "¿Cómo podemos comunicarnos con usted?"),
    "contact_body": (
        "Your number is used for your application. We do not send text messages.",
        "Su número se usa para su solicitud. No enviamos mensajes de texto.",
    ),
    "phone": ("Phone", "Teléfono"),
    "on_file": (
        "On file: {number}. Leave this empty to keep it.",
        "Guardado: {number}. Déjelo vacío para conservarlo.",
    ),
    "email": ("E-mail", "Correo electrónico"),
    "send": ("Send", "Enviar"),
    "not_now": ("Not now", "Ahora no"),
    "consent_title": ("Soft credit check", "Consulta de crédito suave"),
    "agree": ("I agree", "Acepto"),
    "disagree": ("No, thank you", "No, gracias"),
    "result_title": ("Your prequalification", "Su precalificación"),
    "callback_title": ("Shall we call you?", "¿Le llamamos?"),
    "callback_body": (
        "Tell us when it suits you. We will do our best to fit it.",
        "Díganos cuándo le conviene. Haremos lo posible por respetarlo.",
    ),
    "when": ("Best time", "Mejor momento"),
    "morning": ("Morning", "Mañana"),
    "afternoon": ("Afternoon", "Tarde"),
    "evening": ("Early evening", "Final de la tarde"),
    "handoff_title": ("A person takes over", "Una persona continúa"),
    "handoff_body": (
        "Our team has been asked to join. You can keep writing; everything stays in this conversation.",
        "Se ha pedido a nuestro equipo que se una. Puede seguir escribiendo; todo queda en esta conversación.",
    ),
    "stay_with_cathy": ("Go on with Cathy instead", "Seguir con Cathy"),
    "privacy_title": ("Your data", "Sus datos"),
    "privacy_body": (
        "We store this conversation, what you entered in the application, and what you agreed to. Contact data is "
        "encrypted; the AI assistant never sees it.",
        "Guardamos esta conversación, lo que escribió en la solicitud y lo que aceptó. Los datos de contacto están "
        "cifrados; la asistente de IA nunca los ve.",
    ),
    "privacy_rights": (
        "On your own page you see who received it, and can withdraw, correct, download or delete it. If you would "
        "rather have a person from our team do it, just say so.",
        "En su propia página ve quién los recibió y puede retirar su acuerdo, corregirlos, descargarlos o borrarlos. "
        "Si prefiere que lo haga una persona de nuestro equipo, dígalo.",
    ),
    "privacy_link": ("Open my page", "Abrir mi página"),
    "rating_title": ("How was this chat?", "¿Qué le pareció este chat?"),
    "rating_body": (
        "One question, if you like. Your answer helps us to do better.",
        "Una sola pregunta, si quiere. Su respuesta nos ayuda a mejorar.",
    ),
    "score": ("Your rating", "Su calificación"),
    "score_1": ("Not helpful", "No me ayudó"),
    "score_5": ("Very helpful", "Me ayudó mucho"),
}


def _t(key: str, locale: str) -> str:
    english, spanish = _WORDS[key]
    return spanish if persona.language(locale) == "es" else english


def _button(action: str, key: str, locale: str) -> dict[str, str]:
    return {"action": action, "label": _t(key, locale)}


def words() -> list[tuple[str, str]]:
    """Every text of the cards, for the tests that read all of it."""
    return list(_WORDS.values())


def contact_form(
    *, locale: str, dealer_contact: ShownText | None, dealers: str, buyers: list[str], phone_on_file: str = ""
) -> Content:
    """Phone, optional e-mail, and an unticked box whose text names the dealers (absent when there is none to name).

    `phone_on_file` is the number we have, masked; then the field may stay empty.
    """
    phone: dict[str, Any] = {"name": "phone", "type": "tel", "label": _t("phone", locale), "autocomplete": "tel"}
    phone["required"] = not phone_on_file
    if phone_on_file:
        phone["help"] = _t("on_file", locale).format(number=phone_on_file)
    fields: list[dict[str, Any]] = [
        phone,
        {"name": "email", "type": "email", "label": _t("email", locale), "required": False, "autocomplete": "email"},
    ]
    if dealer_contact:
        fields.append(
            {
                "name": "dealer_contact",
                "type": "checkbox",
                "label": dealer_contact.body,
                "required": False,
                "version": dealer_contact.version,
                "sha256": dealer_contact.sha256,
            }
        )
    return {
        "kind": "contact_form",
        "title": _t("contact_title", locale),
        "body": [_t("contact_body", locale)],
        "fields": fields,
        "actions": [_button("submit", "send", locale), _button("decline", "not_now", locale)],
        "dealers": dealers,
        "buyers": buyers,
        "locale": locale,
    }


def credit_consent(*, locale: str, shown: ShownText) -> Content:
    """The whole instruction, directly above its buttons; nothing else on the card."""
    return {
        "kind": "credit_consent",
        "title": _t("consent_title", locale),
        "body": [],
        "consent": {
            "title": _t("consent_title", locale),
            "paragraphs": [part.strip() for part in shown.body.split("\n\n") if part.strip()],
            "version": shown.version,
            "sha256": shown.sha256,
            "locale": locale,
        },
        "actions": [_button("agree", "agree", locale), _button("decline", "disagree", locale)],
        "locale": locale,
    }


def credit_result(*, locale: str, sentence: str, good: bool) -> Content:
    """The outcome in one of the allowed sentences; no figure, no reason."""
    return {
        "kind": "credit_result",
        "title": _t("result_title", locale),
        "body": [sentence],
        "tone": "good" if good else "neutral",
        "actions": [],
        "locale": locale,
    }


def callback(*, locale: str) -> Content:
    """Times of day to choose from, no promise."""
    options = [{"value": value, "label": _t(value, locale)} for value in ("morning", "afternoon", "evening")]
    field = {"name": "when", "type": "choice", "label": _t("when", locale), "required": True, "options": options}
    return {
        "kind": "callback",
        "title": _t("callback_title", locale),
        "body": [_t("callback_body", locale)],
        "fields": [field],
        "actions": [_button("submit", "send", locale), _button("decline", "not_now", locale)],
        "locale": locale,
    }


def handoff(*, locale: str, promise: str = "") -> Content:
    """Tells that a person was asked, when somebody answers if that may be said, and lets the customer change their
    mind."""
    return {
        "kind": "handoff",
        "title": _t("handoff_title", locale),
        "body": [_t("handoff_body", locale), *([promise] if promise else [])],
        "actions": [_button("decline", "stay_with_cathy", locale)],
        "locale": locale,
    }


def privacy(*, locale: str, page: UUID | None = None) -> Content:
    """What is stored and what the customer may do. `page` is the link to their own page; its token is not stored."""
    opens = {"page": str(page), "link": {"label": _t("privacy_link", locale)}} if page else {}
    return opens | {
        "kind": "privacy",
        "title": _t("privacy_title", locale),
        "body": [_t("privacy_body", locale), _t("privacy_rights", locale)],
        "actions": [],
        "locale": locale,
    }


def rating(*, locale: str) -> Content:
    """One question about a conversation that has ended; answering is up to the customer."""
    options = [{"value": str(score), "label": str(score)} for score in range(1, 6)]
    options[0]["hint"], options[-1]["hint"] = _t("score_1", locale), _t("score_5", locale)
    field = {"name": "score", "type": "choice", "label": _t("score", locale), "required": True, "options": options}
    return {
        "kind": "rating",
        "title": _t("rating_title", locale),
        "body": [_t("rating_body", locale)],
        "fields": [field],
        "actions": [_button("submit", "send", locale), _button("decline", "not_now", locale)],
        "locale": locale,
    }


#: Parts of a stored card that are for the server alone.
_PRIVATE: Final = frozenset({"buyers", "dealers", "page"})


def payload(card_id: str, content: Content, *, state: str, choice: str) -> Content:
    """The card as a browser gets it. A card that was pressed shows its choice and has no live buttons."""
    public = {name: value for name, value in content.items() if name not in _PRIVATE}
    if page := content.get("page"):
        # Made anew for the customer's own browser each time: neither the row nor the screens of staff hold it.
        public["link"] = content["link"] | {"href": settings.PUBLIC_URL + visitors.privacy_path(link_id=UUID(page))}
    if state != "open":
        public["actions"] = []
    return {"type": "card", "id": card_id, "state": state or "settled", **public} | (
        {"choice": choice} if choice else {}
    )
