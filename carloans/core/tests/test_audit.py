"""The audit trail finds each kind of tampering, and the database refuses the ordinary kinds."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from carloans.core import appendonly, audit
from carloans.core.models import AuditEntry, AuditSealMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(now):
    for number in range(6):
        audit.record(action="lead.submitted", actor="system", subject=f"lead:{number}", now=now, facts={"n": number})
        if number % 3 == 2:
            audit.seal(now=now)


def _tamper(statement, *values):
    with appendonly.maintenance(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_whole_trail_has_no_findings(trail):
    assert list(audit.verify()) == []


@pytest.mark.parametrize("statement", ["UPDATE core_auditentry SET action = 'x'", "DELETE FROM core_auditentry"])
def test_the_database_refuses_changes_from_sql(trail, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_model_refuses_changes(trail):
    entry = AuditEntry.objects.first()
    for act in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(actor="x"),
    ):
        with pytest.raises(appendonly.AppendOnlyViolation):
            act()


def test_a_changed_entry_is_named(trail):
    entry = AuditEntry.objects.order_by("id")[1]
    _tamper("UPDATE core_auditentry SET action = %s WHERE id = %s", "lead.accepted", entry.pk)
    assert [(f.kind, f.seal, f.entry) for f in audit.verify()] == [("changed", 1, str(entry.uuid))]


def test_a_missing_entry_is_found(trail):
    entry = AuditEntry.objects.order_by("id")[4]
    _tamper("DELETE FROM core_auditsealmember WHERE entry_id = %s", entry.pk)
    _tamper("DELETE FROM core_auditentry WHERE id = %s", entry.pk)
    assert {(f.kind, f.seal) for f in audit.verify()} == {("missing", 2), ("reordered", 2)}


def test_swapped_positions_break_the_chain(trail):
    first, second = AuditSealMember.objects.filter(seal__number=1).order_by("position")[:2]
    _tamper("UPDATE core_auditsealmember SET position = 99 WHERE id = %s", first.pk)
    _tamper("UPDATE core_auditsealmember SET position = 0 WHERE id = %s", second.pk)
    _tamper("UPDATE core_auditsealmember SET position = 1 WHERE id = %s", first.pk)
    assert [(f.kind, f.seal) for f in audit.verify()] == [("broken_chain", 1)]


def test_a_removed_seal_breaks_the_chain(trail):
    _tamper("DELETE FROM core_auditsealmember WHERE seal_id = (SELECT id FROM core_auditseal WHERE number = 1)")
    _tamper("DELETE FROM core_auditseal WHERE number = 1")
    assert ("broken_chain", 2) in {(f.kind, f.seal) for f in audit.verify()}


def test_sealing_twice_seals_once(trail, now):
    assert audit.seal(now=now) == 0
