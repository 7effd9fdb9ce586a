"""The words of our notice of incompleteness (12 CFR 1002.9(c)(2)), in English and Spanish.

A formal notice: in writing, what is missing, a day by which, and what follows without it. It is signed by the company
and by nobody else, advertises nothing and names no term of credit. `render` puts the name in; nothing here keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """One language."""

    subject: str
    greeting: str
    greeting_unnamed: str
    received: str
    missing: str
    until: str
    otherwise: str
    how: str
    closing: str
    months: tuple[str, ...]
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a notice says about one application. `missing` holds names of `MISSING`."""

    locale: str
    name: str
    company: str
    postal_address: str
    reference: str
    received_on: date
    complete_by: date
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it leaves."""

    subject: str
    text: str

    @property
    def sha256(self) -> str:
        """The hash by which its text is proven, in lower-case hex."""
        return text_hash(self.text)


WORDS: Final = MappingProxyType(
    {
        "en": Words(
            subject="Notice of incomplete application {reference}",
            greeting="Dear {name},",
            greeting_unnamed="Dear applicant,",
            received="On {received} we received your application for credit, reference {reference}. It is incomplete, "
            "and no decision on it can be made without the following information:",
            missing="- {item}",
            until="Please give us this information no later than {until}.",
            otherwise="If we do not receive it by that date, your application will be given no further consideration.",
            how="You can give it on the page where you began the application, or by letter to the address below. This "
            "mailbox only sends; please do not answer it.",
            closing="Sincerely,",
            months=("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                    "November", "December"),
            day="{month} {day}, {year}",
        ),
        "es": Words(
            subject="Aviso de solicitud incompleta {reference}",
            greeting="Estimado/a {name}:",
            greeting_unnamed="A quien presentó la solicitud:",
            received="El {received} recibimos su solicitud de crédito, referencia {reference}. Está incompleta y no se "
            "puede tomar una decisión sin la siguiente información:",
            missing="- {item}",
            until="Le pedimos que nos dé esta información a más tardar el {until}.",
            otherwise="Si no la recibimos para esa fecha, su solicitud no se seguirá considerando.",
            how="Puede darla en la página donde comenzó la solicitud o por carta a la dirección que figura abajo. Este "
            "buzón solo envía; por favor, no lo responda.",
            closing="Atentamente,",
            months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
                    "noviembre", "diciembre"),
            day="{day} de {month} de {year}",
        ),
    }
)  # fmt: skip

#: What an application may lack, by the names of `visitors.selectors.received`.
MISSING: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "en": {
            "name": "your first and last name",
            "contact": "a telephone number or an e-mail address",
            "address": "the state or the ZIP code where you live",
            "vehicle": "the vehicle that the loan is for",
            "loan_amount": "the amount that you ask for",
            "monthly_income": "your income: all sources that you want considered",
            "employer": "your employer or other source of income",
            "months_on_job": "how long you have had that employment",
            "submission": "your confirmation on the last step, by which you send the application",
        },
        "es": {
            "name": "su nombre y apellido",
            "contact": "un número de teléfono o una dirección de correo electrónico",
            "address": "el estado o el código postal donde vive",
            "vehicle": "el vehículo para el que pide el préstamo",
            "loan_amount": "la cantidad que solicita",
            "monthly_income": "sus ingresos: todas las fuentes que desea que se consideren",
            "employer": "su empleador u otra fuente de ingresos",
            "months_on_job": "desde cuándo tiene ese empleo",
            "submission": "su confirmación en el último paso, con la que envía la solicitud",
        },
    }
)


def language(locale: str) -> str:
    """The language of a notice for a locale: "es", else "en"."""
    return "es" if locale.startswith("es") else "en"


def text_hash(text: str) -> str:
    """SHA-256 of a notice's text; line ends and blanks around it do not matter."""
    return sha256("\n".join(text.strip().splitlines()).encode()).hexdigest()


def render(facts: Facts) -> Notice:
    """The notice, ready to leave. Raises KeyError for a missing fact that has no name."""
    locale = language(facts.locale)
    words, names = WORDS[locale], MISSING[locale]
    fill = {
        "reference": facts.reference,
        "received": _day(facts.received_on, words),
        "until": _day(facts.complete_by, words),
    }
    greeting = words.greeting.format(name=facts.name) if facts.name else words.greeting_unnamed
    items = "\n".join(words.missing.format(item=names[name]) for name in facts.missing)
    signature = f"{words.closing}\n{facts.company}\n{facts.postal_address}"
    body = [words.received.format(**fill), items, words.until.format(**fill), words.otherwise, words.how]
    return Notice(words.subject.format(**fill), "\n\n".join([greeting, *body, signature]) + "\n")


def _day(day: date, words: Words) -> str:
    return words.day.format(day=day.day, month=words.months[day.month - 1], year=day.year)
