"""What a check can end in and the only words in which it may be told.

A provider's status is a fact about the pull. From it follows one of three outcomes, and from both a phrase: the
key of a hand-written sentence. Nothing here says no to a customer: an adverse decision is the creditor's to make
and to tell in writing (12 CFR 1002.9), so a check without an offer goes to a person.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

#: The permissible purpose (15 USC 1681b(a)(2), written instructions). One consent, one purpose, this one.
PURPOSE: Final = "prequalification for auto credit"


class Status(models.TextChoices):
    """Where the provider's part stands."""

    CREATED = "created", _("Created")
    OPENED = "opened", _("Opened")
    OTP_VERIFIED = "otp_verified", _("Phone verified")
    IDENTITY_UNCONFIRMED = "identity_unconfirmed", _("Identity unconfirmed")
    PULLED = "pulled", _("Pulled")
    NO_HIT = "no_hit", _("No file found")
    FROZEN = "frozen", _("File frozen")
    LOCKED = "locked", _("File locked")
    THIN_FILE = "thin_file", _("Thin file")
    DECLINED_CONSENT = "declined_consent", _("Consent withdrawn")
    EXPIRED = "expired", _("Expired")
    ERROR = "error", _("Error")


class Outcome(models.TextChoices):
    """What follows for the customer."""

    PREQUALIFIED = "prequalified", _("Prequalified")
    NEEDS_PERSON = "needs_person", _("A person takes over")
    UNAVAILABLE = "unavailable", _("Not available now")


class Phrase(models.TextChoices):
    """Keys of the sentences that a customer may be told; nothing else is ever said about a check."""

    PREQUALIFIED = "prequalified"
    NEEDS_PERSON = "needs_person"
    NO_FILE = "no_file"
    TRY_LATER = "try_later"
    IDENTITY_UNCONFIRMED = "identity_unconfirmed"
    FILE_LOCKED = "file_locked"


NEXT_STEPS: Final = {Outcome.PREQUALIFIED: "dealer", Outcome.NEEDS_PERSON: "person", Outcome.UNAVAILABLE: "retry"}

#: Phrases that are true for a status; the first is said when no agent chose one.
_PERSON_PHRASES: Final = {
    Status.PULLED: (Phrase.NEEDS_PERSON,),
    Status.NO_HIT: (Phrase.NO_FILE, Phrase.NEEDS_PERSON),
    Status.THIN_FILE: (Phrase.NO_FILE, Phrase.NEEDS_PERSON),
    Status.FROZEN: (Phrase.FILE_LOCKED, Phrase.NEEDS_PERSON),
    Status.LOCKED: (Phrase.FILE_LOCKED, Phrase.NEEDS_PERSON),
    Status.IDENTITY_UNCONFIRMED: (Phrase.IDENTITY_UNCONFIRMED, Phrase.NEEDS_PERSON),
}

#: Statuses after which nothing more comes from the provider.
FINAL: Final = frozenset({*_PERSON_PHRASES, Status.DECLINED_CONSENT, Status.EXPIRED, Status.ERROR})


def outcome_of(status: str, *, offers: bool) -> Outcome:
    """The outcome of a final status. A fault of the provider is never an adverse one."""
    if status == Status.PULLED and offers:
        return Outcome.PREQUALIFIED
    return Outcome.NEEDS_PERSON if status in _PERSON_PHRASES else Outcome.UNAVAILABLE


def allowed_phrases(status: str, outcome: str) -> tuple[str, ...]:
    """The phrases that are true for this status and outcome, the default one first."""
    if outcome == Outcome.PREQUALIFIED:
        return (Phrase.PREQUALIFIED,)
    if outcome == Outcome.NEEDS_PERSON:
        return _PERSON_PHRASES.get(Status(status), (Phrase.NEEDS_PERSON,))
    return (Phrase.TRY_LATER,)


def sentence(phrase: str) -> str:
    """The hand-written words of a phrase, in Spanish when that is the active language, else in English.

    Raises ValueError for an unknown phrase.
    """
    english, spanish = _SENTENCES[Phrase(phrase)]
    return spanish if (get_language() or "").startswith("es") else english


_SENTENCES: Final = {
    Phrase.PREQUALIFIED: (
        "Good news: you prequalified. This is a first look and not a final approval; the dealer will go over the next"
        " steps with you.",
        "Buenas noticias: precalificó. Es una primera revisión y no una aprobación final; el concesionario verá con"
        " usted los próximos pasos.",
    ),
    Phrase.NEEDS_PERSON: (
        "Thank you. The next step is a conversation with one of our people, who will look at your options with you.",
        "Gracias. El próximo paso es una conversación con una persona de nuestro equipo, que revisará sus opciones con"
        " usted.",
    ),
    Phrase.NO_FILE: (
        "The credit bureau did not have enough information under these details. One of our people will look at it"
        " with you and find the way forward.",
        "La agencia de crédito no tenía suficiente información con estos datos. Una persona de nuestro equipo lo"
        " revisará con usted y buscará el camino a seguir.",
    ),
    Phrase.TRY_LATER: (
        "The credit check is not available at the moment. Nothing was decided about you; please try again later, or"
        " ask for one of our people.",
        "La consulta de crédito no está disponible en este momento. No se decidió nada sobre usted; inténtelo más"
        " tarde o pida hablar con una persona de nuestro equipo.",
    ),
    Phrase.IDENTITY_UNCONFIRMED: (
        "We could not confirm these details with the credit bureau. One of our people will gladly go over them with"
        " you.",
        "No pudimos confirmar estos datos con la agencia de crédito. Una persona de nuestro equipo los revisará con"
        " gusto con usted.",
    ),
    Phrase.FILE_LOCKED: (
        "Your file shows a security freeze. One of our people can explain how to lift it for a soft check.",
        "Su expediente de crédito está bloqueado o congelado, lo cual lo protege. Una persona de nuestro equipo puede"
        " explicarle cómo levantarlo para una consulta suave.",
    ),
}
