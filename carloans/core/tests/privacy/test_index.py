"""Blind indexes: the same for the same person, worthless without the key, apart for each kind of value."""

from __future__ import annotations

import hashlib

from carloans.core.privacy.index import blind_index

EMAIL = "jane@example.com"


def test_it_is_stable_and_does_not_mind_how_an_address_is_written():
    assert blind_index("email", EMAIL) == blind_index("email", " Jane@Example.COM ")
    assert blind_index("email", EMAIL) != blind_index("email", "john@example.com")


def test_it_depends_on_the_key(settings):
    before = blind_index("email", EMAIL)
    settings.BLIND_INDEX_KEY = "another key"
    assert blind_index("email", EMAIL) != before


def test_it_is_no_plain_hash():
    plain = {
        hashlib.new(name, text.encode()).hexdigest()
        for name in ("sha256", "sha512_256", "sha3_256", "blake2s")
        for text in (EMAIL, f"email\0{EMAIL}", f"email{EMAIL}")
    }
    assert blind_index("email", EMAIL) not in plain


def test_kinds_do_not_match_each_other():
    kinds = ("email", "phone", "vault:EMAIL", "pace", "token")
    assert len({blind_index(kind, EMAIL) for kind in kinds}) == len(kinds)


def test_nothing_stays_nothing():
    assert blind_index("email", "") == ""
