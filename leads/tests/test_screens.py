"""Figures come from rows, the admin masks, the seeds are repeatable, the sandbox command serves."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from leads import seeds, selectors, services, submitting
from leads.models import Buyer, Lead
from leads.sandbox import demo_secret
from leads.tests.factories import BuyerFactory, make_lead, plain_leads
from visitors.tests.factories import KnownVisitorFactory

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def two(buyer, dealer, now):
    """One accepted and one rejected lead."""
    for name in ("Archer", "Rejected"):
        lead = make_lead(visitor=KnownVisitorFactory(last_name=name))
        submission = services.request_submission(lead_id=lead.pk, now=now).submission_id
        submitting.deliver(submission_id=submission, now=now)


def test_figures_and_acceptance_are_counted(two, now):
    since = now - timedelta(hours=1)
    figures = selectors.figures(since=since)
    assert (figures["total"], figures["accepted"], figures["rejected"], figures["failed"]) == (2, 1, 1, 0)
    assert selectors.acceptance(since=since) == {"accepted": 1, "rejected": 1, "parked": 0, "waiting": 0, "share": 0.5}
    assert len(selectors.latency_ms(since=since)) == 2


def test_without_rows_there_is_no_share(db, now):
    assert selectors.acceptance(since=now)["share"] is None


def test_the_table_masks_pages_and_finds_by_id(db):
    leads = plain_leads(5)
    assert len(selectors.table(limit=2, offset=4)) == 1
    [row] = selectors.table(search=str(leads[3].pk))
    assert (row["id"], row["email"]) == (leads[3].pk, "a***@g***.com")
    assert selectors.table(search="ann3@gmail.com") == []
    assert selectors.count(status="packaged") == 5


def test_detail_of_an_unknown_lead_is_none(db):
    from uuid import uuid4

    assert selectors.detail(lead_id=uuid4()) is None


def test_the_mode_says_live_as_soon_as_one_buyer_is_real(db):
    BuyerFactory()
    assert selectors.mode() == "simulated"
    BuyerFactory(slug="real", simulated=False)
    assert selectors.mode() == "live"


def test_the_demo_buyer_is_sown_once_and_renewed(db, now, settings):
    seeds.seed(now)
    seeds.seed(now + timedelta(days=200))
    buyer = Buyer.objects.get()
    assert buyer.simulated
    assert str(buyer) == "Lakeside Motors (simulated)"
    assert buyer.endpoint_url == f"{settings.SANDBOX_URL}/buyer/leads"
    assert buyer.certified_until == now + timedelta(days=565)
    assert buyer.secret == demo_secret("lakeside-motors")


@pytest.mark.parametrize("model", ["buyer", "lead", "submission", "submissionattempt", "disposition"])
def test_every_list_of_the_admin_opens(admin_client, two, model):
    assert admin_client.get(reverse(f"admin:leads_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", ["creditconsent", "creditcheck", "noticeduty", "providerevent"])
def test_every_list_of_the_credit_admin_opens(admin_client, two, model):
    assert admin_client.get(reverse(f"admin:credit_{model}_changelist")).status_code == 200


def test_the_admin_shows_a_lead_masked(admin_client, two):
    lead = Lead.objects.filter(status="accepted").get()
    text = admin_client.get(reverse("admin:leads_lead_change", args=[lead.pk])).content.decode()
    assert "•••-•••-4567" in text
    assert "Archer" not in text
    assert "5551234567" not in text


def test_the_admin_finds_a_lead_by_the_whole_address(admin_client, two):
    lead = Lead.objects.filter(status="accepted").get()
    url = reverse("admin:leads_lead_changelist")
    found = admin_client.get(url, {"q": lead.package["contact"]["email"]}).content.decode()
    assert str(lead.pk) in found
    assert str(lead.pk) not in admin_client.get(url, {"q": "nobody@gmail.com"}).content.decode()


def test_the_admin_never_shows_a_buyers_key_and_keeps_it_when_left_empty(admin_client, db):
    buyer = BuyerFactory()
    url = reverse("admin:leads_buyer_change", args=[buyer.pk])
    assert buyer.secret not in admin_client.get(url).content.decode()
    form = {
        "slug": buyer.slug, "name": "Renamed", "endpoint_url": buyer.endpoint_url, "format": "json", "secret": "",
        "active": "on", "certified_until_0": "2030-01-01", "certified_until_1": "00:00:00", "states": "[]", "rank": "1",
        "simulated": "on",
    }  # fmt: skip
    answer = admin_client.post(url, form)
    assert answer.status_code == 302, answer.context["errors"]
    buyer.refresh_from_db()
    assert (buyer.name, buyer.secret) == ("Renamed", "a-shared-key")


def test_the_sandbox_is_mounted_in_the_web_process(db):
    answer = Client().post("/sandbox/buyer/leads", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


@pytest.mark.slow
def test_the_command_serves_it_alone(tmp_path):
    import os

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "carloans.settings",
    }
    command = [sys.executable, "manage.py", "buyer_sandbox", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            assert wait_for(f"http://127.0.0.1:{port}/leads").status_code == 401
        finally:
            process.terminate()


def wait_for(url, patience=240.0):
    until = time.monotonic() + patience
    while True:
        try:
            return requests.post(url, json={}, timeout=60)
        except requests.ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.mark.parametrize("fault", ["nonsense", "outage:2", "outage:x"])
def test_the_command_refuses_a_fault_that_is_none(fault):
    with pytest.raises(CommandError):
        call_command("buyer_sandbox", "--fault", fault)
