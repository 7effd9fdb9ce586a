"""A whole funnel offline, in seconds: the same seed makes the same funnel, every invariant holds, and each can fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from campaigns import sandbox as mail
from carloans.core import sandboxing
from carloans.core.appendonly import suspended
from credit.sandbox import PULLS
from dashboard.funnel import report
from dashboard.funnel.figures import Funnel, funnel_of
from dashboard.funnel.invariants import INVARIANTS, Result, check_all
from dashboard.funnel.people import Person, people
from dashboard.funnel.rows import rows
from dashboard.funnel.town import Town
from leads.sandbox import PROVIDER as BUYER
from tests.funnel_stage import simulated

Plant: TypeAlias = Callable[[Town, pytest.MonkeyPatch], object]


def _mail(**condition: Any) -> Any:
    """A journey mail that left, to somebody who is no customer of the demo site."""
    sent = rows("campaigns.Message").filter(kind="step", sent_at__isnull=False, **condition)
    return sent.filter(enrollment__visitor__site__is_demo=False).select_related("enrollment__visitor").first()


def _reader(town: Town) -> Person:
    visitor = _mail().enrollment.visitor_id
    return next(person for person in town.people if person.visitor_id == visitor)


def _change(row: Any, **changes: Any) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**changes)


def _tell(**facts: Any) -> None:
    rows("core.FeedEvent").create(**{"room": "x", "summary": "", "data": {}, **facts})


def _two_mails_in_an_hour(town: Town, patch: pytest.MonkeyPatch) -> None:
    first = _mail()
    second = _mail(enrollment__visitor__site=first.enrollment.visitor.site_id, pk__gt=first.pk) or _mail(
        pk__lt=first.pk
    )
    _change(second, to_index=first.to_index, sent_at=first.sent_at + timedelta(hours=1))


def _mail_after_a_return(town: Town, patch: pytest.MonkeyPatch) -> None:
    mail = _mail()
    _tell(kind="visitor.returned", application=mail.enrollment.application_id, at=mail.sent_at)


def _mail_after_a_suppression(town: Town, patch: pytest.MonkeyPatch) -> None:
    mail = _mail()
    facts = {"reason": "asked", "source": "test", "at": mail.sent_at - timedelta(minutes=1)}
    rows("campaigns.Suppression").update_or_create(email_index=mail.to_index, defaults=facts)


def _opt_out_without_suppression(town: Town, patch: pytest.MonkeyPatch) -> None:
    person = _reader(town)
    patch.setattr(person, "opted_out_at", town.until)
    rows("campaigns.Suppression").delete()


def _check(**condition: Any) -> Any:
    return rows("credit.CreditCheck").filter(sent_at__isnull=False, **condition).select_related("consent").first()


def _submission() -> Any:
    return rows("leads.Submission").filter(sent_at__isnull=False).select_related("consent", "lead").first()


def _unwilling(town: Town, patch: pytest.MonkeyPatch) -> None:
    visitor = _submission().lead.visitor_id
    person = next(one for one in town.people if one.visitor_id == visitor)
    patch.setattr(person, "shares_with_dealer", False)


def _taken_twice(town: Town, patch: pytest.MonkeyPatch) -> None:
    lead = str(_submission().lead_id)
    for _ in range(2):
        sandboxing.remember(BUYER, lead, {})


def _conversation(**condition: Any) -> Any:
    return rows("chat.Conversation").filter(last_seq__gt=3, forgotten_at__isnull=True, **condition).first()


def _cathy_talks_over_a_person(town: Town, patch: pytest.MonkeyPatch) -> None:
    talk, now = _conversation(), town.until
    _tell(kind="chat.owner", conversation=talk.pk, at=now, data={"owner": "human"})
    _tell(kind="chat.message", conversation=talk.pk, at=now, data={"seq": 1})


def _failed_in_silence(town: Town, patch: pytest.MonkeyPatch) -> None:
    rows("core.FeedEvent").filter(kind="chat.handed_off").delete()
    _change(rows("cathy.AgentRun").filter(agent="RealtimeChat").first(), error_code="timeout")


def _ssn_in_a_feed(town: Town, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(town.people[0], "typed", [("ssn", "512-34-6789")])
    _tell(kind="x", at=town.until, summary="the number 512346789")


def _past_the_triggers(row: Any, **changes: Any) -> None:
    with suspended():
        _change(row, **changes)


def _table_for_numbers(town: Town, patch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planted (id integer, customer_ssn text)")


PLANTS: dict[str, Plant] = {
    "one_journey_for_each_who_left": lambda town, patch: _change(
        rows("visitors.Application").filter(status="abandoned").first(), abandonments=9
    ),
    "nobody_is_written_to_without_consent": lambda town, patch: _change(
        _mail(), sent_at=town.started - timedelta(days=1)
    ),
    "privacy_signals_and_bots_are_left_alone": lambda town, patch: _change(_mail().enrollment.visitor, gpc=True),
    "quiet_hours_are_kept": lambda town, patch: _change(_mail(), sent_at=_mail().sent_at.replace(hour=8, minute=30)),
    "caps_are_kept": _two_mails_in_an_hour,
    "journeys_end_when_people_are_back": _mail_after_a_return,
    "who_opted_out_is_left_alone": _mail_after_a_suppression,
    "every_opt_out_is_suppressed": _opt_out_without_suppression,
    "the_erased_stay_forgotten": lambda town, patch: patch.setattr(_reader(town), "erased_at", town.started),
    "each_mail_is_sent_once": lambda town, patch: sandboxing.remember(
        mail.PROVIDER, f"{_mail().pk}@{settings.MAILGUN_SENDER_DOMAIN}", {}
    ),
    "each_mail_says_what_it_must": lambda town, patch: patch.setattr(
        town, "letters", [replace(town.letters[0], text="Come back!")]
    ),
    "return_links_work_once_and_for_a_day": lambda town, patch: _change(
        link := rows("visitors.ReturnLink").first(), used_at=link.created_at + timedelta(hours=30)
    ),
    "no_pull_without_an_instruction": lambda town, patch: _change(
        check := _check(), sent_at=check.consent.given_at - timedelta(hours=1)
    ),
    "each_pull_happens_once": lambda town, patch: sandboxing.remember(PULLS, _check(state="done").idempotency_key, {}),
    "every_check_without_an_offer_has_a_notice_duty": lambda town, patch: _change(
        _check(outcome="prequalified"), outcome="needs_person"
    ),
    "no_lead_without_a_consent_that_names_the_dealer": lambda town, patch: _change(
        one := _submission(), sent_at=one.consent.given_at - timedelta(hours=1)
    ),
    "nobody_is_shared_against_their_will": _unwilling,
    "each_lead_reaches_a_dealer_once": _taken_twice,
    "a_dealer_gets_no_more_than_he_may": lambda town, patch: patch.setattr(
        town.providers, "packages", [b'{"contact": {"ssn": "1"}}']
    ),
    "each_message_is_stored_once": lambda town, patch: _change(
        rows("chat.Message").filter(role="customer").first(), client_id=uuid4()
    ),
    "messages_are_numbered_without_gaps": lambda town, patch: _change(
        talk := _conversation(), last_seq=talk.last_seq + 1
    ),
    "each_conversation_has_one_owner": lambda town, patch: _change(_conversation(), owner="queue", note=""),
    "cathy_is_silent_while_a_person_has_it": _cathy_talks_over_a_person,
    "every_failed_turn_reaches_a_person": _failed_in_silence,
    "nobody_waits_for_cathy": lambda town, patch: _change(
        talk := _conversation(), owner="ai", asked_seq=talk.last_seq, answered_seq=0
    ),
    "cathy_says_that_she_is_an_ai": lambda town, patch: _change(
        _conversation().messages.get(seq=1), text="Hi, I am Cathy from the team."
    ),
    "the_audit_trail_is_whole": lambda town, patch: _past_the_triggers(
        rows("core.AuditEntry").first(), facts={"forged": True}
    ),
    "every_effect_is_in_the_trail": lambda town, patch: rows("campaigns.Suppression").create(
        email_index="f" * 64, reason="asked", source="test", at=town.until
    ),
    "consents_prove_what_was_shown": lambda town, patch: _past_the_triggers(
        rows("visitors.Consent").filter(kind="privacy_notice").first(), text_sha256="0" * 64
    ),
    "no_forbidden_number_is_stored": _ssn_in_a_feed,
    "no_column_is_for_a_social_security_number": _table_for_numbers,
    "the_funnel_adds_up": lambda town, patch: _change(
        rows("visitors.Application").filter(saved_at__isnull=False, visitor__is_bot=False).first(), saved_at=None
    ),
}


def broken(town: Town) -> dict[str, list[str]]:
    return {one.name: one.violations for one in check_all(town) if not one.holds}


def _who(seed: int) -> list[tuple[object, ...]]:
    found = people(count=30, seed=seed, days=2)
    return [(one.email, one.path, one.starts, one.reaction, tuple(line.text for line in one.lines)) for one in found]


def test_the_same_seed_makes_the_same_people() -> None:
    assert _who(4) == _who(4)
    assert _who(4) != _who(5)


def test_every_kind_of_person_is_among_two_hundred() -> None:
    town = people(count=200, seed=1, days=3)
    assert {one.path for one in town} == {"look", "start", "save", "submit", "ask"}
    assert {one.reaction for one in town} == {"ignore", "return", "unsubscribe", "one_click", "late_link", "browser"}
    assert {"human", "stop", "odd", "check", "secret"} <= {line.meaning for one in town for line in one.lines}
    kinds = {kind for one in town for line in one.lines for kind, _ in line.secrets}
    assert kinds == {
        "ssn",
        "card",
        "account",
        "routing",
        "iban",
        "birthday",
        "licence",
        "address",
        "phone",
        "email",
        "name",
        "ip",
    }
    for trait in ("bot", "gpc", "demo", "erases", "imported"):
        assert any(getattr(one, trait) for one in town), trait
    assert {one.locale for one in town} == {"en", "es"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_invariant_holds_and_each_can_fail() -> None:
    """One simulation; then one violation after the other is planted, seen, and taken back."""
    with simulated(60, seed=1, days=1, afterwards=timedelta(days=3)) as town:
        assert broken(town) == {}
        assert _is_told(town)
        assert [name for name, plant in PLANTS.items() if not _is_caught(town, name, plant)] == []


def _is_told(town: Town) -> bool:
    funnel = funnel_of(town)
    assert funnel.steps["mails"]["mails sent"] == len(town.letters) > 5
    text = "\n".join(report.lines(funnel, check_all(town), count=60, seed=1, days=1, seconds=1.0))
    return f"{len(INVARIANTS)}/{len(INVARIANTS)} invariants hold" in text and "FAIL" not in text


def _is_caught(town: Town, name: str, plant: Plant) -> bool:
    check = next(one.check for one in INVARIANTS if one.name == name)
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        plant(town, patch)
        found = check(town)
        transaction.set_rollback(True)
    return bool(found)


def test_each_invariant_has_a_violation_that_it_must_see() -> None:
    assert set(PLANTS) == {one.name for one in INVARIANTS}


def test_a_broken_invariant_is_told_and_not_all_of_a_hundred_violations() -> None:
    funnel = Funnel({"form": {"visitors": 3}}, {}, {})
    told = list(report.lines(funnel, [Result("x", "Nobody lies", ["a"] * 100)], count=3, seed=1, days=1, seconds=0.1))
    assert "  FAIL Nobody lies" in told
    assert "         and 95 more" in told
    assert told[-1] == "0/1 invariants hold"


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_a_thousand_visitors_and_every_invariant() -> None:
    with simulated(1000, seed=1, days=3) as town:
        assert broken(town) == {}
        steps = funnel_of(town).steps
        for group, words in {
            "form": ["bots", "imported", "came back", "submitted", "erased"],
            "mails": ["· number 3", "· fresh links", "bounced", "complained", "parked", "opted out"],
            "chat": ["sensitive data removed", "handed to a person"],
            "credit": ["prequalified", "needs a person", "unavailable"],
            "leads": ["accepted", "rejected", "waiting"],
        }.items():
            assert all(steps[group][word] for word in words), (group, steps[group])


@pytest.mark.slow
def test_the_command_plays_on_a_stage_of_its_own(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(
        "sys.argv", ["manage.py", "simulate_visitors", "--count", "8", "--seed", "2", "--json", str(tmp_path / "f")]
    )
    with pytest.raises(SystemExit) as end:
        call_command("simulate_visitors", count=8, seed=2)
    assert end.value.code == 0
    told = json.loads((tmp_path / "f").read_text())
    assert told["count"] == 8
    assert all(one["holds"] for one in told["invariants"])
    assert f"{len(INVARIANTS)}/{len(INVARIANTS)} invariants hold" in capfd.readouterr().out


def test_nonsense_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("simulate_visitors", count=0)
