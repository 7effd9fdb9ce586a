"""What redaction promises for any text at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carloans.core.privacy import Span, redact, scrub
from carloans.core.privacy.recognisers import RECOGNISERS
from carloans.core.privacy.redaction import find
from carloans.core.privacy.spans import PRIORITY, resolve
from carloans.core.tests.processor import seconds
from carloans.core.text import words
from carloans.core.text.fold import fold

WORDS = words(
    """
    ssn social last four card visa account routing dob born license zip email at dot gmail com call my is 512 555 0188
    4111 1111 123-45-6789 021000021 one two five oh double @ - . ( ) + x12 TX St 12 Main GB82 WEST 1985 May / ::
    fe80 :: & , $ % [PHONE] [SSN] ５ 5️⃣ é
    """
)
PIECES = st.sampled_from([*sorted(WORDS), "\u200b", "\x00", "\n", " "])
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES, max_size=30).map("".join)
)


@given(text=TEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_gives_ordered_spans_inside_it_and_the_rest_untouched(text):
    redacted = redact(text)
    position, rebuilt = 0, ""
    for span in redacted.spans:
        assert position <= span.start < span.end <= len(text)
        assert span.type in PRIORITY
        rebuilt += text[position : span.start] + f"[{span.type}]"
        position = span.end
    assert redacted.text == rebuilt + text[position:]


@given(text=st.text(alphabet="0123456789 -.@abc:/", max_size=200))
@settings(max_examples=200, deadline=None)
def test_digits_and_signs_in_any_order_are_read_without_fault(text):
    assert scrub(text) == redact(text).text


@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_the_folded_view_maps_back_into_the_text(text):
    folded = fold(text)
    assert len(folded.cased) == len(folded.lower)
    for place in range(len(folded.lower)):
        start, end = folded.origin(place, place + 1)
        assert 0 <= start < end <= len(text)


def test_offsets_count_code_points_of_the_input():
    text = "😀 mi celular: 5️⃣1️⃣2️⃣ 555\u200b-0188 ✅"
    (span,) = find(text)
    assert text[span.start : span.end] == "5️⃣1️⃣2️⃣ 555\u200b-0188"


def test_a_long_text_is_read_in_pieces_without_losing_what_stands_at_a_seam():
    text = "word " * 1599 + "my ssn is 412-55-9876 " + "word " * 3000 + "call 512-555-0188"
    assert [span.type for span in find(text)] == ["SSN", "PHONE"]


def test_a_hostile_text_does_not_stall():
    hostile = ("1 " * 2000, "a." * 2000 + "@", "one " * 1000, "a at " * 800, "-" * 4000, "12 a " * 800, "a1-" * 1300)
    assert seconds(lambda: [find(text) for text in hostile]) < 30


class TestResolve:
    def test_the_higher_priority_wins_whole_overlaps(self):
        assert resolve([Span("PHONE", 5, 15), Span("SSN", 5, 15)]) == [Span("SSN", 5, 15)]

    def test_the_rest_of_a_partial_overlap_is_not_left_readable(self):
        assert resolve([Span("STREET_ADDRESS", 0, 20), Span("SSN", 15, 26)]) == [
            Span("STREET_ADDRESS", 0, 15),
            Span("SSN", 15, 26),
        ]

    def test_the_first_find_of_a_type_wins(self):
        assert resolve([Span("SSN", 4, 9), Span("SSN", 0, 12)]) == [Span("SSN", 4, 9)]


def test_there_is_one_recogniser_for_each_type():
    assert len(RECOGNISERS) == len(PRIORITY)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("here u go: 449182207, 8-19-92, 2105550118. thats social, dob, phone", ["SSN", "DOB", "PHONE"]),
        ("name,dob,ssn,phone\nR T,1992-08-19,449182207,2105550118", ["DOB", "SSN", "PHONE"]),
        ("R. T. | 08/19/1992 | 449-18-2207 | 615 Quitman St", ["DOB", "SSN", "STREET_ADDRESS"]),
        ("jay@rowan.dev / 956-555-0119 / 4/19/90 / 614832218", ["EMAIL", "PHONE", "DOB", "SSN"]),
        ("7 Elm St\nSuite 4\nBoise\nUSA 83702", ["STREET_ADDRESS", "ZIP"]),
    ],
)
def test_values_are_known_by_the_record_that_they_stand_in(text, kinds):
    assert [span.type for span in find(text)] == kinds
