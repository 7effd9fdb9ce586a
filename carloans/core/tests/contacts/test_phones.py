"""Phone numbers as people type and say them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carloans.core.contacts import check_phone
from carloans.core.contacts.phones import plain_phone

SAME_NUMBER = """
5128675309 | 512-867-5309 | (512) 867-5309 | (512)867-5309 | 512.867.5309 | +1 512 867 5309 | 1-512-867-5309
+15128675309 | 001 512 867 5309 | 011 1 512 867 5309 | 512/867/5309 | 512_867_5309 | 512–867–5309 | 512 - 867 - 5309
tel:512-867-5309 | Phone: 512-867-5309 | 512-867-5309 (cell) | my cell is 512-867-5309 thanks | 512867 5309
5 1 2 8 6 7 5 3 0 9 | 5-1-2-8-6-7-5-3-0-9 | 51-28-67-53-09 | 512*867*5309 | 512~867~5309 | 512,867,5309 | 512)867-5309
five one two eight six seven five three zero nine | Five One Two, Eight Six Seven, Five Three Oh Nine
five one two - eight six seven - five three o nine | 5 one 2 eight 6 seven 5 three 0 nine | 512 eight six seven 5309
(five one two) 867-5309 | 512 dot 867 dot 5309 | 512 dash 867 dash 5309 | five1two8six7five3zero9
cinco uno dos ocho seis siete cinco tres cero nueve | cinco-uno-dos, ocho-seis-siete, cinco-tres-cero-nueve
quinientos doce 867 5309 | Llámame al 512 867 5309 | mi número es cinco uno dos 867 5309
５１２８６７５３０９ | 5️⃣1️⃣2️⃣8️⃣6️⃣7️⃣5️⃣3️⃣0️⃣9️⃣ | 512-867-53O9 | 5l2-867-5309 | 5I2.867.53o9 | 512•867•5309
five twelve, eight sixty seven, fifty three oh nine | area code five one two then 867 5309
fiveonetwoeightsixsevenfivethreezeronine | plus one five one two eight six seven five three zero nine
512-867-5309 option 2 | 512-867-5309 after 5pm | call 512-867-5309 or 512-867-5310
"""
EXTENSIONS = [
    ("512-867-5309 ext 12", "12"),
    ("512-867-5309x12", "12"),
    ("512-867-5309 X 12", "12"),
    ("512-867-5309 (ext. 1234)", "1234"),
    ("512.867.5309 #99", "99"),
    ("+1 512 867 5309;ext=33", "33"),
    ("512 867 5309 extension four two", "42"),
    ("512-867-5309 extensión 8", "8"),
    ("512-867-5309,,12", "12"),
]
REFUSED = [
    ("", "empty"),
    ("n/a", "not_a_number"),
    ("jane@x.com", "not_a_number"),
    ("I don't have one", "not_a_number"),
    ("---", "not_a_number"),
    ("123", "too_short"),
    ("867-5309", "too_short"),
    ("five one two", "too_short"),
    ("512-867-53099", "too_long"),
    ("12345678901234567890", "too_long"),
    ("123-456-7890", "not_assigned"),
    ("555-123-4567", "not_assigned"),
    ("512-067-5309", "not_assigned"),
    ("999-999-9999", "not_assigned"),
    ("+999 123456789", "not_assigned"),
]


@pytest.mark.parametrize(
    "text", [part.strip() for line in SAME_NUMBER.strip().splitlines() for part in line.split(" | ")]
)
def test_reads_every_way_of_writing_one_number(text):
    found = check_phone(text)
    assert (found.valid, found.e164, found.extension, found.reason) == (True, "+15128675309", "", None)


@pytest.mark.parametrize(("text", "extension"), EXTENSIONS)
def test_splits_off_the_extension(text, extension):
    found = check_phone(text)
    assert (found.e164, found.extension) == ("+15128675309", extension)


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_says_why_a_number_is_refused(text, reason):
    found = check_phone(text)
    assert (found.valid, found.e164, found.reason) == (False, "", reason)


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("416-967-1111", "+14169671111"),
        ("(787) 555-0123", "+17875550123"),
        ("+52 55 5123 4567", "+525551234567"),
        ("011 44 20 7946 0958", "+442079460958"),
        ("1-800-GOT-JUNK", "+18004685865"),
        ("1 800 FLOWERS", "+18003569377"),
    ],
)
def test_knows_canada_other_countries_and_words_on_the_dial(text, e164):
    assert check_phone(text).e164 == e164


@pytest.mark.parametrize("text", ["555-123-4567", "(555) 987-6543", "555 456 7890", "5553210987"])
def test_takes_the_fictional_area_code_only_when_asked(text):
    assert check_phone(text).reason == "not_assigned"
    assert check_phone(text, allow_test_numbers=True).valid
    assert not check_phone("123-456-7890", allow_test_numbers=True).valid


def test_the_region_says_where_a_number_is_dialled():
    assert check_phone("020 7946 0958", region="GB").e164 == "+442079460958"
    assert not check_phone("020 7946 0958").valid


def test_the_plain_form_is_one_for_all_writings():
    assert plain_phone("(512) 867-5309") == plain_phone("five one two 867 5309") == "+15128675309"
    assert plain_phone("no number") == ""


@given(text=st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_never_raises_and_never_accepts_without_a_number(text):
    found = check_phone(text)
    assert found.valid == bool(found.e164) == (found.reason is None)


@given(text=st.text(alphabet="0123456789-() .+xonetwfivi", max_size=40))
@settings(max_examples=300, deadline=None)
def test_a_valid_number_is_stable(text):
    found = check_phone(text)
    if found.valid:
        assert check_phone(found.e164).e164 == found.e164
