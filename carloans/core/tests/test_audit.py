"""The audit trail finds each kind of tampering, by whoever has the database, and seals without holding up writers."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from carloans.core import appendonly, audit, ledger, verification
from carloans.core.models import AuditEntry, AuditSeal, AuditSealMember

pytestmark = pytest.mark.django_db


def write(count, now, first=0):
    return [
        audit.record(action="lead.submitted", actor="system", subject=f"lead:{n}", now=now, facts={"n": n})
        for n in range(first, first + count)
    ]


@pytest.fixture
def trail(now):
    """Three seals of three entries."""
    for first in (0, 3, 6):
        write(3, now, first)
        audit.seal(now=now)


@contextmanager
def as_owner_of_the_database():
    """What somebody can do who may alter tables: no trigger stops them, no foreign key either."""
    if connection.vendor == "sqlite":
        with appendonly.suspended(), connection.constraint_checks_disabled():
            yield
        return
    tables = ("core_auditentry", "core_auditseal", "core_auditsealmember")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tamper(statement, *values):
    with as_owner_of_the_database(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def found(**options):
    return {(one.kind, one.seal, one.entry) for one in verification.findings(**options)}


def entry_at(place):
    return AuditEntry.objects.order_by("id")[place]


def drop(*entries):
    """Entries and their places in the chain."""
    for entry in entries:
        tamper("DELETE FROM core_auditsealmember WHERE entry_id = %s", entry.pk)
        tamper("DELETE FROM core_auditentry WHERE id = %s", entry.pk)


def drop_seal(number):
    tamper("DELETE FROM core_auditsealmember WHERE seal_id = (SELECT id FROM core_auditseal WHERE number = %s)", number)
    tamper("DELETE FROM core_auditseal WHERE number = %s", number)


def test_a_whole_trail_has_no_findings(trail):
    assert found() == set()


@pytest.mark.parametrize(
    ("column", "value"),
    [("action", "lead.accepted"), ("actor", "staff:1"), ("subject", "lead:99"), ("facts", '{"n": 7}')],
)
def test_a_changed_field_is_named_with_its_entry(trail, column, value):
    entry = entry_at(4)
    tamper(f"UPDATE core_auditentry SET {column} = %s WHERE id = %s", value, entry.pk)
    assert found() == {("changed", 2, str(entry.uuid))}


def test_a_changed_time_is_named_with_its_entry(trail, now):
    entry = entry_at(4)
    tamper("UPDATE core_auditentry SET at = %s WHERE id = %s", now - timedelta(minutes=2), entry.pk)
    assert found() == {("changed", 2, str(entry.uuid))}


def test_a_deleted_entry_leaves_its_place_empty(trail):
    drop(entry_at(4))
    assert ("missing", 2, "@1") in found()


def test_the_newest_sealed_entry_cannot_go_unseen(trail):
    drop(entry_at(8))
    assert ("missing", 3, "@2") in found()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's numbers have gaps of their own")
@pytest.mark.parametrize("place", [9, 11])
def test_an_entry_deleted_before_it_was_sealed_leaves_a_gap(trail, now, place):
    write(3, now, 9)
    gone = entry_at(place)
    drop(gone)
    assert found() == {("missing", 0, f"#{gone.pk}")}


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's foreign key refuses it even then")
def test_an_entry_that_leaves_its_place_behind_is_named(trail):
    entry = entry_at(4)
    tamper("DELETE FROM core_auditentry WHERE id = %s", entry.pk)
    assert ("missing", 2, f"#{entry.pk}") in found()
    tamper("DELETE FROM core_auditsealmember WHERE entry_id = %s", entry.pk)


def insert(pk, at):
    tamper(
        "INSERT INTO core_auditentry (id, uuid, action, actor, subject, facts, at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        pk, f"{pk:032x}", "consent.given", "visitor:x", "consent:x", "{}", at,
    )  # fmt: skip


def test_an_entry_put_into_the_sealed_range_is_found_before_and_after_sealing(trail, now):
    later = now + timedelta(hours=3)
    write(3, later, 9)
    audit.seal(now=later)
    insert(0, now - timedelta(days=1))
    slipped = str(AuditEntry.objects.get(pk=0).uuid)
    assert found() == {("backdated", 0, slipped)}
    assert audit.seal_all(now=later, late=True) == 1
    assert found() == {("backdated", 5, slipped)}


def test_a_wrong_date_with_an_honest_number_is_for_the_strict(trail, now):
    later = now + timedelta(hours=3)
    write(1, later, 9)
    audit.seal(now=later)
    [late] = write(1, now - timedelta(days=1), 10)
    audit.seal(now=later)
    assert found() == set()
    assert found(strict=True) == {("backdated", 5, str(late.uuid))}


def test_an_entry_put_into_a_seal_is_found(trail, now):
    insert(0, now)
    tamper(
        "INSERT INTO core_auditsealmember (seal_id, entry_id, position, digest) "
        "SELECT id, 0, 3, %s FROM core_auditseal WHERE number = 2",
        audit.digest(AuditEntry.objects.get(pk=0)),
    )
    assert ("inserted", 2, "") in found()


def test_two_entries_that_changed_places_are_named(trail):
    first, second = AuditSealMember.objects.filter(seal__number=2).order_by("position")[:2]
    for position, member in ((99, first), (0, second), (1, first)):
        tamper("UPDATE core_auditsealmember SET position = %s WHERE id = %s", position, member.pk)
    assert found() == {("reordered", 2, str(first.entry.uuid))}


def test_two_entries_that_changed_contents_are_named(trail):
    one, other = entry_at(3), entry_at(4)
    for entry, twin in ((one, other), (other, one)):
        tamper(
            "UPDATE core_auditentry SET subject = %s, facts = %s WHERE id = %s",
            twin.subject, json.dumps(twin.facts), entry.pk,
        )  # fmt: skip
    assert found() == {("changed", 2, str(one.uuid)), ("changed", 2, str(other.uuid))}


def test_a_removed_seal_is_named(trail):
    drop_seal(2)
    assert ("missing_seal", 2, "") in found()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="on PostgreSQL only an anchor tells")
def test_a_tail_that_was_cut_off_is_found(trail):
    drop(*AuditEntry.objects.filter(sealed__seal__number=3))
    drop_seal(3)
    assert ("missing_seal", 3, "") in found()


def test_a_tail_that_was_cut_off_is_found_by_its_anchor(trail):
    last = AuditSeal.objects.get(number=3)
    noted = [(last.number, last.root)]
    assert found(anchors=noted) == set()
    drop(*AuditEntry.objects.filter(sealed__seal=last))
    drop_seal(3)
    assert ("anchor", 3, "") in found(anchors=noted)


def recompute_everything():
    """What a patient attacker with the database and our source can do: every digest and every root fits again."""
    previous = ""
    for seal in AuditSeal.objects.order_by("number"):
        digests = []
        for member in seal.members.select_related("entry").order_by("position"):
            digests.append(audit.digest(member.entry))
            tamper("UPDATE core_auditsealmember SET digest = %s WHERE id = %s", digests[-1], member.pk)
        root = audit.root_of(previous, digests)
        tamper("UPDATE core_auditseal SET previous_root = %s, root = %s WHERE id = %s", previous, root, seal.pk)
        previous = root


def test_a_chain_that_was_recomputed_lacks_its_signatures_and_its_anchor(trail):
    noted = list(AuditSeal.objects.values_list("number", "root"))
    tamper("UPDATE core_auditentry SET actor = 'staff:1' WHERE id = %s", entry_at(4).pk)
    recompute_everything()
    assert found() == {("forged", 2, ""), ("forged", 3, "")}
    assert found(anchors=noted) == found() | {("anchor", 2, ""), ("anchor", 3, "")}


def test_a_broken_chain_is_named_where_it_breaks(trail):
    entry = entry_at(4)
    tamper("UPDATE core_auditentry SET actor = 'staff:1' WHERE id = %s", entry.pk)
    entry.refresh_from_db()
    tamper("UPDATE core_auditsealmember SET digest = %s WHERE entry_id = %s", audit.digest(entry), entry.pk)
    assert found() == {("broken_chain", 2, "")}


def test_a_signature_outlives_a_new_key_and_not_a_lost_one(trail, settings):
    settings.AUDIT_KEYS = ["a newer key"]
    assert found() == set()
    settings.BLIND_INDEX_KEY = "another"
    assert {kind for kind, *_ in found()} == {"forged"}


def test_a_guard_that_was_taken_away_is_reported(trail):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER core_auditentry_no_update")
        else:
            cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER core_auditentry_append_only")
    assert [(one.kind, one.row) for one in verification.findings()] == [("unprotected", "core_auditentry")]
    appendonly.protect(connection, "core_auditentry")
    assert found() == set()


def test_the_check_asks_three_questions_for_each_seal(trail, now, django_assert_num_queries):
    def asked():
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            assert found() == set()
        return len(captured)

    before = asked()
    write(400, now, 100)
    audit.seal(now=now)
    assert asked() - before == 2


def run(*arguments):
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return str(error), out.getvalue(), err.getvalue()
    return "", out.getvalue(), err.getvalue()


def test_the_command_says_that_the_trail_is_whole(trail, now):
    write(2, now, 20)
    root = AuditSeal.objects.get(number=3).root
    failed, out, _ = run()
    assert not failed
    assert out.startswith("The audit trail is whole: 3 seals, 2 entries not sealed yet.")
    assert f"3:{root}" in out
    told = json.loads(run("--format", "json")[1])
    assert told == {"whole": True, "seals": 3, "waiting": 2, "number": 3, "root": root}


def test_the_command_names_what_it_found_and_fails(trail):
    entry = entry_at(4)
    tamper("UPDATE core_auditentry SET actor = 'x' WHERE id = %s", entry.pk)
    failed, _, err = run()
    assert failed == "The audit trail is broken in 1 places."
    assert err.strip() == f"seal 2: changed {entry.uuid}"
    _, out, _ = run("--format", "json")
    assert json.loads(out) == {"kind": "changed", "seal": 2, "entry": str(entry.uuid), "row": ""}


def test_the_log_of_the_seals_is_an_anchor(now, caplog, tmp_path, django_capture_on_commit_callbacks):
    write(3, now)
    with caplog.at_level(logging.INFO, logger="carloans.core.audit"), django_capture_on_commit_callbacks(execute=True):
        audit.seal(now=now)
    [line] = [record.getMessage() for record in caplog.records if "audit.sealed" in record.getMessage()]
    root = AuditSeal.objects.get().root
    assert line == f"audit.sealed number=1 size=3 root={root}"
    log = tmp_path / "log"
    log.write_text(json.dumps({"event": line, "level": "info"}) + "\nsomething else\n")
    assert run("--anchor", str(log))[0] == ""
    log.write_text(f"1 {root}\n2 {'0' * 64}\n")
    failed, _, err = run("--anchor", str(log))
    assert (failed, err.strip()) == ("The audit trail is broken in 1 places.", "seal 2: anchor")
    assert run("--expect", f"1:{root}")[0] == ""
    assert run("--expect", f"1:{'0' * 64}")[0]
    assert "cannot be read" in run("--anchor", str(tmp_path / "nothing"))[0]
    assert run("--expect", "x:1")[0].startswith("--expect takes")


def test_the_scrubber_leaves_roots_in_the_log_alone():
    import hashlib

    from carloans.core.privacy.redaction import scrub

    for number in range(300):
        line = audit.ANCHOR_LINE % (number * 37, number, hashlib.sha256(str(number).encode()).hexdigest())
        assert scrub(line) == line


# Sealing


def test_sealing_twice_seals_once(trail, now):
    assert audit.seal(now=now) == 0


def test_a_long_trail_is_sealed_batch_by_batch(now, monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 10)
    write(35, now)
    assert audit.seal_all(now=now) == 35
    assert list(AuditSeal.objects.order_by("number").values_list("size", flat=True)) == [10, 10, 10, 5]
    assert found() == set()


def test_the_look_for_new_entries_does_not_walk_over_old_ones(trail, now):
    much_later = now + 2 * audit.LONGEST_TRANSACTION
    assert audit._floor(now) == 0
    assert audit._floor(much_later) == entry_at(8).pk
    write(1, much_later, 9)
    assert audit.seal_all(now=much_later) == 1


@pytest.mark.services
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_after_a_later_one_was_sealed_is_sealed_later(now):
    """A slow transaction holds a low number; nothing waits for it, and it is not forgotten."""
    holding, release = Barrier(2, timeout=120), Barrier(2, timeout=120)

    def slow():
        with transaction.atomic():
            write(1, now)
            holding.wait()
            release.wait()
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    holding.wait()
    [quick] = write(1, now, 1)
    assert audit.seal_all(now=now) == 1
    release.wait()
    thread.join()
    [late] = AuditEntry.objects.filter(sealed__isnull=True)
    assert late.pk < quick.pk
    assert audit.seal_all(now=now) == 1
    assert found() == set()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_seal_every_entry_once(now):
    write(600, now)
    start = Barrier(4, timeout=120)

    def sealer():
        start.wait()
        for _ in range(200):
            audit.seal(now=now, after=0)
            if not AuditEntry.objects.filter(sealed__isnull=True).exists():
                break
        connection.close()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(audit, "BATCH", 20)
        threads = [Thread(target=sealer) for _ in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    assert AuditSealMember.objects.count() == 600
    assert found() == set()


def test_the_digest_and_the_root_are_what_sha256sum_makes_of_their_texts(trail):
    import hashlib

    seal = AuditSeal.objects.get(number=2)
    members = seal.members.select_related("entry").order_by("position")
    for member in members:
        assert hashlib.sha256(audit.canonical(member.entry).encode()).hexdigest() == member.digest
    lines = "\n".join([seal.previous_root, *(member.digest for member in members)])
    assert hashlib.sha256(lines.encode()).hexdigest() == seal.root
    assert ledger.signed(audit.statement(seal), seal.signature)
