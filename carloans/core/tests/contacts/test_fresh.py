"""Contacts written by hand, blind to the checks: what was typed, and what must come of it."""

from pathlib import Path

import pytest

from carloans.core.contacts import check_email, check_phone

DATA = Path(__file__).parent / "data"
EMAILS = ("fresh_emails.txt", "fresh_two_emails.txt", "fresh_three_emails.txt", "fresh_four_emails.txt")
PHONES = ("fresh_phones.txt", "fresh_two_phones.txt", "fresh_three_phones.txt", "fresh_four_phones.txt")


def _rows(name: str, columns: int) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [[part.strip() for part in line.rsplit("|", columns - 1)] for line in lines if line[0] != "#"]


def _email(typed: str) -> tuple[str, str]:
    found = check_email(typed)
    return (found.normalized if found.valid else f"!{found.reason}"), found.suggestion or "-"


def _phone(typed: str) -> str:
    found = check_phone(typed)
    dialled = f"{found.e164}x{found.extension}" if found.extension else found.e164
    return dialled if found.valid else f"!{found.reason}"


def _share_right(outcomes: list[tuple[str, str, str]]) -> tuple[float, list[tuple[str, str, str]]]:
    """`outcomes` are (typed, wanted, got); "*" takes anything."""
    asked = [outcome for outcome in outcomes if outcome[1] != "*"]
    wrong = [outcome for outcome in asked if outcome[1] != outcome[2]]
    return 1 - len(wrong) / len(asked), wrong


@pytest.mark.parametrize("name", EMAILS)
def test_addresses_are_read_as_meant(name):
    share, wrong = _share_right([(typed, want, _email(typed)[0]) for typed, want, _ in _rows(name, 3)])
    assert share >= 0.96, wrong


@pytest.mark.parametrize("name", EMAILS)
def test_slips_are_mended(name):
    rows = [row for row in _rows(name, 3) if "@" in row[2]]
    share, wrong = _share_right([(typed, meant, _email(typed)[1]) for typed, _, meant in rows])
    assert len(rows) >= 50
    assert share >= 0.9, wrong


@pytest.mark.parametrize("name", EMAILS)
def test_throwaway_domains_are_known(name):
    rows = [row for row in _rows(name, 3) if row[1] == "!disposable"]
    share, wrong = _share_right([(typed, want, _email(typed)[0]) for typed, want, _ in rows])
    assert share >= 0.88, wrong


@pytest.mark.parametrize("name", EMAILS)
def test_no_good_address_is_refused_or_mended(name):
    good = [row for row in _rows(name, 3) if row[1][0] not in "!*" and row[2] == "-"]
    wrong = [(typed, _email(typed)) for typed, want, _ in good if _email(typed) != (want, "-")]
    assert len(good) >= 80
    assert not wrong


@pytest.mark.parametrize("name", PHONES)
def test_numbers_are_read_as_meant(name):
    share, wrong = _share_right([(typed, want, _phone(typed)) for typed, want in _rows(name, 2)])
    assert share >= 0.95, wrong
