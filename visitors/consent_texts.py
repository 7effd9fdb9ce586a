"""The texts that people agree to, word for word, in every edition that was ever shown.

A consent row keeps a text's version and SHA-256, so an edition is never edited: a change of wording is a new edition
beside the old one. Names (company, dealers) are filled in before hashing: the hash is of what the person read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from carloans.core.errors import Bug

PRIVACY_NOTICE, MARKETING_EMAIL = "privacy_notice", "marketing_email"
DEALER_CONTACT, SOFT_PULL = "dealer_contact", "soft_pull"
KINDS = (PRIVACY_NOTICE, MARKETING_EMAIL, DEALER_CONTACT, SOFT_PULL)
LOCALES = ("en", "es")
#: The edition that is shown today, by kind.
CURRENT = {PRIVACY_NOTICE: "2026-11", MARKETING_EMAIL: "2026-11", DEALER_CONTACT: "2026-11", SOFT_PULL: "2026-11"}


class UnknownConsentText(Bug):
    code = "unknown_consent_text"
    message = "There is no such consent text."


@dataclass(frozen=True)
class ConsentText:
    """A text as somebody reads it: `version` is "<kind>.<locale>.<edition>", blank lines part the body's paragraphs."""

    kind: str
    locale: str
    version: str
    body: str
    sha256: str

    @property
    def paragraphs(self) -> list[str]:
        return self.body.split("\n\n")


_TEXTS: dict[tuple[str, str, str], str] = {
    (PRIVACY_NOTICE, "en", "2026-11"): (
        "When you press “Save my progress” or “Submit application”, {company} stores your contact details and what you "
        "entered, so that you can continue later on any device. Nothing that you type is stored before you press.\n\n"
        "We keep these details encrypted and share them with a dealer or lender only if you agree to that separately. "
        "You can ask us to show, correct or delete them at any time, for example in the chat."
    ),
    (PRIVACY_NOTICE, "es", "2026-11"): (
        "Cuando pulsa «Guardar mi progreso» o «Enviar solicitud», {company} guarda sus datos de contacto y lo que ha "
        "escrito, para que pueda continuar más tarde en cualquier dispositivo. Nada de lo que escribe se guarda antes "
        "de pulsar.\n\n"
        "Guardamos estos datos cifrados y solo los compartimos con un concesionario o prestamista si usted lo acepta "
        "por separado. Puede pedirnos en cualquier momento que se los mostremos, corrijamos o borremos, por ejemplo en "
        "el chat."
    ),
    (MARKETING_EMAIL, "en", "2026-11"): (
        "Yes, {company} may e-mail me about finishing this application. The messages are written by Cathy, an AI "
        "assistant. I can stop them at any time with one click."
    ),
    (MARKETING_EMAIL, "es", "2026-11"): (
        "Sí, {company} puede enviarme correos electrónicos para que termine esta solicitud. Los mensajes los escribe "
        "Cathy, una asistente de inteligencia artificial. Puedo detenerlos en cualquier momento con un clic."
    ),
    (DEALER_CONTACT, "en", "2026-11"): (
        "I agree that {company} may share my request and contact details with {dealers}, and that {dealers} may call "
        "me, text me and e-mail me about it at the number and address that I gave, also with automated dialing "
        "technology and prerecorded or artificial voices.\n\n"
        "My agreement is not a condition of buying anything or of getting credit. Message and data rates may apply. "
        "I can take it back at any time, for example by writing “stop” here or by replying STOP."
    ),
    (DEALER_CONTACT, "es", "2026-11"): (
        "Acepto que {company} comparta mi solicitud y mis datos de contacto con {dealers}, y que {dealers} me llame, "
        "me envíe mensajes de texto y correos electrónicos sobre ella al número y la dirección que di, también con "
        "tecnología de marcación automática y voces pregrabadas o artificiales.\n\n"
        "Mi acuerdo no es condición para comprar nada ni para obtener crédito. Pueden aplicarse tarifas de mensajes y "
        "datos. Puedo retirarlo en cualquier momento, por ejemplo escribiendo «stop» aquí o respondiendo STOP."
    ),
    (SOFT_PULL, "en", "2026-11"): (
        "By pressing “I agree”, I give {company} my written instructions under the Fair Credit Reporting Act to obtain "
        "information from my credit file at a consumer reporting agency, solely for prequalification for auto "
        "credit.\n\n"
        "This is a soft inquiry: it does not affect my credit score, and other lenders do not see it. It is not an "
        "application for credit and not an approval. A lender may run a hard inquiry later, and only if I apply "
        "there.\n\n"
        "I agree to receive this text electronically. I can print or save this page, ask for a paper copy free of "
        "charge, and decline without any disadvantage. To read and keep it I need a device with a current web browser."
    ),
    (SOFT_PULL, "es", "2026-11"): (
        "Al pulsar «Acepto», doy a {company} mis instrucciones por escrito, conforme a la ley federal Fair Credit "
        "Reporting Act, para obtener información de mi expediente en una agencia de informes de crédito, únicamente "
        "para la precalificación de un crédito automotriz.\n\n"
        "Es una consulta suave: no afecta mi puntaje de crédito y otros prestamistas no la ven. No es una solicitud de "
        "crédito ni una aprobación. Un prestamista puede hacer una consulta formal más tarde, y solo si la solicito "
        "allí.\n\n"
        "Acepto recibir este texto en formato electrónico. Puedo imprimir o guardar esta página, pedir una copia en "
        "papel sin costo y negarme sin ninguna desventaja. Para leerlo y guardarlo necesito un dispositivo con un "
        "navegador web actual."
    ),
}


def text(kind: str, locale: str, *, edition: str | None = None, **names: str) -> ConsentText:
    """A text with its names filled in: `company` for every kind, `dealers` for dealer_contact too.

    An unknown locale reads English. Raises UnknownConsentText for a kind or edition that never existed or a name that
    is missing: a text with a gap must not be shown.
    """
    shown = locale[:2] if locale[:2] in LOCALES else "en"
    wanted = edition or CURRENT.get(kind, "")
    template = _TEXTS.get((kind, shown, wanted))
    if template is None:
        raise UnknownConsentText
    try:
        body = template.format(**names)
    except KeyError as error:
        raise UnknownConsentText(f"The text {kind} needs the name {error}.") from error
    return ConsentText(kind, shown, version_of(kind, shown, wanted), body, hashlib.sha256(body.encode()).hexdigest())


def version_of(kind: str, locale: str, edition: str) -> str:
    return f"{kind}.{locale}.{edition}"


def find(version: str) -> tuple[str, str, str] | None:
    """The (kind, locale, edition) that a version names, None when no such text was ever shown."""
    kind, _, rest = version.partition(".")
    locale, _, edition = rest.partition(".")
    return (kind, locale, edition) if (kind, locale, edition) in _TEXTS else None


def and_list(names: list[str], locale: str = "en") -> str:
    """Return "A, B and C", for the dealers that a text names."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {'y' if locale.startswith('es') else 'and'} {names[-1]}"
