"""`converse --jsonl`: one answer for each turn, nothing left behind."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from chat import reading
from chat.models import Conversation, Message
from chat.tests.sockets import cathy_says

pytestmark = [pytest.mark.django_db(transaction=True)]


def converse(monkeypatch, *lines, status=0, **options):
    raw = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    monkeypatch.setattr("sys.stdin", StringIO(raw))
    out = StringIO()
    if status:
        with pytest.raises(SystemExit) as caught:
            call_command("converse", "--jsonl", stdout=out, **options)
        assert caught.value.code == status
    else:
        call_command("converse", "--jsonl", stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_answers_each_line_with_its_id_and_what_was_made_of_it(monkeypatch):
    with cathy_says("Gladly."):
        [answer] = converse(monkeypatch, {"id": "a", "text": "Are you a bot?"})
    assert answer == {
        "id": "a", "text": "Gladly.", "intent": "ask_if_bot", "slots": {}, "tools": [], "owner": "ai", "blocked": False,
    }  # fmt: skip


def test_a_bad_line_is_reported_and_the_rest_is_done(monkeypatch):
    with cathy_says("Gladly."):
        answers = converse(monkeypatch, "{", {"id": 2}, {"id": 3, "text": "Hello"}, status=1)
    assert [sorted(answer) for answer in answers[:2]] == [["error", "id"], ["error", "id"]]
    assert (answers[2]["id"], answers[2]["text"]) == (3, "Gladly.")


def test_many_turns_at_once_are_no_burst(monkeypatch):
    with cathy_says("Gladly."):
        answers = converse(monkeypatch, *({"id": n, "text": f"Question {n}"} for n in range(8)))
    assert [answer["text"] for answer in answers] == ["Gladly."] * 8


def test_a_new_session_starts_afresh(monkeypatch):
    def plan(turn):
        from cathy.simulation.contract import Say

        return [Say(f"I have heard {sum(1 for item in turn.items if item.get('role') == 'user')}.")]

    with cathy_says(plan):
        lines = [{"id": 1, "text": "a", "session": "x"}, {"id": 2, "text": "b"}, {"id": 3, "text": "c", "session": "y"}]
        answers = converse(monkeypatch, *lines)
    assert [answer["text"] for answer in answers] == ["I have heard 1.", "I have heard 2.", "I have heard 1."]


def test_a_hand_off_shows_in_the_owner(monkeypatch):
    with cathy_says("One moment."):
        [answer] = converse(monkeypatch, {"id": 1, "text": "I want to talk to a person"})
    assert answer["owner"] == "queue"


def test_speaks_spanish(monkeypatch):
    [answer] = converse(monkeypatch, {"id": 1, "text": "Hola, ¿es usted un robot?"}, lang="es")
    assert "asistente de inteligencia artificial" in answer["text"]


def test_leaves_no_conversation_behind(monkeypatch):
    with cathy_says("Gladly."):
        converse(monkeypatch, {"id": 1, "text": "My number is 555-123-4567"})
    assert (Conversation.objects.count(), Message.objects.count()) == (0, 0)
    assert reading.conversations() == []
