"""The simulated provider behaves as the real one does, as far as our client can tell."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import uuid4

import pytest
import requests
from django.core.management import CommandError, call_command

from campaigns import sandbox
from carloans.core.sandboxing import recall

DOMAIN = "mail.carloans.example"


def form(**changes: str) -> dict[str, str]:
    base = {"from": "Cathy <cathy@mail.carloans.example>", "to": "jane@example.com", "subject": "Hi", "text": "Hello"}
    return {name: value for name, value in (base | changes).items() if value}


def post(
    settings: Any, data: dict[str, str], *, key: str = "simulated", domain: str = DOMAIN, timeout: float = 60.0
) -> requests.Response:
    url = f"{settings.MAILGUN_API_URL}/{domain}/messages"
    return requests.post(url, data=data, auth=("api", key), timeout=timeout)


def log(settings: Any, message_id: str) -> list[tuple[str, str]]:
    url = f"{settings.MAILGUN_API_URL}/{DOMAIN}/events"
    answer = requests.get(url, params={"message-id": message_id}, auth=("api", "simulated"), timeout=60)
    return [(item["event"], item["id"]) for item in answer.json()["items"]]


def test_an_accepted_mail_is_queued_and_found_in_the_log(provider, settings):
    message_id = f"{uuid4()}@{DOMAIN}"
    answer = post(settings, form(**{"h:Message-Id": f"<{message_id}>", "v:message_uuid": "x"}))
    assert answer.status_code == 200
    assert answer.json() == {"id": f"<{message_id}>", "message": "Queued. Thank you."}
    assert [event for event, _ in log(settings, message_id)] == ["accepted", "delivered"]


def test_the_same_mail_twice_is_two_mails(provider, settings):
    """Nothing protects a client that sends again: exactly once is ours to get right."""
    message_id = f"{uuid4()}@{DOMAIN}"
    for _ in range(2):
        post(settings, form(**{"h:Message-Id": message_id}))
    accepted = [key for event, key in log(settings, message_id) if event == "accepted"]
    assert len(accepted) == len(set(accepted)) == 2


def test_the_log_knows_nothing_of_a_mail_that_never_came(provider, settings):
    assert log(settings, f"{uuid4()}@{DOMAIN}") == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from": ""}, "from parameter is missing"),
        ({"to": ""}, "to parameter is missing"),
        ({"to": "nobody"}, "'to' parameter is not a valid address. please check documentation"),
        ({"from": "Cathy"}, "'from' parameter is not a valid address. please check documentation"),
        ({"text": ""}, "Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified"),
    ],
)
def test_an_incomplete_mail_is_refused_in_mailguns_words(provider, settings, changes, words):
    answer = post(settings, form(**changes))
    assert (answer.status_code, answer.json()["message"]) == (400, words)


def test_who_may_send_from_where(provider, settings):
    assert post(settings, form(), key="wrong").status_code == 401
    assert post(settings, form(), key="wrong").text == "Forbidden"
    assert post(settings, form(), domain="other.example").status_code == 404
    assert requests.get(settings.MAILGUN_API_URL, timeout=60).text == "Mailgun Magnificent API"


def test_a_mail_may_come_as_multipart(provider, settings):
    url = f"{settings.MAILGUN_API_URL}/{DOMAIN}/messages"
    fields = {name: (None, value) for name, value in form().items()}
    assert requests.post(url, files=fields, auth=("api", "simulated"), timeout=60).status_code == 200


@pytest.mark.parametrize(
    ("fault", "status"),
    [("error", 500), ("outage", 503), ("rate_limited", 429), ("unauthorized", 401), ("refused", 400)],
)
def test_a_fault_answers_and_accepts_nothing(provider, settings, fault, status):
    message_id = f"{uuid4()}@{DOMAIN}"
    provider.fails_with(fault)
    assert post(settings, form(**{"h:Message-Id": message_id})).status_code == status
    provider.works()
    assert log(settings, message_id) == []


def test_a_fault_can_be_asked_for_by_the_recipient(provider, settings):
    assert post(settings, form(to="jane+fault-error@example.com")).status_code == 500
    assert post(settings, form(to="jane@example.com")).status_code == 200


@pytest.mark.parametrize(("fault", "accepted"), [("stall", 0), ("stall_after_accept", 1)])
def test_a_stall_leaves_the_client_in_the_dark(provider, settings, fault, accepted):
    message_id = f"{uuid4()}@{DOMAIN}"
    provider.fails_with(fault)
    with pytest.raises(requests.Timeout):
        post(settings, form(**{"h:Message-Id": message_id}), timeout=0.05)
    provider.works()
    assert len([1 for event, _ in log(settings, message_id) if event == "accepted"]) == accepted


def test_nothing_personal_is_kept(provider, settings):
    message_id = f"{uuid4()}@{DOMAIN}"
    post(settings, form(to="secret.person@example.com", text="secret words", **{"h:Message-Id": message_id}))
    kept = str(recall("mail", message_id))
    assert message_id in kept
    assert "secret" not in kept


class Receiver(BaseHTTPRequestHandler):
    answers: list[int] = []
    calls: list[bytes] = []

    def do_POST(self) -> None:
        self.calls.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.end_headers()

    def log_message(self, *args) -> None:
        return


@pytest.fixture
def receiver():
    Receiver.answers, Receiver.calls = [], []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def calls(count: int) -> list[bytes]:
    deadline = time.monotonic() + 60
    while len(Receiver.calls) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    return Receiver.calls


@pytest.mark.parametrize(
    ("outcome", "events"),
    [
        ("delivered", ["delivered"]),
        ("bounced", ["failed"]),
        ("deferred", ["failed"]),
        ("complained", ["delivered", "complained"]),
        ("clicked", ["delivered", "opened", "clicked"]),
    ],
)
def test_an_outcome_is_reported_to_the_webhook(provider, settings, receiver, outcome, events):
    provider.account.webhook_url = receiver
    post(settings, form(to=f"jane+outcome-{outcome}@example.com"))
    found = calls(len(events))
    assert [event for event in events if any(f'"event": "{event}"'.encode() in call for call in found)] == events
    assert len(found) == len(events)


def test_a_webhook_is_repeated_after_a_fault_and_never_after_406(provider, settings, receiver, monkeypatch):
    monkeypatch.setattr(sandbox, "WEBHOOK_RETRIES", (0.01, 0.01))
    provider.account.webhook_url = receiver
    Receiver.answers = [500, 503, 200]
    post(settings, form())
    assert len(calls(3)) == 3
    Receiver.calls.clear()
    Receiver.answers = [406]
    post(settings, form())
    assert len(calls(1)) == 1


def test_a_fault_is_named_exactly():
    assert sandbox.parse_fault("error:0.25") == sandbox.Fault("error", 0.25)
    for nonsense in ("nothing", "error:2", "error:x"):
        with pytest.raises(ValueError, match=r"fault|float|rate"):
            sandbox.parse_fault(nonsense)
    with pytest.raises(CommandError, match="Unknown fault"):
        call_command("mail_sandbox", "--fault", "nothing")


def test_a_rate_strikes_that_share_of_the_requests(provider, settings):
    provider.account.chance.seed(7)
    provider.account.faults = (sandbox.Fault("error", 0.5),)
    answers = [post(settings, form()).status_code for _ in range(40)]
    assert 10 <= answers.count(500) <= 30
