"""The simulated provider keeps its own protocol, alone and inside the web process."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from django.core.management import CommandError, call_command
from django.test import Client

from credit.outcomes import PURPOSE
from credit.sandbox import PATH, score_of

ROOT = Path(__file__).resolve().parents[2]


def a_request(phone="+15551234567", **changes):
    consumer = {"phone": phone, "first_name": "John", "last_name": "Doe", "email": "john.doe@gmail.com"}
    consent = {"id": str(uuid4()), "text_sha256": "a" * 64}
    return {"purpose": PURPOSE, "pull": "soft", "consumer": consumer, "consent": consent, **changes}


def post(bureau, key, body, token="Bearer x"):  # noqa: S107  no secret
    headers = {"Authorization": token, "Idempotency-Key": key}
    return requests.post(bureau.url + PATH, json=body, headers=headers, timeout=60)


@pytest.mark.parametrize(("last_four", "score"), [("4567", 825), ("6543", 673), ("7890", 614), ("0987", 304)])
def test_the_rule_is_the_documented_one(last_four, score):
    assert score_of(f"+1555000{last_four}") == score


def test_every_score_is_a_possible_one():
    scores = {score_of(f"+1555000{n:04d}") for n in range(10_000)}
    assert min(scores) >= 300
    assert max(scores) <= 850


def test_the_same_key_gets_the_same_answer_and_pulls_once(bureau):
    key = f"credit-{uuid4()}"
    first, second = (post(bureau, key, a_request()).json() for _ in range(2))
    assert first == second
    assert bureau.pulls(key) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": "marketing"}, "purpose"),
        ({"pull": "hard"}, "pull"),
        ({"consent": {"id": "x", "text_sha256": "short"}}, "consent_text_sha256"),
        ({"consent": {"text_sha256": "a" * 64}}, "consent_id"),
        ({"consumer": {"phone": "123"}}, "phone"),
        ({"consumer": None}, "consumer"),
    ],
)
def test_it_refuses_what_it_may_not_do(bureau, changes, field):
    answer = post(bureau, f"credit-{uuid4()}", a_request(**changes))
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert bureau.pulls() == 0


def test_it_wants_a_key_and_a_token(bureau):
    assert post(bureau, "short", a_request()).status_code == 400
    assert post(bureau, f"credit-{uuid4()}", a_request(), token="").status_code == 401


def test_it_keeps_no_contact_data(bureau, tmp_path):
    post(bureau, f"credit-{uuid4()}", a_request())
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("sandbox.sqlite3*"))
    for secret in (b"5551234567", b"Doe", b"gmail"):
        assert secret not in stored


@pytest.mark.django_db
def test_it_is_mounted_in_the_web_process(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    key = f"credit-{uuid4()}"
    answer = Client().post(
        f"/sandbox/flexpath{PATH}",
        a_request(),
        content_type="application/json",
        headers={"Authorization": "Bearer x", "Idempotency-Key": key},
    )
    assert (answer.status_code, answer.json()["score"]) == (200, 825)
    found = Client().get(f"/sandbox/flexpath{PATH}/{key}", headers={"Authorization": "Bearer x"})
    assert found.json()["id"] == answer.json()["id"]


@pytest.mark.slow
def test_the_command_serves_it_alone(tmp_path):
    port = free_port()
    command = [sys.executable, "manage.py", "flexpath_sandbox", "--port", str(port), "--fault", "outage"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path), stdout=subprocess.DEVNULL) as process:
        try:
            assert wait_for(port, f"credit-{uuid4()}").status_code == 503
        finally:
            process.terminate()


def test_the_command_refuses_an_unknown_fault():
    with pytest.raises(CommandError, match="Unknown fault"):
        call_command("flexpath_sandbox", "--fault", "nonsense")


def environment(folder):
    import os

    return {**os.environ, "DATA_DIR": str(folder), "ENV_FILE": "", "DJANGO_SETTINGS_MODULE": "carloans.settings"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, key, patience=240.0):
    until = time.monotonic() + patience
    headers = {"Authorization": "Bearer x", "Idempotency-Key": key}
    while True:
        try:
            return requests.post(f"http://127.0.0.1:{port}{PATH}", json=a_request(), headers=headers, timeout=60)
        except requests.ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
