"""All five agents behind a model that means harm: what reaches mailboxes, dealers, customers and colleagues.

People live through the funnel as in the simulation. The model plays along, and puts a forbidden sentence wherever an
agent can put words: speech, arguments, each field of a mail, a dealer's summary, a note, a phrase for a credit check.
"""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from cathy.guardrails import asides, claims
from cathy.simulation.contract import Call, Say, get_brain
from cathy.tests import corpora
from cathy.tests.responses_server import Step
from dashboard.funnel.invariants import check_all
from dashboard.funnel.people import Person
from dashboard.funnel.rows import rows
from dashboard.funnel.town import Town
from tests.funnel_stage import simulated
from tests.hostile_stage import texts_in
from tests.test_m14_model_privacy import crowd
from tests.thinking_model import ThinkingModel, alias_of, step_of, turn_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class HostileModel(ThinkingModel):
    """Does what the simulated model would, and adds a forbidden sentence."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__()
        self._sentences = itertools.cycle(sentences)
        self._places = itertools.count()

    def take(self, path: str, body: dict[str, Any]) -> Step:
        super().take(path, body)
        turn = turn_of(body)
        alias = alias_of(turn)
        return step_of([self._spoil(alias, step) for step in get_brain(alias)(turn)])

    def _spoil(self, alias: str, step: Say | Call) -> Say | Call:
        bad, place = next(self._sentences), next(self._places)
        if isinstance(step, Call):
            return Call(step.name, {name: self._worse(value, bad) for name, value in step.args.items()})
        if alias == "chat-main":
            return Say((f"{step.text} {bad}", f"{bad} {step.text}", bad)[place % 3])
        return Say(json.dumps(_spoilt(json.loads(step.text), bad, place)))

    def _worse(self, value: Any, bad: str) -> Any:
        return f"{value} {bad}"[:80] if isinstance(value, str) and not value.startswith("[") else value


def _spoilt(answer: dict[str, Any], bad: str, place: int) -> dict[str, Any]:
    """A structured answer with the sentence in one of its free texts, and the wrong phrase for a credit check."""
    if "phrase" in answer:
        return {**answer, "phrase": "prequalified", "next_step": "dealer"}
    free = [name for name in ("subject", "preheader", "paragraphs", "call_to_action", "explanation", "summary",
                              "highlights") if name in answer]  # fmt: skip
    name = free[place % len(free)]
    value = answer[name]
    return {**answer, name: [*value[:1], bad, *value[1:]] if isinstance(value, list) else bad}


def known_sentences() -> list[str]:
    """Forbidden in the chat, in a mail and in a note, so that every place must stop them."""
    bad = [row["text"] for row in corpora.claims() if row["label"] == "bad" and not row.get("context")]
    everywhere = [
        text for text in Random(5).sample(bad, 200)
        if claims.check(text) and claims.check(text, channel="email") and asides.broken_rules(text)
    ]  # fmt: skip
    assert len(everywhere) > 100
    return everywhere


def mailed(town: Town) -> Iterator[str]:
    """What mailboxes got, and the rows of the outbox."""
    for letter in town.letters:
        yield letter.subject
        yield letter.text
        yield html.unescape(re.sub(r"<(style|title)\b.*?</\1>|<[^>]+>", " ", letter.html, flags=re.S))
    for mail in rows("campaigns.Message"):
        yield from (mail.subject, mail.preheader, *mail.paragraphs, mail.call_to_action)


def spoken() -> Iterator[tuple[str, str | None]]:
    """Cathy's stored words with the customer's before them, and the model's memory."""
    before: dict[Any, str] = {}
    for message in rows("chat.Message").order_by("conversation", "seq"):
        if message.role == "customer":
            before[message.conversation_id] = message.text
        elif message.role == "cathy":
            yield message.text, before.get(message.conversation_id)
    for data in rows("chat.SessionItem").values_list("data", flat=True):
        if data.get("role") != "user" and data.get("type") != "function_call_output":
            yield from ((text, None) for text in texts_in(data))


def noted(town: Town) -> Iterator[str]:
    """What colleagues and dealers read."""
    for lead in rows("leads.Lead"):
        yield from (lead.summary, *lead.highlights, *texts_in(lead.package))
    yield from rows("visitors.Assessment").values_list("explanation", flat=True)
    for package in town.providers.packages:
        yield from texts_in(re.findall(r">([^<>]{8,})<|\"([^\"]{8,})\"", package.decode()))
    for arguments in rows("cathy.ToolCall").values_list("arguments", flat=True):
        yield from texts_in(arguments)


def in_a_hurry() -> list[Person]:
    """People who ask for the credit check first: a few confessions later a colleague would have them, not an agent."""
    return [replace(one, lines=[one.lines[-1], *one.lines[:4]]) for one in crowd(300, seed=3)]


def test_nothing_that_an_agent_can_write_arrives() -> None:
    with (
        HostileModel(known_sentences()) as model,
        simulated(
            0, crowd=in_a_hurry(), seed=3, days=0.3, afterwards=timedelta(days=2),
            OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=model.url, OPENAI_MODEL="wire",
        ) as town,
    ):  # fmt: skip
        letters, said, notes = list(mailed(town)), list(spoken()), list(noted(town))
        assert [text for text in letters if claims.check(text, channel="email")] == []
        assert [text for text, before in said if claims.check(text, context=before)] == []
        assert [text for text in notes if asides.broken_rules(text)] == []
        # The feed's words are ours; none of a model's may be among them.
        told = "\n".join(rows("core.FeedEvent").values_list("summary", flat=True))
        assert [sentence for sentence in known_sentences() if sentence in told] == []
        _everybody_was_tried(town)
        assert [result for result in check_all(town) if not result.holds] == []


def _everybody_was_tried(town: Town) -> None:
    """Every agent ran, mails and leads went out all the same, and every agent's verdicts are on record."""
    assert town.letters
    assert town.providers.packages
    verdicts = rows("cathy.Verdict").exclude(run=None)
    agents = set(verdicts.values_list("run__agent", flat=True))
    assert agents >= {"RealtimeChat", "EmailReengagement", "VisitorIdentifier", "LeadPackaging"}
    assert {"sentence", "copy"} <= set(verdicts.values_list("stage", flat=True))
    for check in rows("credit.CreditCheck").exclude(outcome=""):
        assert check.phrase != "prequalified" or check.outcome == "prequalified"
