"""From the customer's press to the dealer's receipt, with every agent, task and provider real but simulated."""

from __future__ import annotations

import json
import threading
from uuid import uuid4

import pytest

from carloans.core import sandboxing
from carloans.core.models import ErrorRecord, FeedEvent
from cathy.models import AgentRun, ToolCall
from credit.sandbox import PULLS, FlexPathSandbox
from credit.services import give_consent_and_request
from leads import agent
from leads.models import Lead, Submission
from leads.tests.factories import agree, make_lead
from visitors import selectors as visitors
from visitors.tests.factories import ApplicationFactory, KnownVisitorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(settings, dealer):
    """The credit sandbox beside the dealer's, in the same store."""
    server = sandboxing.make_sandbox_server(FlexPathSandbox())
    settings.FLEXPATH_API_URL = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def customer_presses(bureau, buyer, now, django_capture_on_commit_callbacks):
    def do(phone="+15551234567", *, agreed=True):
        application = ApplicationFactory(visitor=KnownVisitorFactory(phone=phone))
        if agreed:
            agree(application.visitor, buyer.slug)
        text = visitors.consent_text(visitor_id=application.visitor_id, kind="soft_pull", locale="en")
        with django_capture_on_commit_callbacks(execute=True):
            return give_consent_and_request(
                visitor_id=application.visitor_id,
                application_id=application.pk,
                conversation_id=None,
                locale="en",
                shown_version=text.version,
                shown_sha256=text.sha256,
                shown_at=now,
                ip="192.0.2.7",
                user_agent="test",
                now=now,
            )

    return do


def test_a_prequalified_customer_becomes_an_accepted_lead(customer_presses, dealer):
    customer_presses()
    lead = Lead.objects.get()
    assert (lead.status, lead.summary_source, dealer.taken()) == ("accepted", "agent", 1)
    assert json.loads(dealer.bodies[0])["summary"] == lead.summary
    assert sandboxing.accepted_count(PULLS) == 1
    assert set(AgentRun.objects.values_list("agent", "outcome")) == {("CreditCheck", "ok"), ("LeadPackaging", "ok")}
    assert ToolCall.objects.filter(name="submit_lead", ok=True).count() == 1
    assert not ErrorRecord.objects.exists()


def test_the_feed_tells_the_story_in_order(customer_presses):
    customer_presses()
    kinds = list(FeedEvent.objects.order_by("id").values_list("kind", flat=True))
    told = [kind for kind in kinds if kind.startswith(("credit.", "lead."))]
    assert told == ["credit.requested", "credit.decided", "lead.packaged", "lead.submitted", "lead.accepted"]


def test_a_customer_without_an_offer_is_never_submitted(customer_presses, dealer):
    customer_presses("+15553210987")
    assert not Lead.objects.exists()
    assert not Submission.objects.exists()
    assert dealer.requests == []


def test_without_consent_the_lead_waits_although_the_agent_asks(customer_presses, dealer):
    customer_presses(agreed=False)
    lead = Lead.objects.get()
    assert (lead.status, dealer.requests) == ("waiting_consent", [])
    assert ToolCall.objects.filter(name="submit_lead", ok=True).exists()


def test_a_repeated_press_makes_no_second_lead_and_no_second_pull(customer_presses, buyer, dealer, now):
    check = customer_presses()
    assert Lead.objects.get().credit_check_id == check.pk
    text = visitors.consent_text(visitor_id=check.visitor_id, kind="soft_pull", locale="en")
    give_consent_and_request(
        visitor_id=check.visitor_id,
        application_id=check.application_id,
        conversation_id=uuid4(),
        locale="en",
        shown_version=text.version,
        shown_sha256=text.sha256,
        shown_at=now,
        ip="",
        user_agent="",
        now=now,
    )
    assert (Lead.objects.count(), sandboxing.accepted_count(PULLS)) == (1, 1)


@pytest.mark.slow
def test_with_the_models_out_of_reach_the_lead_still_arrives(customer_presses, dealer, settings):
    settings.OPENAI_API_KEY = "key"
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    customer_presses()
    lead = Lead.objects.get()
    assert (lead.status, lead.summary_source, dealer.taken()) == ("accepted", "rule", 1)
    assert set(ErrorRecord.objects.values_list("where", "category")) == {
        ("credit.agent", "network"),
        ("leads.agent", "network"),
    }


def test_the_packagers_tool_takes_no_argument():
    assert agent.submit_lead.sdk.params_json_schema.get("properties", {}) == {}


def test_the_packager_sees_no_personal_data(buyer, dealer, monkeypatch):
    from cathy.simulation.brains import leads as brain
    from leads import tasks

    seen, real = [], brain.plan
    monkeypatch.setattr(brain, "plan", lambda turn: seen.append(repr(turn)) or real(turn))
    tasks.finish_lead(lead_id=str(make_lead().pk))
    assert seen
    for secret in ("Ann", "Archer", "5551234567", "gmail", "Acme", "420000"):
        assert secret not in " ".join(seen)
