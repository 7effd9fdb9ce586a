"""`rotate_keys`: every encrypted value moves to the first key, and nothing else changes."""

from __future__ import annotations

import contextlib
import io

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection, models

from carloans.core import appendonly, audit, rotation
from carloans.core.encryption import decrypt, encrypt, key_id
from carloans.core.fields import EncryptedField
from carloans.core.models import AuditEntry
from chat.tests.factories import make_conversation, say
from leads.tests.factories import BuyerFactory, make_lead
from visitors.models import Application, Consent, Visitor
from visitors.tests.factories import KnownVisitorFactory

OLD, NEW, OLDEST = (Fernet.generate_key().decode() for _ in range(3))

#: The tables that `house` fills, of those with encrypted columns.
HOUSE = {
    "core_vaultvalue", "visitors_site", "visitors_visitor", "visitors_application", "visitors_consent",
    "credit_creditconsent", "credit_creditcheck", "leads_buyer", "leads_lead",
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    return settings


@pytest.fixture
def house(now, keys):
    """A row in every table with encrypted columns, written under the old key; then the new one comes in front."""
    BuyerFactory()
    lead = make_lead()
    conversation = make_conversation(now=now)
    say(conversation.pk, "Call me at 512-555-0134.", now=now)
    keys.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    return lead


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rotate_keys", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def everything() -> dict:
    """Every encrypted value of the house, in clear."""
    found = {}
    for place in rotation.places():
        for row in place.rows().values("pk", *place.columns):
            found[place.table, row.pop("pk")] = row
    return found


def proof() -> list[str]:
    """What `verify_audit` finds: rows that a factory made without an entry, and nothing else, before and after."""
    out = io.StringIO()
    with contextlib.suppress(CommandError):
        call_command("verify_audit", stdout=io.StringIO(), stderr=out)
    return sorted(out.getvalue().splitlines())


def tokens() -> list[str]:
    found = []
    for place in rotation.places():
        for row in place.rows().values_list(*(f"{name}__token" for name in place.columns)):
            found += [token for token in row if token]
    return found


def test_every_encrypted_column_is_found():
    from django.apps import apps

    declared = {
        (model._meta.db_table, one.name)
        for model in apps.get_models(include_auto_created=True)
        for one in model._meta.get_fields()
        if isinstance(one, models.Field) and isinstance(one, EncryptedField)
    }
    found = {(place.table, column) for place in rotation.places() for column in place.columns}
    assert found == declared
    assert ("leads_lead", "package") in found
    assert ("visitors_consent", "ip") in found


def test_all_values_move_and_read_the_same(house, keys):
    before = everything()
    assert {table for table, _ in before} >= HOUSE
    text = run()
    assert {token[:12] for token in tokens()} == {f"e1.{key_id(NEW)}."}
    assert "may be removed" in text
    assert key_id(OLD) in text
    keys.FIELD_ENCRYPTION_KEYS = [NEW]
    assert everything() == before


def test_the_older_format_moves_too(house):
    row = Visitor.objects.exclude(email="").first()
    fernet = Fernet(OLD).encrypt(b"ann@gmail.com").decode()
    Visitor.objects.filter(pk=row.pk).update(email=models.Value(fernet, output_field=models.TextField()))
    with pytest.raises(CommandError):
        run("--dry-run")
    run()
    assert Visitor.objects.get(pk=row.pk).email == "ann@gmail.com"
    assert not any(token.startswith("gAAAA") for token in tokens())


def test_a_dry_run_counts_and_changes_nothing(house):
    before = tokens()
    out = io.StringIO()
    with pytest.raises(CommandError, match="keep every key"):
        call_command("rotate_keys", "--dry-run", stdout=out)
    assert tokens() == before
    assert f"visitors_visitor.email: {Visitor.objects.exclude(email='').count()} under {key_id(OLD)}" in out.getvalue()


def test_a_second_run_changes_nothing(house):
    run()
    before, entries = tokens(), AuditEntry.objects.count()
    assert "0 rows moved" in run()
    assert tokens() == before
    assert AuditEntry.objects.count() == entries


def test_null_and_empty_stay(house):
    row = KnownVisitorFactory(phone="")
    application = Application.objects.create(
        visitor=row, site=row.site, created_at=row.first_seen_at, last_event_at=row.first_seen_at
    )
    run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM visitors_application WHERE monthly_income_cents IS NULL AND employer = ''")
        assert cursor.fetchone() == (1,)
    application.refresh_from_db()
    assert (application.monthly_income_cents, application.employer) == (None, "")


def test_a_value_that_changed_since_it_was_read_is_not_overwritten(house, keys, monkeypatch):
    row = Visitor.objects.exclude(email="").first()
    plain = rotation._write

    def somebody_is_faster(place, rows, now):
        if place.model is Visitor:
            keys.FIELD_ENCRYPTION_KEYS = [OLD]  # and does not know the new key yet
            Visitor.objects.filter(pk=row.pk).update(email="newer@gmail.com")
            keys.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
            monkeypatch.setattr(rotation, "_write", plain)
        return plain(place, rows, now)

    monkeypatch.setattr(rotation, "_write", somebody_is_faster)
    run()
    assert Visitor.objects.get(pk=row.pk).email == "newer@gmail.com"
    assert {token[:12] for token in tokens()} == {f"e1.{key_id(NEW)}."}


def test_append_only_rows_move_lawfully(house, now):
    audit.seal(now=now)
    consent = Consent.objects.exclude(ip="").first()
    said = {one.name: getattr(consent, one.name) for one in Consent._meta.concrete_fields}
    before = proof()
    run()
    consent.refresh_from_db()
    assert {one.name: getattr(consent, one.name) for one in Consent._meta.concrete_fields} == said
    assert proof() == before
    entries = AuditEntry.objects.filter(action="keys.rewrapped", subject=f"key:{key_id(NEW)}")
    assert {entry.facts["table"] for entry in entries} >= {"visitors_consent", "credit_creditconsent"}
    assert AuditEntry.objects.get(action="keys.rotated").facts["left"] == 0


def test_the_triggers_stand_again_afterwards(house):
    run()
    with pytest.raises(appendonly.AppendOnlyViolation):
        Consent.objects.update(ip="")
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE visitors_consent SET ip = ''")


def test_what_cannot_be_read_is_named_and_left_alone(house, keys):
    row = Visitor.objects.exclude(email="").first()
    keys.FIELD_ENCRYPTION_KEYS = [OLDEST]
    lost = encrypt("lost@gmail.com")
    keys.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    Visitor.objects.filter(pk=row.pk).update(email=models.Value(lost, output_field=models.TextField()))
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 rows still"):
        call_command("rotate_keys", stdout=out, stderr=out)
    assert key_id(OLDEST) in out.getvalue()
    assert "1 rows cannot be read" in out.getvalue()
    keys.FIELD_ENCRYPTION_KEYS = [OLDEST]
    assert decrypt(lost) == "lost@gmail.com"
    assert Visitor.objects.filter(pk=row.pk, email__token=lost).exists()


def test_batches_are_small_and_their_number_of_queries_fixed(house, django_assert_max_num_queries):
    KnownVisitorFactory.create_batch(30)
    place = next(place for place in rotation.places() if place.model is Visitor)
    with django_assert_max_num_queries(3):
        assert len(rotation._page(place, None, 10)) <= 10


@pytest.mark.parametrize("batch", ["0", "5001"])
def test_nonsense_is_refused(batch):
    with pytest.raises(CommandError, match="--batch"):
        run("--batch", batch)
