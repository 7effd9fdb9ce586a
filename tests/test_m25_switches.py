"""The kill switches: each stops its effect right before it happens, also for work that is queued, retried or in flight,
everywhere, in one state or for one buyer; what was held leaves once when the switch is on again. The judges are the
simulated providers' own records over real HTTP.
"""

# The fixtures of the rooms are used by their names.
# ruff: noqa: F811
from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client
from django.urls import reverse

from campaigns import agent as writer
from campaigns import services as campaigns
from campaigns.models import Message
from campaigns.services import sending
from campaigns.tests import factories as mails
from campaigns.tests.conftest import Provider, provider  # noqa: F401
from carloans.core import audit, switches
from carloans.core.errors import BadInput, ExternalApiError
from carloans.core.models import AuditEntry, FeedEvent, Switch
from cathy.engine.provider import stand_in
from cathy.models import AgentRun
from cathy.simulation.contract import Call, Say
from cathy.simulation.model import SimulatedModel
from chat.models import Conversation
from chat.tests.sockets import cathy_says, chatting
from credit import flexpath, selectors
from credit import services as credit
from credit import tasks as credit_tasks
from credit.models import CreditCheck
from credit.tests.conftest import Bureau, Press, bureau, customer, press  # noqa: F401
from dashboard import roles
from leads import delivery, submitting
from leads import services as leads
from leads import tasks as lead_tasks
from leads.models import Buyer, Lead
from leads.tests.conftest import Dealer, buyer, dealer  # noqa: F401
from leads.tests.factories import make_lead
from visitors import agent as identifier
from visitors.models import Visitor
from visitors.tests.factories import KnownVisitorFactory, make_abandoned

SCOPES = ["all", "state:TX"]
Flip = Callable[..., None]


@pytest.fixture
def flip(now: datetime) -> Flip:
    def do(name: str, on: bool, scope: str = "all") -> None:
        switches.flip(name=name, scope=scope, on=on, reason="drill", actor="staff:1", now=now)

    return do


def elsewhere(work: Callable[[], Any]) -> None:
    """Do something as another process would, on its own connection."""

    def alone() -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(alone).result()


def during(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], None]) -> None:
    """Let something happen while a step of the work is done, the first time."""
    plain, acts = getattr(module, name), [act]

    def slow(*args: Any, **kwargs: Any) -> Any:
        if acts:
            acts.pop()()
        return plain(*args, **kwargs)

    monkeypatch.setattr(module, name, slow)


# send


def carry(message: Message, now: datetime) -> Message:
    fresh = Message.objects.select_related("enrollment").get(pk=message.pk)
    campaigns.deliver(message=fresh, now=now)
    return Message.objects.get(pk=message.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("scope", SCOPES)
def test_m25_a_queued_mail_waits_for_send_and_leaves_once(provider: Provider, flip: Flip, scope: str) -> None:
    message = mails.message(state="TX")
    flip("send", False, scope)
    for hour in range(3):
        assert carry(message, mails.NOON + timedelta(hours=hour)).state == "pending"
    assert provider.posts == []
    flip("send", True, scope)
    assert carry(message, mails.NOON + timedelta(hours=4)).state == "done"
    carry(message, mails.NOON + timedelta(hours=5))
    assert provider.got(message) == 1


@pytest.mark.django_db
def test_m25_a_mail_in_flight_stops_before_the_provider(
    provider: Provider, flip: Flip, monkeypatch: pytest.MonkeyPatch
) -> None:
    during(monkeypatch, sending, "letter_for", lambda: flip("send", False))
    message = carry(mails.message(), mails.NOON)
    assert (message.state, message.attempts, message.last_error_code) == ("pending", 0, "switched_off")
    assert provider.posts == []
    flip("send", True)
    assert carry(message, mails.NOON + timedelta(hours=1)).state == "done"
    assert provider.got(message) == 1


@pytest.mark.django_db
def test_m25_a_retried_mail_asks_what_became_of_it_and_is_not_sent(provider: Provider, flip: Flip) -> None:
    message = mails.message()
    provider.fails_with("error")
    message = carry(message, mails.NOON)
    provider.works()
    flip("send", False)
    for hour in (1, 2):
        assert carry(message, mails.NOON + timedelta(hours=hour)).state == "pending"
    assert (len(provider.posts), provider.lookups) == (1, 2)
    flip("send", True)
    assert carry(message, mails.NOON + timedelta(hours=3)).state == "done"
    assert provider.got(message) == 1


# pull


@pytest.mark.django_db
@pytest.mark.parametrize("scope", SCOPES)
def test_m25_a_queued_check_waits_for_pull_and_is_done_once(
    bureau: Bureau, customer: Visitor, press: Press, flip: Flip, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = press(customer)
    flip("pull", False, scope)
    credit_tasks.run_check(check_id=str(check.pk))
    check.refresh_from_db()
    assert (check.state, check.outcome, check.attempts, bureau.requests) == ("pending", "", 0, [])
    flip("pull", True, scope)
    due = check.due_at
    assert selectors.due_checks(now=due + selectors.NUDGE_GRACE) == [check.pk]
    monkeypatch.setattr(credit_tasks, "utc_now", lambda: due)
    for _ in range(2):
        credit_tasks.run_check(check_id=str(check.pk))
    check.refresh_from_db()
    assert (check.outcome, bureau.pulls(check.idempotency_key)) == ("prequalified", 1)


@pytest.mark.django_db
def test_m25_a_retried_check_stops_even_between_the_question_and_the_pull(
    bureau: Bureau, press: Press, flip: Flip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = press(KnownVisitorFactory.create(phone="+15125550108"))
    with pytest.raises(ExternalApiError):
        credit.start_pull(check_id=check.pk, now=now)
    during(monkeypatch, flexpath, "find", lambda: flip("pull", False))
    with pytest.raises(switches.SwitchedOff):
        credit.start_pull(check_id=check.pk, now=now + timedelta(minutes=2))
    assert bureau.requests == ["POST", "GET"]
    assert bureau.pulls(check.idempotency_key) == 0
    flip("pull", True)
    found = credit.start_pull(check_id=check.pk, now=now + timedelta(minutes=4))
    assert (found.decided, bureau.pulls(check.idempotency_key)) == (True, 1)


@pytest.mark.django_db
def test_m25_a_press_while_pull_is_off_is_refused_and_leaves_no_instruction(
    customer: Visitor, press: Press, flip: Flip
) -> None:
    flip("pull", False, "state:TX")
    with pytest.raises(switches.SwitchedOff):
        press(customer)
    assert not CreditCheck.objects.exists()


# post


@pytest.mark.django_db
@pytest.mark.parametrize("scope", [*SCOPES, "buyer:lakeside-motors"])
def test_m25_a_queued_lead_waits_for_post_and_is_handed_over_once(
    buyer: Buyer, dealer: Dealer, flip: Flip, now: datetime, scope: str, django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    lead = make_lead()
    submission = leads.request_submission(lead_id=lead.pk, now=now).submission_id
    assert submission is not None
    flip("post", False, scope)
    assert submitting.deliver(submission_id=submission, now=now) == "withheld"
    assert dealer.requests == []
    flip("post", True, scope)
    Lead.objects.update(created_at=now - timedelta(days=45), reviewed_at=now - timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert lead_tasks.sweep_held() == 1
    lead.refresh_from_db()
    assert (lead.status, dealer.taken()) == ("accepted", 1)


@pytest.mark.django_db
def test_m25_a_retried_lead_stops_even_between_the_question_and_the_post(
    buyer: Buyer, dealer: Dealer, flip: Flip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = make_lead(visitor=KnownVisitorFactory.create(last_name="Flaky"))
    submission = leads.request_submission(lead_id=lead.pk, now=now).submission_id
    assert submission is not None
    assert submitting.deliver(submission_id=submission, now=now) == "submitting"
    during(monkeypatch, delivery, "ask", lambda: flip("post", False, "buyer:lakeside-motors"))
    later = now + timedelta(minutes=2)
    assert submitting.deliver(submission_id=submission, now=later) == "withheld"
    assert (dealer.requests, dealer.taken()) == (["POST", "GET"], 0)
    flip("post", True, "buyer:lakeside-motors")
    assert leads.request_submission(lead_id=lead.pk, now=later).submission_id == submission
    assert submitting.deliver(submission_id=submission, now=later + timedelta(minutes=2)) == "accepted"
    assert dealer.taken() == 1


@pytest.mark.django_db
def test_m25_another_buyers_switch_holds_nobody_else(buyer: Buyer, dealer: Dealer, flip: Flip, now: datetime) -> None:
    flip("post", False, "buyer:somebody-else")
    flip("post", False, "state:CA")
    submission = leads.request_submission(lead_id=make_lead().pk, now=now).submission_id
    assert submission is not None
    assert submitting.deliver(submission_id=submission, now=now) == "accepted"


# ai


@pytest.mark.django_db
@pytest.mark.parametrize("scope", SCOPES)
def test_m25_the_identifier_judges_by_rule(flip: Flip, now: datetime, scope: str) -> None:
    flip("ai", False, scope)
    assert identifier.judge(application_id=make_abandoned().pk, now=now).source == "rule"
    assert not AgentRun.objects.exists()
    flip("ai", True, scope)
    assert identifier.judge(application_id=make_abandoned().pk, now=now).source == "agent"


@pytest.mark.django_db
@pytest.mark.parametrize("scope", SCOPES)
def test_m25_mails_are_the_hand_written_ones(flip: Flip, scope: str) -> None:
    enrolled = mails.enrolled(state="TX")
    step = enrolled.campaign.steps.first()
    assert step is not None
    flip("ai", False, scope)
    assert writer.compose(reader=mails.reader(enrolled), step=step, now=mails.NOON).source == "template"
    assert not AgentRun.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("scope", SCOPES)
def test_m25_a_check_is_done_by_the_service_alone(
    bureau: Bureau, customer: Visitor, press: Press, flip: Flip, scope: str
) -> None:
    check = press(customer)
    flip("ai", False, scope)
    credit_tasks.run_check(check_id=str(check.pk))
    check.refresh_from_db()
    assert (check.outcome, check.phrase, bureau.pulls(check.idempotency_key)) == ("prequalified", "prequalified", 1)
    assert not AgentRun.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("scope", SCOPES)
def test_m25_a_lead_goes_with_the_rules_summary(
    buyer: Buyer, dealer: Dealer, flip: Flip, scope: str, django_capture_on_commit_callbacks: Any
) -> None:
    lead = make_lead()
    flip("ai", False, scope)
    with django_capture_on_commit_callbacks(execute=True):
        lead_tasks.finish_lead(lead_id=str(lead.pk))
    lead.refresh_from_db()
    assert (lead.status, lead.summary_source, dealer.taken()) == ("accepted", "rule", 1)
    assert not AgentRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_m25_a_flip_in_the_middle_of_a_run_stops_the_next_request(
    bureau: Bureau, customer: Visitor, press: Press, flip: Flip
) -> None:
    """The clerk is asked once and not again; the service ends what it began, with one pull."""
    asked: list[int] = []

    def plan(turn: Any) -> list[Any]:
        asked.append(len(turn.tool_results))
        elsewhere(lambda: flip("ai", False, "state:TX"))
        return [Call("start_soft_pull", {})]

    with stand_in("credit-clerk", SimulatedModel("credit-clerk", plan)):
        check = press(customer)
        credit_tasks.run_check(check_id=str(check.pk))
    check.refresh_from_db()
    assert asked == [0]
    assert (check.outcome, bureau.pulls(check.idempotency_key)) == ("prequalified", 1)
    run = AgentRun.objects.get()
    assert (run.outcome, run.error_code) == ("failed", "switched_off")


@pytest.mark.django_db(transaction=True)
async def test_m25_a_flip_while_cathy_speaks_stops_her_next_request_and_brings_a_person(flip: Flip) -> None:
    asked: list[int] = []

    def plan(turn: Any) -> list[Any]:
        asked.append(1)
        if turn.tool_results:
            return [Say("I must not speak.")]
        elsewhere(lambda: flip("ai", False))
        return [Call("resume_application", {})]

    with cathy_says(plan):
        async with chatting() as (tab, ready):
            await tab.say("Where was I?")
            assert (await tab.until(type="owner"))["owner"] == "queue"
    assert asked == [1]
    assert "I must not speak." not in str(tab.seen)
    assert (await Conversation.objects.aget(pk=ready["conversation"])).note == "not_allowed: switched_off"


# Flipping


@pytest.mark.django_db
def test_m25_a_flip_holds_from_the_next_question_on(flip: Flip) -> None:
    for on in (False, True, False):
        flip("send", on, "state:TX")
        assert switches.is_on("send", state="TX") is on
    assert switches.is_on("send", state="CA")
    assert switches.is_on("post", state="TX")


@pytest.mark.django_db
def test_m25_a_flip_is_in_the_trail_and_in_the_feed_with_who_and_why(now: datetime) -> None:
    assert switches.flip(
        name="post", scope="buyer:lakeside-motors", on=False, reason="request", note="their system is down",
        actor="staff:7", staff="ann", now=now,
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="switch.flipped")
    assert (entry.actor, entry.subject) == ("staff:7", "switch:post:buyer:lakeside-motors")
    assert entry.facts == {
        "name": "post", "scope": "buyer:lakeside-motors", "on": False, "reason": "request", "noted": True,
    }  # fmt: skip
    event = FeedEvent.objects.get(kind="switch.flipped")
    assert (event.severity, "their system is down" in event.summary) == ("error", True)
    (row,) = switches.off()
    assert (row.reason, row.changed_by, row.changed_at) == (
        "Asked for by a buyer or lender: their system is down", "ann", now,
    )  # fmt: skip


@pytest.mark.django_db
def test_m25_flipping_to_where_it_stands_says_nothing(flip: Flip) -> None:
    flip("send", True)
    flip("send", False)
    flip("send", False)
    assert AuditEntry.objects.filter(action="switch.flipped").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "fax"}, "unknown_switch"),
        ({"scope": "state:Texas"}, "unknown_switch"),
        ({"scope": "planet:mars"}, "unknown_switch"),
        ({"reason": ""}, "reason_missing"),
        ({"reason": "because"}, "reason_missing"),
        ({"note": "n" * 121}, "note_too_long"),
        ({"note": "Jane wrote from jane@example.com"}, "note_holds_personal_data"),
        ({"note": "she called from 512-555-0134"}, "note_holds_personal_data"),
    ],
)
def test_m25_what_is_no_flip_is_refused(now: datetime, change: dict[str, str], code: str) -> None:
    given = {"name": "send", "scope": "all", "reason": "drill", "note": "", "actor": "staff:1", **change}
    with pytest.raises(BadInput) as refusal:
        switches.flip(on=False, now=now, **given)
    assert refusal.value.code == code
    assert not Switch.objects.exists()


# The page


@pytest.fixture
def manager(db: None) -> Client:
    return signed_in("mia", "manager")


def signed_in(name: str, role: str) -> Client:
    user = get_user_model().objects.create_user(name, is_staff=True)
    roles.assign(user, role)
    client = Client()
    client.force_login(user)
    return client


def turn(client: Client, **fields: str) -> Any:
    given = {"name": "send", "scope": "all", "to": "off", "reason": "incident", "note": "", **fields}
    return client.post(reverse("dashboard:switch_flip"), given)


def test_m25_a_manager_turns_a_switch_for_one_buyer_and_everybody_sees_it(manager: Client, buyer: Buyer) -> None:
    page = manager.get(reverse("dashboard:switches"))
    assert b"Lakeside Motors" in page.content
    assert turn(manager, name="post", scope="buyer:lakeside-motors").status_code == 302
    assert not switches.is_on("post", buyer="lakeside-motors")
    page = manager.get(reverse("dashboard:switches"))
    assert b"mia" in page.content
    assert b"Provider incident" in page.content
    assert turn(manager, name="post", scope="buyer:lakeside-motors", to="on", reason="over").status_code == 302
    assert switches.is_on("post", buyer="lakeside-motors")


@pytest.mark.parametrize(
    "fields",
    [
        {"scope": "buyer:nobody"},
        {"scope": "state:ZZ"},
        {"scope": ""},
        {"reason": ""},
        {"to": "sideways"},
        {"note": "jane@example.com"},
    ],
)
def test_m25_the_page_refuses_what_is_no_flip(manager: Client, fields: dict[str, str]) -> None:
    assert turn(manager, **fields).status_code == 400
    assert not Switch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["viewer", "agent"])
def test_m25_who_may_not_flip_sees_the_page_and_flips_nothing(role: str) -> None:
    client = signed_in("vic", role)
    assert turn(client).status_code == 403
    page = client.get(reverse("dashboard:switches"))
    assert page.status_code == 200
    assert b"Turn off" not in page.content
    assert not Switch.objects.exists()


PAGES = ["overview", "leads", "applications", "conversations", "outbox", "runs", "notices", "switches"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_m25_every_page_says_what_is_off(manager: Client, flip: Flip, page: str) -> None:
    assert b"The switch " not in manager.get(reverse(f"dashboard:{page}")).content
    flip("pull", False, "state:CA")
    shown = manager.get(reverse(f"dashboard:{page}")).content.decode()
    assert "The switch “pull” is off (state:CA): Drill" in shown


@pytest.mark.django_db
def test_m25_the_banner_costs_one_query_however_many_are_off(flip: Flip, django_assert_num_queries: Any) -> None:
    for state in ("CA", "NY", "TX"):
        flip("send", False, f"state:{state}")
    with django_assert_num_queries(1):
        assert len(switches.off()) == 3


def test_m25_nobody_changes_a_switch_past_the_trail(admin_client: Client) -> None:
    row = Switch.objects.create(name="send", on=True)
    address = reverse("admin:core_switch_change", args=[row.pk])
    assert admin_client.post(address, {"name": "send", "scope": "all", "on": ""}).status_code == 403
    assert admin_client.get(reverse("admin:core_switch_add")).status_code == 403
    row.refresh_from_db()
    assert row.on
    assert audit.about("switch:send:all") == []
