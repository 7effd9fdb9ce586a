"""The claim linter as a whole: nothing forbidden passes, little that is allowed is stopped, and rooms add rules."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cathy.guardrails import claims
from cathy.guardrails.claims import loading
from cathy.tests import corpora


def broken(text: str, channel: str = "chat", context: str | None = None) -> set[str]:
    return {violation.rule for violation in claims.check(text, channel=channel, context=context)}


def own_examples() -> list[tuple[str, str, str]]:
    """(rule, channel, text) of every forbidden example of every rule, the rooms' among them."""
    return [(rule.name, sorted(rule.channels)[-1], text) for rule in claims.RULES.values() for text in rule.bad]


@pytest.mark.parametrize(("rule", "channel", "text"), own_examples())
def test_m20_no_example_of_a_rule_passes(rule: str, channel: str, text: str) -> None:
    assert rule in broken(text, channel)


def test_m20_not_more_than_two_in_a_hundred_look_alikes_are_stopped() -> None:
    good = [row for row in corpora.claims() if row["label"] == "good"]
    flagged = [row["text"] for row in good if broken(row["text"], context=row.get("context"))]
    assert len(good) >= 300
    assert len(flagged) <= 0.02 * len(good), flagged


def test_m20_a_room_adds_a_rule_that_holds_on_its_channel() -> None:
    assert "deceptive_header" in broken("Re: your call with our manager", "email")
    assert "deceptive_header" not in broken("Re: your call with our manager", "chat")


def test_m20_a_draft_with_a_rooms_violation_is_not_stored() -> None:
    from campaigns.services.drafting import broken_rules
    from campaigns.texts import Copy

    honest = Copy("Your application is saved", "It waits for you", ("Hi, I'm Cathy, an AI assistant.",), "Continue")
    fake = Copy("Fwd: documents you requested", honest.preheader, honest.paragraphs, honest.call_to_action)
    assert broken_rules(honest, locale="en") == []
    assert broken_rules(fake, locale="en") == ["deceptive_header"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ('name = "x"\nsource = "y"\nbad = []\ngood = []\nchannels = ["fax"]\n[[says]]\npatterns = ["a"]', KeyError),
        ('name = "pressure"\nsource = "y"\nbad = []\ngood = []\n[[says]]\npatterns = ["a"]', ValueError),
        ('name = "x"\nsource = ', tomllib.TOMLDecodeError),
    ],
)
def test_m20_a_broken_rule_of_a_room_is_told_at_start(
    content: str, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rule.toml").write_text(content)
    monkeypatch.setattr(loading, "rooms_files", lambda: [tmp_path / "rule.toml"])
    with pytest.raises(error):
        loading.load_rules()


def test_m20_the_command_answers_per_channel() -> None:
    from cathy.management.commands.check_copy import judge

    fake = {"text": "Fwd: documents you requested"}
    assert judge({**fake, "channel": "email"})["violations"][0]["rule"] == "deceptive_header"
    assert judge({**fake, "channel": "chat"})["allowed"]
