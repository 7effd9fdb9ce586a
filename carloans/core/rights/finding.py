"""From an address, a number or a browser to everything that is about one person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from carloans.core.contacts.emails import plain_email
from carloans.core.contacts.phones import plain_phone
from carloans.core.models import ErasureKey
from carloans.core.privacy.index import blind_index
from carloans.core.rights import rooms
from carloans.core.rights.declare import Person

_IDS = {"visitors", "applications", "conversations", "leads"}


def find(*, now: datetime, email: str = "", phone: str = "") -> Person:
    """Everybody with this address or number, over all sites, as one person. For staff who have checked who asks.

    Nobody is `Person.known == False`, which is no error: an address may be suppressed without any other row.
    """
    emails = [blind_index("email", plain_email(email))] if email else []
    phones = [blind_index("phone", plain_phone(phone))] if phone else []
    return resolve(_with_past(Person().having(emails=emails, phones=phones)), now=now)


def find_visitor(*, visitor_id: UUID, now: datetime, alone: bool = False) -> Person:
    """A visitor, and the same site's other rows with their address; with `alone` this row and nothing else.

    Show (`export`) with `alone` unless whoever asks has proved that the address is theirs; stop and erase without.
    """
    return resolve(Person(visitors=(visitor_id,), alone=alone), now=now)


def is_on_file(person: Person) -> bool:
    """Whether any table holds a row about them."""
    return any(table.rows(person).exists() for module in rooms.modules() for table in rooms.tables(module))


def resolve(person: Person, *, now: datetime) -> Person:
    """Ask every room, bottom to top, what it knows the person by."""
    for module in rooms.modules():
        if hasattr(module, "resolve"):
            person = module.resolve(person, now=now)
    return person


def _with_past(person: Person) -> Person:
    """Rows that an earlier erasure stripped of the address are still this person's."""
    indexes = [*person.emails, *person.phones]
    past = ErasureKey.objects.filter(kind__in=["emails", "phones"], value__in=indexes).values("erasure")
    rows = ErasureKey.objects.filter(erasure__in=past, kind="visitors").values_list("value", flat=True)
    return person.having(visitors=[UUID(value) for value in rows])


def person_of(keys: list[tuple[str, str]], *, now: datetime) -> Person:
    """The person of a recorded erasure, and what has been written about them since."""
    person = Person(alone=True)
    for kind, value in keys:
        person = person.having(**{kind: [UUID(value) if kind in _IDS else value]})
    return resolve(person, now=now)
