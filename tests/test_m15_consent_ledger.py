"""The consent ledger: a proof of what was read, by which act, in what scope and until when, that nobody can alter.

Consent needs the hash of the shown text, demonstrated access (E-SIGN), a scope that names the dealers (TCPA), an
expiry (FCRA written instructions), rows that are only added, and a chain that proves them.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from carloans.core import appendonly, audit, ledger, verification
from carloans.core.models import AuditEntry
from credit import services as credit
from credit.models import CreditCheck, CreditConsent
from leads.models import Submission
from visitors import consent_documents, consent_texts, selectors, services
from visitors.models import Consent, ConsentWithdrawal
from visitors.tests.factories import KnownVisitorFactory

pytestmark = pytest.mark.django_db

DEALERS = "North Motors and South Cars"


def agree(now, visitor=None, **more):
    """A person reads the dealers' text on a card of the chat and presses the button under it."""
    visitor = visitor or KnownVisitorFactory.create()
    facts = {
        "kind": consent_texts.DEALER_CONTACT,
        "locale": "en",
        "act": "ticked_and_pressed_send",
        "element_id": "contact_form.dealer_contact",
        "page": "/chat",
        "ip": "192.0.2.7",
        "user_agent": "test browser",
        "shown_at": now - timedelta(seconds=42),
        "shown_in": "card:7",
        "scope": {"buyers": ["north", "south"]},
        "names": {"dealers": DEALERS},
    }
    return services.record_consent(visitor_id=visitor.pk, now=now, **{**facts, **more})


def instruct(now, visitor=None, **more):
    """A person presses "I agree" on the card of the soft pull."""
    visitor = visitor or KnownVisitorFactory.create()
    shown = selectors.consent_text(visitor_id=visitor.pk, kind=consent_texts.SOFT_PULL, locale="en")
    facts = {
        "shown_version": shown.version,
        "shown_sha256": shown.sha256,
        "shown_at": now - timedelta(seconds=9),
        "shown_in": "card:8",
        "ip": "192.0.2.7",
        "user_agent": "test browser",
    }
    return credit.give_consent_and_request(
        visitor_id=visitor.pk, application_id=None, conversation_id=None, locale="en", now=now, **{**facts, **more}
    )


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


# What is recorded


def test_m15_the_hash_is_of_the_text_that_was_shown(now):
    consent = agree(now)
    shown = selectors.consent_text(visitor_id=consent.visitor_id, kind=consent.kind, locale="en", dealers=DEALERS)
    assert consent.text_sha256 == shown.sha256 == sha256(shown.body)


def test_m15_a_hash_of_another_text_records_nothing(now):
    with pytest.raises(services.TextChanged):
        agree(now, shown_sha256=sha256("another text"))
    assert not Consent.objects.exists()


def test_m15_every_field_of_the_record_is_kept(now):
    consent = Consent.objects.get(pk=agree(now, conversation_id=uuid4(), application_id=uuid4()).pk)
    empty = [
        name
        for name in ("text_version", "text_sha256", "locale", "given_at", "ip", "user_agent", "visitor_id", "page",
                     "element_id", "act", "shown_at", "demonstration", "scope", "names", "conversation_id")
        if not getattr(consent, name)
    ]  # fmt: skip
    assert empty == []
    assert consent.given_at.utcoffset() == timedelta()


def test_m15_the_access_was_demonstrated_by_answering_where_the_text_was_shown(now):
    assert agree(now).demonstration == {
        "shown_in": "card:7",
        "answered_by": "contact_form.dealer_contact",
        "seconds_on_screen": 42,
        "copy": ["printable_page", "document_on_request"],
    }


def test_m15_the_scope_names_the_dealers_and_covers_no_other(now):
    consent = agree(now)
    ask = {"visitor_id": consent.visitor_id, "kind": consent.kind, "now": now}
    assert selectors.active_consent(buyer="south", **ask)
    assert selectors.active_consent(buyer="east", **ask) is None
    assert consent.names["dealers"] == DEALERS


def test_m15_an_expired_instruction_allows_no_pull(now):
    check = instruct(now)
    with pytest.raises(credit.ConsentMissing):
        credit.start_pull(check_id=check.pk, now=now + credit.CONSENT_LASTS + timedelta(seconds=1))
    assert CreditCheck.objects.get(pk=check.pk).sent_at is None


def test_m15_a_withdrawn_instruction_allows_no_pull(now):
    check = instruct(now)
    services.withdraw_consent(visitor_id=check.visitor_id, kind=consent_texts.SOFT_PULL, via="chat", now=now)
    with pytest.raises(credit.ConsentMissing):
        credit.start_pull(check_id=check.pk, now=now)
    assert CreditCheck.objects.get(pk=check.pk).sent_at is None


def test_m15_one_consent_is_withdrawn_without_the_others(now):
    visitor = KnownVisitorFactory.create()
    first, second = agree(now, visitor), agree(now, visitor, kind=consent_texts.MARKETING_EMAIL, names={}, scope={})
    assert services.withdraw_consent(visitor_id=visitor.pk, consent_id=first.pk, via="privacy_page", now=now) == 1
    assert services.withdraw_consent(visitor_id=visitor.pk, consent_id=first.pk, via="privacy_page", now=now) == 0
    standing = [info.id for info in selectors.consents_for(visitor_id=visitor.pk) if info.standing(now)]
    assert standing == [second.pk]
    assert ConsentWithdrawal.objects.get().via == "privacy_page"


def test_m15_nobody_withdraws_the_consent_of_another(now):
    consent, stranger = agree(now), KnownVisitorFactory.create()
    assert services.withdraw_consent(visitor_id=stranger.pk, consent_id=consent.pk, via="x", now=now) == 0


# What the database refuses


def refuse(statement, *values):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def tables():
    return [model._meta.db_table for model in appendonly.append_only_models()]


def test_m15_the_ledger_the_trail_and_the_decisions_are_append_only():
    needed = {
        "core_auditentry", "core_auditseal", "core_auditsealmember", "visitors_consent", "visitors_consentwithdrawal",
        "visitors_assessment", "credit_creditconsent", "credit_providerevent", "leads_submissionattempt",
        "leads_disposition", "campaigns_messageevent",
    }  # fmt: skip
    assert needed <= set(tables())
    assert appendonly.unprotected() == []


@pytest.fixture
def one_row_each(now):
    """A row in each append-only table, made by SQL with the columns' plainest values: the guards look at nothing."""
    models = {model._meta.db_table: model for model in appendonly.append_only_models()}
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        for model in models.values():
            _insert(cursor, model, now)
        yield models
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
        with appendonly.maintenance():
            for table in models:
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone()[0] == 1
                cursor.execute(f"DELETE FROM {table}")


def _insert(cursor, model, now):
    values = {field.column: _plainest(field, now) for field in model._meta.concrete_fields}
    names, marks = ", ".join(f'"{name}"' for name in values), ", ".join(["%s"] * len(values))
    cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", list(values.values()))


def _plainest(field, now):
    kind = field.target_field.get_internal_type() if field.is_relation else field.get_internal_type()
    known = {"UUIDField": uuid4(), "DateTimeField": now, "JSONField": "{}", "BooleanField": False}
    if kind in known:
        value = known[kind]
        return value.hex if kind == "UUIDField" and connection.vendor == "sqlite" else value
    if kind in {"CharField", "TextField", "SlugField"}:
        return field.get_default() or "x"
    return 7


def _attacks(model):
    table, pk, column = model._meta.db_table, model._meta.pk.column, model._meta.concrete_fields[-1].column
    yield f'UPDATE {table} SET "{column}" = "{column}"'
    yield f'UPDATE {table} SET "{column}" = "{column}" WHERE "{pk}" IS NOT NULL'
    yield f"DELETE FROM {table}"
    yield f'DELETE FROM {table} WHERE "{pk}" IS NOT NULL'
    if connection.vendor == "postgresql":
        yield f"TRUNCATE {table} CASCADE"
        yield f'INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ("{pk}") DO UPDATE SET "{column}" = NULL'
        return
    yield f"REPLACE INTO {table} SELECT * FROM {table}"
    yield f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    yield f'UPDATE OR REPLACE {table} SET "{column}" = "{column}"'
    if model._meta.pk.get_internal_type() == "UUIDField":
        columns = [field.column for field in model._meta.concrete_fields]
        fresh = ["hex(randomblob(16))" if name == pk else f'"{name}"' for name in columns]
        names = ", ".join(f'"{name}"' for name in columns)
        yield f"REPLACE INTO {table} (rowid, {names}) SELECT rowid, {', '.join(fresh)} FROM {table}"


def _is_clone_by_other_keys(model):
    return any(field.unique and not field.primary_key for field in model._meta.concrete_fields)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="rows without their references need SQLite")
def test_m15_no_statement_changes_or_removes_a_row_on_sqlite(one_row_each):
    _every_attack_fails(one_row_each)


def _every_attack_fails(rows):
    for model in rows.values():
        for statement in _attacks(model):
            refuse(statement)
        if _is_clone_by_other_keys(model) and connection.vendor == "sqlite":
            refuse(*_clone_with_a_new_key(model))


def _clone_with_a_new_key(model):
    """REPLACE also removes a row that only shares a unique column."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = ["999" if column == model._meta.pk.column else f'"{column}"' for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    return (f"INSERT OR REPLACE INTO {model._meta.db_table} ({names}) SELECT {', '.join(values)} "
            f"FROM {model._meta.db_table}",)  # fmt: skip


@pytest.fixture
def ledger_rows(now):
    """Rows of the ledger by their own services."""
    consent = agree(now)
    services.withdraw_consent(visitor_id=consent.visitor_id, via="chat", now=now)
    instruct(now)
    audit.seal(now=now)


@pytest.mark.parametrize(
    "table",
    ["visitors_consent", "visitors_consentwithdrawal", "credit_creditconsent", "core_auditentry", "core_auditseal",
     "core_auditsealmember"],
)  # fmt: skip
def test_m15_no_statement_changes_or_removes_a_row_of_the_ledger(ledger_rows, table):
    _every_attack_fails({table: next(m for m in appendonly.append_only_models() if m._meta.db_table == table)})


def test_m15_a_rebuilt_table_gets_its_guards_back(ledger_rows):
    """SQLite drops them when a migration rebuilds a table; `migrate` ends by looking after them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER visitors_consent_no_update")
            cursor.execute("DROP TRIGGER visitors_consent_no_replace")
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER visitors_consent_no_truncate ON visitors_consent")
    assert appendonly.unprotected() == ["visitors_consent"]
    call_command("migrate", "visitors", verbosity=0)
    assert appendonly.unprotected() == []


def test_m15_a_table_that_is_not_made_yet_needs_no_guard(monkeypatch):
    """`migrate core` alone ends well: the rooms' tables come later."""
    made = [name for name in connection.introspection.table_names() if name != "visitors_consent"]
    monkeypatch.setattr(connection.introspection, "table_names", lambda *args, **kwargs: made)
    with appendonly.suspended():
        assert "core_auditentry" in appendonly.unprotected() or connection.vendor != "sqlite"
        assert "visitors_consent" not in appendonly.unprotected()


def test_m15_maintenance_is_the_one_way_and_ends_with_its_block(now):
    consent = agree(now)
    with appendonly.maintenance():
        Consent.objects.filter(pk=consent.pk).update(ip="")
    assert Consent.objects.get(pk=consent.pk).ip == ""
    refuse("UPDATE visitors_consent SET act = 'x'")
    with pytest.raises(ZeroDivisionError), appendonly.maintenance():
        raise ZeroDivisionError
    refuse("UPDATE visitors_consent SET act = 'x'")
    with pytest.raises(appendonly.AppendOnlyViolation):
        Consent.objects.filter(pk=consent.pk).update(ip="")


@pytest.mark.parametrize(("model", "column"), [(CreditCheck, "consent"), (Submission, "consent")])
def test_m15_no_pull_and_no_post_without_the_consent_it_rests_on(model, column):
    field = model._meta.get_field(column)
    assert not field.null
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, model._meta.db_table)
        relations = connection.introspection.get_relations(cursor, model._meta.db_table)
    assert not next(one for one in described if one.name == field.column).null_ok
    assert relations[field.column][1] == field.related_model._meta.db_table


def test_m15_the_database_takes_no_check_without_a_consent(now):
    check = instruct(now)
    other = CreditCheck(visitor_id=check.visitor_id, due_at=now, created_at=now, idempotency_key="k", state="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save(force_insert=True)


# What the chain proves


def wrong():
    return {(one.kind, one.row) for one in verification.findings()}


def test_m15_the_chain_proves_every_row_of_the_ledger(ledger_rows):
    assert wrong() == set()


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Consent, {"act": "x"}),
        (Consent, {"scope": {"buyers": ["north", "south", "east"]}}),
        (Consent, {"ip": "192.0.2.8"}),
        (Consent, {"demonstration": {}}),
        (ConsentWithdrawal, {"via": "x"}),
        (CreditConsent, {"page": "/x"}),
    ],
)
def test_m15_a_row_changed_behind_the_trails_back_is_named(ledger_rows, model, change):
    row = model.objects.first()
    with appendonly.maintenance():
        model.objects.filter(pk=row.pk).update(**change)
    assert wrong() == {("row_changed", f"{model._meta.db_table}:{row.pk}")}


def test_m15_a_row_removed_behind_the_trails_back_is_named(ledger_rows):
    gone = ConsentWithdrawal.objects.get().pk
    with appendonly.maintenance():
        ConsentWithdrawal.objects.all().delete()
    assert wrong() == {("row_missing", f"visitors_consentwithdrawal:{gone}")}


def test_m15_a_row_that_retention_removed_is_no_finding(ledger_rows, now):
    row = ConsentWithdrawal.objects.get()
    with appendonly.maintenance():
        row.delete()
        audit.record(action=audit.PURGED, actor="system", subject="table:visitors_consentwithdrawal", now=now)
    assert wrong() == set()


def test_m15_a_consent_slipped_in_beside_the_trail_is_named(ledger_rows, now):
    from visitors.tests.factories import ConsentFactory

    forged = ConsentFactory.create()
    assert wrong() == {("row_unknown", f"visitors_consent:{forged.pk}")}


def test_m15_emptied_traces_are_no_finding(ledger_rows):
    with appendonly.maintenance():
        Consent.objects.update(ip="")
        CreditConsent.objects.update(ip="", user_agent="")
    assert wrong() == set()


def test_m15_the_trail_holds_no_address(ledger_rows):
    said = json.dumps(list(AuditEntry.objects.values_list("facts", flat=True)))
    assert "192.0.2.7" not in said
    assert sha256("192.0.2.7") not in said


# The document


def test_m15_a_document_is_checked_with_sha256_alone(now):
    consent = agree(now)
    for n in range(5):
        audit.record(action="noise", actor="system", subject=f"lead:{n}", now=now)
    audit.seal(now=now)
    found = json.loads(json.dumps(consent_documents.document(consent_id=consent.pk, now=now)))
    assert sha256(found["text"]["body"]) == found["text"]["sha256"] == consent.text_sha256
    assert DEALERS in found["text"]["body"]
    [row], [link] = found["rows"], found["chain"]
    assert row["intact"]
    assert sha256(row["canonical"]) == row["sha256"]
    entry, seal = link["entry"], link["seal"]
    assert sha256(entry["canonical"]) == entry["sha256"]
    assert row["sha256"] in entry["canonical"]
    assert seal["digests"][seal["position"]] == entry["sha256"]
    assert sha256("\n".join([seal["previous_root"], *seal["digests"]])) == seal["root"]
    assert f'"given_at":"{found["act"]["given_at"]}"' in row["canonical"]
    assert found["status"] == "standing"


def test_m15_the_document_of_an_instruction_covers_both_of_its_rows_and_its_end(now):
    check = instruct(now)
    consent = Consent.objects.get(kind=consent_texts.SOFT_PULL)
    services.withdraw_consent(visitor_id=check.visitor_id, via="chat", now=now)
    found = consent_documents.document(consent_id=consent.pk, now=now)
    assert [link["entry"]["action"] for link in found["chain"]] == [
        "consent.given", "credit.consent_given", "consent.withdrawn",
    ]  # fmt: skip
    assert [row["record"].split()[0] for row in found["rows"]] == [
        "visitors.Consent", "credit.CreditConsent", "visitors.ConsentWithdrawal",
    ]  # fmt: skip
    assert all(row["intact"] for row in found["rows"])
    assert (found["status"], found["withdrawal"]["via"]) == ("withdrawn", "chat")
    assert found["chain"][0]["seal"] is None
    assert found["scope"]["expires_at"] == ledger.moment(now + credit.CONSENT_LASTS)


def test_m15_the_document_says_when_the_words_cannot_be_shown(now):
    from visitors.models import Site

    consent = agree(now)
    with appendonly.maintenance():
        Consent.objects.filter(pk=consent.pk).update(names={"company": "Another", "dealers": "Another"})
    Site.objects.update(company_name="Renamed")
    found = consent_documents.document(consent_id=consent.pk, now=now)
    assert found["text"]["body"] is None
    assert found["text"]["note"]
    assert not found["rows"][0]["intact"]


def test_m15_a_renamed_company_does_not_change_what_was_read(now):
    from visitors.models import Site

    consent = agree(now)
    Site.objects.update(company_name="Renamed")
    body = consent_documents.document(consent_id=consent.pk, now=now)["text"]["body"]
    assert sha256(body) == consent.text_sha256


def test_m15_the_printable_page_loads_nothing_and_shows_the_text(now):
    consent = agree(now)
    audit.seal(now=now)
    page = consent_documents.as_html(consent_documents.document(consent_id=consent.pk, now=now))
    assert "<script" not in page
    assert not [load for load in ("src=", "href=", "url(", "@import") if load in page]
    assert "tecnolog" not in page
    assert "North Motors and South Cars may call me" in page
    style = page.split("<style>")[1].split("</style>")[0]
    assert "details::details-content{content-visibility:visible" in style.partition("@media print")[2]
    import base64

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in consent_documents.POLICY


def test_m15_the_customers_copy_may_leave_the_address_out(now):
    found = consent_documents.document(consent_id=agree(now).pk, now=now, traces=False)
    assert "192.0.2.7" not in json.dumps(found)


def test_m15_the_command_exports_and_the_trail_knows(now, tmp_path):
    consent, out = agree(now), StringIO()
    call_command("export_consent", str(consent.pk), stdout=out)
    assert json.loads(out.getvalue())["consent"] == str(consent.pk)
    file = tmp_path / "consent.html"
    call_command("export_consent", str(consent.pk), "--format", "html", "--output", str(file))
    assert str(consent.pk) in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert AuditEntry.objects.filter(action="consent.exported", subject=f"consent:{consent.pk}").count() == 2
    with pytest.raises(CommandError, match="do not know this consent"):
        call_command("export_consent", str(uuid4()))
