"""The sentence gate: nothing leaves unchecked, however the text is cut into deltas."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from agents.testing import ModelStep, ScriptedModel
from hypothesis import given
from hypothesis import strategies as st
from openai.types.responses import Response, ResponseCompletedEvent, ResponseOutputMessage, ResponseOutputRefusal

from carloans.core.errors import Bug
from cathy.engine import Context, Guards, guarded_tool
from cathy.engine.gate import CHUNK, Gate, MessageGate, ResponseGate, sentence_end
from cathy.engine.provider import stand_in
from cathy.engine.testing import call, say, scripted
from cathy.tests.support import GUARDS, Sentence, a_record, asked, check, reply, shown, speaker


def released(deltas: list[str], checker: Any = check) -> str:
    gate = Gate(checker, locale="en", record=a_record())
    message = MessageGate(ResponseGate(gate))
    out = [text for delta in deltas for text in message.feed(delta)]
    return "".join([*out, *message.close("".join(deltas))])


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("Hello", 0),
        ("Hello.", 0),
        ("Hello. How", 7),
        ("It costs 3.5 points", 0),
        ("Ask Mr. Smith about it", 0),
        ("See e.g. the form", 0),
        ("La Sra. Paz llamará", 0),
        ("1. Vehicle", 0),
        ("First line\nsecond", 11),
        ('She said "yes." Then', 16),
        ("¿Listo? Sí", 8),
        ("Well… then", 6),
    ],
)
def test_where_a_sentence_ends(text, end):
    assert sentence_end(text) == end


def test_an_endless_sentence_is_cut_after_a_clause_and_not_inside_a_word():
    text = "word " * 30 + "clause, " + "word " * 30
    assert text[: sentence_end(text)].endswith("clause, ")
    unbroken = "word " * 60
    assert unbroken[: sentence_end(unbroken)].endswith("word ")
    assert sentence_end("x" * 300) == CHUNK


TEXT = "Good question. I can say that you are guaranteed to be approved today. Shall we go on? It is easy."
SAFE = "Good question. A person can tell you more."


def test_a_violation_split_over_every_pair_of_deltas_is_stopped():
    for cut in range(len(TEXT)):
        assert released([TEXT[:cut], TEXT[cut:]]) == SAFE


@given(st.lists(st.integers(0, len(TEXT)), max_size=12))
def test_a_violation_split_anyhow_is_stopped(cuts):
    edges = [0, *sorted(cuts), len(TEXT)]
    assert released([TEXT[a:b] for a, b in itertools.pairwise(edges)]) == SAFE


SEEN = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"), include_characters="\n\t"
)


@given(st.text(alphabet=SEEN, max_size=600), st.integers(1, 40))
def test_innocent_text_passes_unchanged(text, size):
    def pass_all(text_so_far: str, sentence: str, *, locale: str, context: str | None = None) -> Sentence:
        return Sentence()

    assert released([text[at : at + size] for at in range(0, len(text), size)], pass_all) == text


def test_the_check_sees_what_was_released_before():
    seen: list[tuple[str, str]] = []

    def spy(text_so_far: str, sentence: str, *, locale: str, context: str | None = None) -> Sentence:
        seen.append((text_so_far, sentence))
        return Sentence()

    released(["One. Two", ". Three."], spy)
    assert seen == [("", "One. "), ("One. ", "Two. "), ("One. Two. ", "Three.")]


def told_when(deltas: list[str]) -> list[tuple[str, int]]:
    """What the check was asked to read, and how many deltas had come by then."""
    asked_for: list[tuple[str, int]] = []
    fed: list[str] = []

    def spy(text_so_far: str, sentence: str, *, locale: str, context: str | None = None) -> Sentence:
        asked_for.append((text_so_far + sentence, len(fed)))
        return Sentence()

    message = MessageGate(ResponseGate(Gate(spy, locale="en", record=a_record())))
    for delta in deltas:
        fed.append(delta)
        list(message.feed(delta))
    return asked_for


def test_a_sentence_is_read_while_the_model_thinks_of_its_next_word():
    assert told_when(["It is", " saved", ".", " Shall"]) == [("It is saved.", 3), ("It is saved. ", 4)]
    assert told_when(['He said "no', '."', " Then"]) == [('He said "no."', 2), ('He said "no." ', 3)]


def test_what_may_go_on_is_not_read_before_its_time():
    assert told_when(["It is 3", ".", "5 points", " of it"]) == []
    assert told_when(["Ask Mr", ".", " Smith"]) == []
    assert told_when(["One is done. Two is", " done."]) == [("One is done. ", 1), ("One is done. Two is done.", 2)]


def test_no_sentence_waits_on_its_way_for_another_to_be_read():
    assert told_when(["One. Two."]) == [("One. ", 1)]


def test_an_empty_replacement_drops_the_sentence_and_the_rest():
    def drop(text_so_far: str, sentence: str, *, locale: str, context: str | None = None) -> Sentence:
        return Sentence(replacement="", rule="pressure") if "hurry" in sentence else Sentence()

    assert released(["Take your time. Or hurry! Bye."], drop) == "Take your time. "


def test_nothing_follows_in_a_later_message_of_the_same_answer():
    gate = Gate(check, locale="en", record=a_record())
    items = [*say("You are guaranteed a loan.").output, *say("Congratulations!").output]
    kept = ResponseGate(gate).whole(items)
    said = [part.text for item in kept for part in getattr(item, "content", [])]
    assert said == ["A person can tell you more."]


def test_a_refusal_is_kept_for_the_runner_to_see():
    gate = Gate(check, locale="en", record=a_record())
    refusal = ResponseOutputRefusal(type="refusal", refusal="I will not.")
    item = ResponseOutputMessage(type="message", id="m", role="assistant", status="completed", content=[refusal])
    (kept,) = ResponseGate(gate).whole([item])
    assert kept.content == [ResponseOutputRefusal(type="refusal", refusal="refused")]


@pytest.mark.django_db
class TestThroughTheRunner:
    def test_the_check_knows_what_was_asked(self):
        asked_for: list[str | None] = []

        def spy(text_so_far: str, sentence: str, *, locale: str, context: str | None = None) -> Sentence:
            asked_for.append(context)
            return Sentence()

        with scripted("chat-main", say("Absolutely!")):
            reply(speaker(), "will I be approved?", guards=Guards(inspect=GUARDS.inspect, check_sentence=spy))
        assert set(asked_for) == {"will I be approved?"}

    def test_an_unsafe_sentence_beside_a_tool_call_reaches_neither_screen_nor_model(self):
        @guarded_tool
        async def note(context: Context) -> str:
            """Note."""
            return "noted"

        both = [*say("You are guaranteed a loan. Let me note it.").output, *call("note").output]
        model = ScriptedModel([ModelStep(output=both), say("Noted.")])
        with stand_in("chat-main", model):
            events = reply(speaker(note), "hi")
        assert shown(events) == "A person can tell you more. Noted."
        assert "guaranteed" not in str(asked(model).input)

    def test_a_model_without_deltas_is_gated_as_well(self):
        output = say("Fine. You are guaranteed a loan.").output
        done = ResponseCompletedEvent(
            type="response.completed",
            sequence_number=0,
            response=Response(
                id="r",
                created_at=0,
                model="m",
                object="response",
                tool_choice="auto",
                tools=[],
                parallel_tool_calls=False,
                output=list(output),
                status="completed",
            ),
        )
        with stand_in("chat-main", ScriptedModel([ModelStep.stream([done])])):
            assert shown(reply(speaker(), "hi")) == "Fine. A person can tell you more."

    def test_a_check_that_crashes_lets_nothing_out(self):
        def broken(text_so_far: str, sentence: str, *, locale: str, context: str | None = None) -> Sentence:
            raise RuntimeError("planted")

        events: list[Any] = []
        with scripted("chat-main", say("Hello. You there?")), pytest.raises(Bug):
            events = reply(speaker(), "hi", guards=Guards(inspect=GUARDS.inspect, check_sentence=broken))
        assert events == []
