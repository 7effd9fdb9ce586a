"""Placeholders: what comes back, and what never does."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection

from carloans.core.models.vault import VaultValue
from carloans.core.privacy import labels_in, rehydrate, tokenize, vault
from carloans.core.tests.privacy.corpus import positives

NOW = datetime(2025, 1, 2, tzinfo=UTC)


class TestTokenize:
    def test_the_same_value_gets_the_same_label_however_it_is_written(self):
        mapping: dict[str, str] = {}
        text = tokenize("call 512-555-0188 or five one two 555 0188, not (512) 555-0199", mapping=mapping)
        assert text == "call [PHONE_1] or [PHONE_1], not [PHONE_2]"
        assert mapping == {"PHONE_1": "512-555-0188", "PHONE_2": "(512) 555-0199"}

    def test_labels_go_on_where_the_mapping_ends(self):
        mapping = {"EMAIL_4": "jane@gmail.com"}
        assert tokenize("JANE at gmail dot com; bob@x.org", mapping=mapping) == "[EMAIL_4]; [EMAIL_5]"

    def test_what_is_never_kept_is_not_in_the_mapping(self):
        mapping: dict[str, str] = {}
        text = tokenize(
            "ssn 412-55-9876, card 4111 1111 1111 1111, acct 12345678 routing 021000021, DL D1234567, dob 1/2/1985",
            mapping=mapping,
        )
        assert text == "ssn [SSN], card [CARD], acct [ACCOUNT] routing [ROUTING], DL [LICENSE], dob [DOB]"
        assert mapping == {}

    def test_names_are_kept_as_names(self):
        mapping: dict[str, str] = {}
        assert tokenize("Ana here", mapping=mapping, known_names=["Ana Diaz"]) == "[NAME_1] here"

    def test_tokenising_again_changes_nothing(self):
        for case in positives()[::5]:
            mapping: dict[str, str] = {}
            once = tokenize(case.text, mapping=mapping)
            before = dict(mapping)
            assert tokenize(once, mapping=mapping) == once
            assert mapping == before


class TestRehydrate:
    def test_gives_back_what_was_written(self):
        mapping: dict[str, str] = {}
        text = "I'm at 12 Oak St, call 512-555-0188"
        assert rehydrate(tokenize(text, mapping=mapping), mapping) == text

    def test_leaves_unknown_and_never_kept_labels(self):
        assert rehydrate("[PHONE_9] [SSN] [CARD]", {"PHONE_1": "x"}) == "[PHONE_9] [SSN] [CARD]"

    def test_labels_in_lists_each_once(self):
        assert labels_in("[PHONE_2] [EMAIL_1] [PHONE_2] [SSN]") == ["PHONE_2", "EMAIL_1"]


@pytest.mark.django_db
class TestVault:
    def test_keeps_values_for_one_owner_only(self):
        owner, stranger = uuid4(), uuid4()
        done = vault.tokenise_for(owner=owner, text="call 512-555-0188 or jane@x.org", now=NOW)
        assert done == ("call [PHONE_1] or [EMAIL_1]", {"PHONE": ["PHONE_1"], "EMAIL": ["EMAIL_1"]})
        assert vault.resolve(owner=owner, label="[PHONE_1]") == "512-555-0188"
        assert vault.resolve(owner=stranger, label="PHONE_1") is None
        assert vault.rehydrate_for(owner=stranger, text=done.text) == done.text
        assert vault.rehydrate_for(owner=owner, text=done.text) == "call 512-555-0188 or jane@x.org"

    def test_the_same_value_keeps_its_label_over_messages(self):
        owner = uuid4()
        vault.tokenise_for(owner=owner, text="512-555-0188", now=NOW)
        again = vault.tokenise_for(owner=owner, text="(512) 555 0188, and 512-555-0199", now=NOW)
        assert again.text == "[PHONE_1], and [PHONE_2]"

    def test_a_dump_of_the_table_shows_no_value(self):
        owner = uuid4()
        vault.tokenise_for(
            owner=owner, text="512-555-0188, jane@x.org, 12 Oak St, ssn 412-55-9876, dob 1/2/1985", now=NOW
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {VaultValue._meta.db_table}")
            dump = json.dumps(cursor.fetchall(), default=str)
        assert VaultValue.objects.count() == 3
        for secret in ("555-0188", "jane@", "Oak St", "1/2/1985", "55-9876"):
            assert secret not in dump

    def test_forgetting_leaves_nothing_of_the_owner(self):
        owner, other = uuid4(), uuid4()
        for each in (owner, other):
            vault.tokenise_for(owner=each, text="512-555-0188", now=NOW)
        assert vault.forget(owner=owner) == 1
        assert vault.resolve(owner=owner, label="PHONE_1") is None
        assert vault.resolve(owner=other, label="PHONE_1") == "512-555-0188"

    def test_a_label_that_another_writer_took_meanwhile_is_stepped_over(self, monkeypatch):
        owner = uuid4()
        vault.remember(owner=owner, kind="PHONE", value="512-555-0188", now=NOW)
        answers = iter(["PHONE_1", "PHONE_2"])
        monkeypatch.setattr(vault, "next_label", lambda kind, taken: next(answers))
        assert vault.remember(owner=owner, kind="PHONE", value="512-555-0199", now=NOW) == "PHONE_2"
