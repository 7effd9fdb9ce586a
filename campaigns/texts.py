"""Words of our mails that no model writes: the frame around a draft, and the drafts to fall back on.

English and Spanish side by side, so that a reader sees both. Every sentence here passes the claim linter
(`campaigns/tests/test_texts.py`). Placeholders: {first_name}, {company}, {vehicle}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LOCALES = ("en", "es")
ASSISTANT_NAME = "Cathy"


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the paragraphs of a mail in one language."""

    label: str
    badge: str
    greeting: str
    greeting_unnamed: str
    link_note: str
    link_note_privacy: str
    link_note_transcript: str
    link_fallback: str
    ai_note: str
    why: str
    why_requested: str
    why_privacy: str
    why_transcript: str
    unsubscribe: str
    unsubscribe_note: str
    privacy: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Subject, preview line, paragraphs and button of one mail, with placeholders."""

    subject: str
    preheader: str
    paragraphs: tuple[str, ...]
    call_to_action: str


FRAMES = {
    "en": Frame(
        label="AI assistant of {company}",
        badge="AI assistant",
        greeting="Hi {first_name},",
        greeting_unnamed="Hello,",
        link_note="This private link opens your saved application. For your security it works for 24 hours; "
        "after that, the same page sends you a fresh one.",
        link_note_privacy="This private link works once, for 30 minutes. It shows us that this mailbox is yours.",
        link_note_transcript="This private link opens your own page about your data.",
        link_fallback="If the button does not work, copy this address into your browser:",
        ai_note="I am an AI assistant, not a person. You can ask for a person in the chat at any time.",
        why="Advertisement. You receive it because you saved an application with {company} and asked for "
        "e-mails about it.",
        why_requested="You receive this because a new link was asked for on the page of an earlier e-mail.",
        why_privacy="You receive this because somebody asked for it on the page about your data. It is not "
        "advertisement.",
        why_transcript="You receive this because you asked our team for a copy of your conversation. It is not "
        "advertisement.",
        unsubscribe="Unsubscribe",
        unsubscribe_note="One press, no sign-in, and we stop writing to this address.",
        privacy="Your data and choices",
    ),
    "es": Frame(
        label="asistente de IA de {company}",
        badge="Asistente de IA",
        greeting="Hola, {first_name}:",
        greeting_unnamed="Hola:",
        link_note="Este enlace privado abre la solicitud que guardó. Por su seguridad funciona durante 24 horas; "
        "después, la misma página le envía uno nuevo.",
        link_note_privacy="Este enlace privado funciona una sola vez, durante 30 minutos. Nos muestra que este buzón "
        "es suyo.",
        link_note_transcript="Este enlace privado abre su propia página sobre sus datos.",
        link_fallback="Si el botón no funciona, copie esta dirección en su navegador:",
        ai_note="Soy una asistente de IA, no una persona. En el chat puede pedir una persona en cualquier momento.",
        why="Publicidad. Recibe este correo porque guardó una solicitud en {company} y pidió recibir "
        "correos sobre ella.",
        why_requested="Recibe este correo porque se pidió un enlace nuevo en la página de un correo anterior.",
        why_privacy="Recibe este correo porque alguien lo pidió en la página sobre sus datos. No es publicidad.",
        why_transcript="Recibe este correo porque pidió a nuestro equipo una copia de su conversación. No es "
        "publicidad.",
        unsubscribe="Cancelar la suscripción",
        unsubscribe_note="Un solo clic, sin iniciar sesión, y dejamos de escribir a esta dirección.",
        privacy="Sus datos y opciones",
    ),
}

#: Fall-back drafts by language and place in the journey (1 to 3).
JOURNEY = {
    "en": (
        Copy(
            "Your application is saved, {first_name}",
            "Pick it up at your last step; nothing to type twice.",
            (
                "You started a car loan application with {company}, and everything that you saved for {vehicle} "
                "is still there. You can go on from your last step.",
                "If a question on the form made you pause, ask me in the chat. I can explain what each step is for, "
                "and a person from the team can take over whenever you like.",
            ),
            "Continue my application",
        ),
        Copy(
            "Any questions about your application, {first_name}?",
            "Ask in the chat, or go on from your last step.",
            (
                "Your saved application with {company} is here whenever it suits you.",
                "In the chat you can ask what a step means or what to have at hand. If you wish, you can also see "
                "if you prequalify: that is a soft inquiry, which does not affect your credit score. A lender may "
                "run a hard inquiry later if you apply.",
            ),
            "Open my application",
        ),
        Copy(
            "One last note about your application",
            "If your plans changed, there is nothing to do.",
            (
                "This is the last e-mail about the application that you saved with {company}. If your plans "
                "changed, there is nothing to do.",
                "If you would still like to go on, the button below opens it at your last step, and I am in "
                "the chat to help.",
            ),
            "Continue my application",
        ),
    ),
    "es": (
        Copy(
            "Su solicitud está guardada, {first_name}",
            "Continúe donde se quedó, sin volver a escribir nada.",
            (
                "Usted empezó una solicitud de préstamo de auto en {company}, y todo lo que guardó para {vehicle} "
                "sigue ahí. Puede continuar donde se quedó.",
                "Si alguna pregunta del formulario le hizo detenerse, pregúnteme en el chat. Puedo explicarle para "
                "qué sirve cada paso, y una persona del equipo puede atenderle cuando usted quiera.",
            ),
            "Continuar mi solicitud",
        ),
        Copy(
            "¿Tiene preguntas sobre su solicitud, {first_name}?",
            "Pregunte en el chat o continúe donde se quedó.",
            (
                "La solicitud que guardó en {company} sigue aquí para cuando le convenga.",
                "En el chat puede preguntar qué significa un paso o qué conviene tener a mano. Si lo desea, también "
                "puede ver si precalifica: eso usa una consulta suave, que no cambia su puntaje de crédito. Un "
                "prestamista puede hacer una consulta completa más adelante si usted presenta la solicitud.",
            ),
            "Abrir mi solicitud",
        ),
        Copy(
            "Una última nota sobre su solicitud",
            "Si sus planes cambiaron, no tiene que hacer nada.",
            (
                "Este es el último correo sobre la solicitud que guardó en {company}. Si sus planes cambiaron, no "
                "tiene que hacer nada.",
                "Si todavía desea continuar, el botón de abajo la abre donde se quedó, y yo estoy en el chat para "
                "ayudarle.",
            ),
            "Continuar donde me quedé",
        ),
    ),
}

FRESH_LINK = {
    "en": Copy(
        "The new link that you asked for",
        "It opens your saved application.",
        (
            "Here is a new link to the application that you saved with {company}.",
            "If you did not ask for it, there is nothing to do: only someone who reads your mail can use it.",
        ),
        "Open my application",
    ),
    "es": Copy(
        "El enlace nuevo que pidió",
        "Abre la solicitud que guardó.",
        (
            "Aquí tiene un enlace nuevo a la solicitud que guardó en {company}.",
            "Si usted no lo pidió, no tiene que hacer nada: solo quien lee su correo puede usarlo.",
        ),
        "Abrir mi solicitud",
    ),
}

#: The mail that proves an address, so that the privacy page may show what is stored.
PRIVACY = {
    "en": Copy(
        "Please confirm that it is you",
        "Then your page shows what we have stored.",
        (
            "On the page about your data with {company}, somebody asked to see everything that is stored, to correct "
            "it, download it or delete it. Before we do, please confirm with the button that this is your mailbox.",
            "If it was not you, there is nothing to do: without this link nobody can see or change anything.",
        ),
        "Yes, this is me",
    ),
    "es": Copy(
        "Confirme que es usted",
        "Después, su página muestra lo que guardamos.",
        (
            "En la página sobre sus datos en {company}, alguien pidió ver todo lo que está guardado, corregirlo, "
            "descargarlo o borrarlo. Antes de mostrarlo, confirme con el botón que este buzón es suyo.",
            "Si no fue usted, no tiene que hacer nada: sin este enlace nadie puede ver ni cambiar nada.",
        ),
        "Sí, soy yo",
    ),
}

#: Around the lines of a conversation: the words before them.
TRANSCRIPT = {
    "en": Copy(
        "A copy of your conversation",
        "As you asked: what was said in the chat.",
        ("Here is the copy of your conversation with {company} that you asked for. Contact data is left out of it.",),
        "Your data and choices",
    ),
    "es": Copy(
        "Una copia de su conversación",
        "Como pidió: lo que se dijo en el chat.",
        ("Aquí tiene la copia de su conversación con {company} que pidió. No incluye datos de contacto.",),
        "Sus datos y opciones",
    ),
}

#: The vehicle in a sentence: (when it is known, when it is not).
_VEHICLE = {"en": ("the {year} {make} {model}", "your car"), "es": ("el {make} {model} {year}", "su auto")}


def language(locale: str) -> str:
    """The language of ours that serves a locale such as "es-MX"; English when we have none."""
    short = locale.replace("_", "-").split("-")[0].lower()
    return short if short in LOCALES else "en"


def fallback_copy(*, locale: str, number: int, vehicle: Mapping[str, Any]) -> Copy:
    """The hand-written mail of this place in the journey; `vehicle` has year, make and model, or is empty."""
    lang = language(locale)
    copies = JOURNEY[lang]
    copy = copies[min(max(number, 1), len(copies)) - 1]
    known, unknown = _VEHICLE[lang]
    named = known.format_map(vehicle) if all(vehicle.get(key) for key in ("year", "make", "model")) else unknown
    paragraphs = tuple(text.replace("{vehicle}", named) for text in copy.paragraphs)
    return Copy(copy.subject, copy.preheader, paragraphs, copy.call_to_action)


def fresh_link_copy(*, locale: str) -> Copy:
    """The mail that answers a visitor's own request for a new link."""
    return FRESH_LINK[language(locale)]


def privacy_copy(*, locale: str) -> Copy:
    """The mail that proves an address for the privacy page."""
    return PRIVACY[language(locale)]


def transcript_copy(*, locale: str) -> Copy:
    """What stands before the lines of a conversation that somebody asked to have by mail."""
    return TRANSCRIPT[language(locale)]


@dataclass(frozen=True, slots=True)
class OptOutPage:
    """The words of the unsubscribe page."""

    title: str
    question: str
    press: str
    note: str
    done_title: str
    done: str
    unknown_title: str
    unknown: str


OPT_OUT_PAGES = {
    "en": OptOutPage(
        title="Unsubscribe",
        question="Shall we stop writing to the address that got this e-mail?",
        press="Stop all e-mails",
        note="It takes effect immediately, needs no sign-in and costs nothing. Your saved application stays as it is.",
        done_title="You are unsubscribed",
        done="We will not write to this address again. There is nothing else to do; you can close this page.",
        unknown_title="This link is not complete",
        unknown="We could not read this unsubscribe link. Please open it again from the e-mail, with the whole "
        "address, or tell Cathy in the chat to stop the e-mails: one word is enough.",
    ),
    "es": OptOutPage(
        title="Cancelar la suscripción",
        question="¿Dejamos de escribir a la dirección que recibió este correo?",
        press="No recibir más correos",
        note="Tiene efecto de inmediato, sin iniciar sesión y sin costo. La solicitud que guardó no cambia.",
        done_title="Su suscripción está cancelada",
        done="No volveremos a escribir a esta dirección. No tiene que hacer nada más; puede cerrar esta página.",
        unknown_title="Este enlace no está completo",
        unknown="No pudimos leer este enlace. Ábralo de nuevo desde el correo, con la dirección completa, o pídale a "
        "Cathy en el chat que no le escribamos más: basta una palabra.",
    ),
}
