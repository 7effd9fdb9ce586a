"""Showing somebody everything that is kept about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Model

from carloans.core import audit
from carloans.core.rights import rooms
from carloans.core.rights.declare import Person, Row, Section, Table

CHUNK = 500


def export(person: Person, *, actor: str, now: datetime) -> Iterator[Section]:
    """Every table that is about the person, one `Section` each, also when it is empty; written to the audit trail.

    `actor` is "system", "staff:<id>" or "visitor:<uuid>". Rows are read as they are consumed, in constant memory.
    """
    facts = {"visitors": len(person.visitors)}
    for subject in person.subjects:
        if subject.startswith(("visitor:", "address:")):
            audit.record(action="rights.exported", actor=actor, subject=subject, now=now, facts=facts)
    return export_sections(person, now=now)


def export_sections(person: Person, *, now: datetime) -> Iterator[Section]:
    """The sections alone, for callers that have recorded why they look."""
    for module in rooms.modules():
        for table in rooms.tables(module):
            rows = _rows(table, person, now)
            yield Section(room=table.room, table=table.name, title=table.title, rows=rows)


def _rows(table: Table, person: Person, now: datetime) -> Iterator[Row]:
    shown = table.prepare(person, now) if table.prepare else None
    for row in table.rows(person).iterator(chunk_size=CHUNK):
        plain = _plain(table, row)
        yield shown(plain) if shown else plain


def _plain(table: Table, row: Model) -> Row:
    """The row's columns under their names, decrypted; what is withheld says why instead of its value."""
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    values = {name: value for name, value in values.items() if name not in table.hidden}
    for name, reason in table.withheld.items():
        if values[name] not in (None, "", {}, []):
            values[name] = f"withheld: {reason}"
    return values
