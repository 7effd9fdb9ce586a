"""A person can have everything shown and everything erased that the law does not make us keep, in every room."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import services as campaigns
from campaigns.models import Enrollment, Message, Suppression
from carloans.core import rights
from carloans.core.models import AuditEntry, Erasure, VaultValue
from carloans.core.rights import rooms
from chat import services as chat
from chat.errors import UnknownConversation
from chat.models import Conversation, SessionItem
from chat.models import Message as ChatMessage
from credit.models import CreditCheck
from leads import submitting
from leads.models import Lead, Submission
from tests import person as world
from visitors.models import Application, Event, ReturnLink, Visitor

pytestmark = pytest.mark.django_db

#: Columns that name a person, whatever table they are in.
KEYS = {
    "visitor", "visitor_id", "application", "application_id", "conversation", "conversation_id", "lead", "lead_id",
    "email", "phone", "email_index", "phone_index", "to_index", "value_index",
}  # fmt: skip
#: Tables of libraries: about staff, never about customers.
STAFF_ONLY = {"auth_user": "staff", "auth_user_groups": "staff"}
OURS = ("core", "cathy", "visitors", "campaigns", "credit", "chat", "leads", "dashboard")


@pytest.fixture
def noon(now):
    return now.replace(hour=17, minute=0, second=0, microsecond=0)


@pytest.fixture
def customer(noon):
    return world.make(now=noon)


def declared():
    return {table.model for module in rooms.modules() for table in rooms.tables(module)}


def exempt():
    return {
        (module.__name__.split(".")[0], name): why
        for module in rooms.modules()
        for name, why in getattr(module, "EXEMPT", {}).items()
    }


def subject_keys(model, seen=()):
    """Columns of a table that lead to a person: by name, or by a foreign key to such a table."""
    found = [one.name for one in model._meta.concrete_fields if one.name in KEYS or one.attname in KEYS]
    for one in model._meta.concrete_fields:
        target = one.related_model
        near = target and target not in (*seen, model) and target._meta.app_label in OURS
        if near and (target in declared() or subject_keys(target, (*seen, model))):
            found.append(one.name)
    return found


def exported(person, now):
    return {one.table: list(one.rows) for one in rights.export(person, actor="staff:1", now=now)}


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_every_table_with_a_key_to_a_person_is_shown_or_says_why_not(model):
    if model._meta.db_table in STAFF_ONLY or model in declared():
        return
    keys = subject_keys(model)
    excused = (model._meta.app_config.name.split(".")[0], model.__name__) in exempt()
    assert not keys or excused, f"{model._meta.label} names people by {keys}: declare it in <room>/rights.py"


@pytest.mark.parametrize("table", [t for m in rooms.modules() for t in rooms.tables(m)], ids=lambda table: table.name)
def test_what_is_not_deleted_says_why_it_stays(table):
    assert table.erases is rights.ROW or table.stays is not None


def test_the_export_has_a_row_of_every_table_with_its_real_values(customer, noon):
    tables = exported(rights.find(email=world.EMAIL, now=noon), noon)
    empty = {name for name, rows in tables.items() if not rows}
    assert empty <= {"core_erasure", "core_erasurekey"}
    words = json.dumps(tables, default=str, ensure_ascii=False)
    for value in (*world.SEEDED, "431700"):
        assert value in words, value
    assert "867-5309" in tables["chat_message"][1]["text"]
    assert world.FIRST in json.dumps(tables["campaigns_message"], default=str)
    assert "Car Loans" in tables["visitors_consent"][0]["text"] or "Acme Autos" in tables["visitors_consent"][0]["text"]
    assert tables["leads_lead"][0]["package"]["contact"]["email"] == world.EMAIL
    assert tables["campaigns_suppression"][0]["reason"] == "unsubscribed"


def test_a_score_is_withheld_with_the_reason_and_no_secret_is_shown(customer, noon):
    tables = exported(rights.find(phone="512 867 5309", now=noon), noon)
    check = tables["credit_creditcheck"][0]
    assert check["outcome"] == "prequalified"
    assert check["score"].startswith("withheld: ")
    assert not re.search(r"\b642\b", json.dumps(check, default=str))
    assert not {"token_hash", "email_index", "value_index"} & {
        key for rows in tables.values() for row in rows for key in row
    }


def test_every_export_is_audited(customer, noon):
    exported(rights.find(email=world.EMAIL, now=noon), noon)
    row = AuditEntry.objects.get(action="rights.exported", subject=f"visitor:{customer.visitor_id}")
    assert row.actor == "staff:1"


def test_the_command_writes_one_json_document(customer, tmp_path):
    out = io.StringIO()
    call_command("export_person", email=world.EMAIL, stdout=out)
    document = json.loads(out.getvalue())
    assert {"visitors_visitor", "chat_message", "leads_lead"} <= {one["table"] for one in document["tables"]}
    path = tmp_path / "person.json"
    call_command("export_person", visitor=customer.visitor_id, output=str(path))
    assert len(json.loads(path.read_text())["tables"]) == len(document["tables"])
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError):
        call_command("export_person", email="nobody@example.org", stdout=out)


def test_a_stranger_with_a_typed_address_is_shown_nothing_of_its_owner(customer, noon):
    from visitors.tests.factories import KnownVisitorFactory

    site = Visitor.objects.get(pk=customer.visitor_id).site
    stranger = KnownVisitorFactory(site=site, email=world.EMAIL, email_holder=False, first_name="Mallory")
    tables = exported(rights.find_visitor(visitor_id=stranger.pk, now=noon, alone=True), noon)
    assert [row["first_name"] for row in tables["visitors_visitor"]] == ["Mallory"]
    assert not tables["chat_message"]
    assert not tables["campaigns_suppression"]


@pytest.mark.slow
@pytest.mark.parametrize("act", ["export", "erase"])
def test_the_number_of_queries_does_not_grow_with_the_number_of_messages(noon, act):
    def queries(turns):
        made = world.make(now=noon, turns=turns, email=f"zeb{turns}@gmail.com")
        found = rights.find_visitor(visitor_id=made.visitor_id, now=noon)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            if act == "export":
                exported(found, noon)
            else:
                rights.erase(found, actor="system", reason="asked", now=noon)
        return len(caught)

    assert queries(5) == queries(50)


def test_a_dry_run_tells_what_would_go_and_changes_nothing(customer):
    out = io.StringIO()
    before = world.dump()
    call_command("erase_person", email=world.EMAIL, dry_run=True, stdout=out)
    report = json.loads(out.getvalue())
    assert report["dry_run"]
    assert {one["table"]: one["erased"] for one in report["tables"]}["core_vaultvalue"] >= 3
    assert world.dump() == before


def test_erasing_takes_the_personal_data_out_of_every_table(customer, noon):
    assert {world.EMAIL, world.ZIP} <= set(world.seeded_in(world.everything(apps.get_models())))
    out = io.StringIO()
    call_command("erase_person", email=world.EMAIL, reason="asked by letter", actor="staff:1", stdout=out)
    assert world.seeded_in(world.everything(apps.get_models())) == []
    assert world.seeded_in(world.dump()) == []
    for model in (Event, ReturnLink, SessionItem, VaultValue):
        assert not model.objects.exists()
    assert set(ChatMessage.objects.values_list("text", flat=True)) == {""}
    assert (Lead.objects.get().package, Lead.objects.get().summary) == ({}, "")
    assert Application.objects.get().monthly_income_cents is None
    report = json.loads(out.getvalue())
    assert report["complete"]


def test_what_the_law_keeps_stays_and_the_report_says_why_and_until_when(customer, noon):
    report = rights.erase(rights.find(email=world.EMAIL, now=noon), actor="staff:1", reason="asked", now=noon)
    kept = {line.table: line for line in report.kept}
    for table, years in (("visitors_consent", 7), ("credit_creditcheck", 7), ("leads_submission", 7)):
        assert kept[table].reason
        assert kept[table].until.year == noon.year + years
    assert kept["visitors_application"].until > noon + timedelta(days=740)
    assert kept["campaigns_suppression"].stays == 1
    assert CreditCheck.objects.get().score == 642
    assert Submission.objects.get().result == "accepted"
    assert Suppression.objects.count() == 1


def test_a_second_run_finds_the_person_and_nothing_left(customer, noon):
    found = rights.find(email=world.EMAIL, now=noon)
    rights.erase(found, actor="system", reason="asked", now=noon)
    again = rights.find(email=world.EMAIL, now=noon)
    assert again.visitors == (customer.visitor_id,)
    assert rights.erase(again, actor="system", reason="asked", now=noon).erased == []
    assert Erasure.objects.count() == 1


def test_a_crash_in_the_middle_is_mended_by_the_sweep(customer, noon, monkeypatch):
    import leads.rights as room

    def die(person, *, now):
        raise RuntimeError("the process dies here")

    found = rights.find(email=world.EMAIL, now=noon)
    with monkeypatch.context() as broken:
        broken.setattr(room, "stop", die)
        with pytest.raises(RuntimeError):
            rights.erase(found, actor="system", reason="asked", now=noon)
    assert Lead.objects.get().package
    assert VaultValue.objects.exists()
    assert rights.finish_due(now=noon + timedelta(minutes=16)) == 1
    assert not VaultValue.objects.exists()
    assert world.seeded_in(world.everything(apps.get_models())) == []


def test_the_sweep_goes_over_a_fresh_erasure_once_and_then_lets_it_rest(customer, noon):
    rights.erase(rights.find(email=world.EMAIL, now=noon), actor="system", reason="asked", now=noon)
    # Somebody who had read the row before writes it back.
    Visitor.objects.filter(pk=customer.visitor_id).update(first_name=world.FIRST)
    assert rights.finish_due(now=noon) == 0
    assert rights.finish_due(now=noon + timedelta(minutes=16)) == 1
    assert Visitor.objects.get(pk=customer.visitor_id).first_name == ""
    assert Erasure.objects.get().state == "settled"
    assert rights.finish_due(now=noon + timedelta(days=9)) == 0
    again = rights.find(email=world.EMAIL, now=noon)
    assert not rights.erase(again, actor="system", reason="asked", now=noon).erased
    assert Erasure.objects.count() == 1


def test_a_turn_that_runs_while_its_customer_is_erased_writes_nothing(customer, noon):
    turn = chat.begin_turn(conversation_id=customer.conversation_id, now=noon)
    assert turn is not None
    rights.erase(rights.find(email=world.EMAIL, now=noon), actor="system", reason="asked", now=noon)
    before = ChatMessage.objects.count()
    reply = chat.Reply(text=f"Hello {world.FIRST}", run_id=None, items=[{"role": "assistant", "content": world.FIRST}])
    assert not chat.finish_turn(turn=turn, reply=reply, now=noon)
    assert not chat.fail_to_human(turn=turn, note="x", now=noon)
    with pytest.raises(UnknownConversation):
        chat.receive(
            conversation_id=customer.conversation_id, client_id=uuid4(), text=f"write to {world.EMAIL}", now=noon
        )
    assert (ChatMessage.objects.count(), VaultValue.objects.count(), SessionItem.objects.count()) == (before, 0, 0)
    assert Conversation.objects.get().owner == "closed"


def test_a_mail_that_is_being_rendered_does_not_leave(noon, monkeypatch):
    from campaigns import mail
    from campaigns.services import sending
    from campaigns.tests import factories as journeys

    sent = []
    message = journeys.message(now=noon, email=world.EMAIL)
    letter_for = sending.letter_for

    def erased_meanwhile(**kwargs):
        letter = letter_for(**kwargs)
        rights.erase(rights.find(email=world.EMAIL, now=noon), actor="system", reason="asked", now=noon)
        return letter

    monkeypatch.setattr(sending, "letter_for", erased_meanwhile)
    monkeypatch.setattr(mail, "send", sent.append)
    campaigns.deliver(message=message, now=noon)
    message.refresh_from_db()
    assert (sent, message.state, message.last_error_code) == ([], "cancelled", "erased")
    assert Enrollment.objects.get().state == "stopped"


def test_a_post_that_is_being_prepared_does_not_leave(customer, noon, monkeypatch):
    from leads import delivery

    posted = []
    Submission.objects.update(state="claimed", attempts=1, sent_at=None, result="", claimed_until=noon)
    row = Submission.objects.select_related("lead", "buyer").get()
    rights.erase(rights.find(email=world.EMAIL, now=noon), actor="system", reason="asked", now=noon)
    monkeypatch.setattr(delivery, "post", lambda *args, **kwargs: posted.append(args))
    with pytest.raises(submitting.ClaimLost):
        submitting._ask_or_post(row, now=noon)
    assert posted == []
    assert Submission.objects.get().state == "cancelled"


def test_a_check_that_waits_is_not_pulled(customer, noon):
    from credit.tests.factories import CreditCheckFactory, CreditConsentFactory

    visitor = Visitor.objects.get(pk=customer.visitor_id)
    check = CreditCheckFactory(consent=CreditConsentFactory(visitor=visitor))
    rights.erase(rights.find(email=world.EMAIL, now=noon), actor="system", reason="asked", now=noon)
    check.refresh_from_db()
    assert (check.state, check.sent_at) == ("cancelled", None)


def test_an_open_notice_keeps_the_contact_until_it_is_sent(customer, noon):
    from credit.models import NoticeDuty

    duty = NoticeDuty.objects.create(
        visitor_id=customer.visitor_id, kind="adverse_action", reason="no_hit", opened_at=noon,
        due_at=noon + timedelta(days=30), key="check:1",
    )  # fmt: skip
    report = rights.erase(rights.find(email=world.EMAIL, now=noon), actor="system", reason="asked", now=noon)
    assert not report.complete
    assert Visitor.objects.get(pk=customer.visitor_id).email == world.EMAIL
    assert not VaultValue.objects.exists()
    NoticeDuty.objects.filter(pk=duty.pk).update(state="sent", settled_at=noon)
    assert rights.finish_due(now=noon + timedelta(days=2)) == 1
    assert Visitor.objects.get(pk=customer.visitor_id).email == ""


def test_a_suppressed_address_stays_suppressed_when_it_is_imported_again(customer, noon, tmp_path):
    rights.erase(rights.find(email=world.EMAIL, now=noon), actor="system", reason="asked", now=noon)
    path = tmp_path / "again.csv"
    path.write_text(f"external_id,email,first_name,step\nA-1,{world.EMAIL},Zeb,3\n")
    call_command("import_applications", str(path), site="shop", stdout=io.StringIO())
    row = Application.objects.get(external_id="A-1")
    Application.objects.filter(pk=row.pk).update(status="abandoned", abandoned_at=noon, abandonments=1)
    from visitors import services as visitors

    visitors.record_consent(
        visitor_id=row.visitor_id, kind="marketing_email", locale="en", act="ticked", element_id="b", page="/", ip="",
        user_agent="", shown_at=noon, now=noon,
    )  # fmt: skip
    journey = campaigns.enrol(application_id=row.pk, now=noon)
    assert (journey.state, journey.stop_reason) == ("stopped", "suppressed")
    assert not Message.objects.filter(enrollment=journey).exists()
