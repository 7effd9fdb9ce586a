"""Read the rules: one TOML file each, words in it, no code. Rooms add their own in a folder `copy_rules`.

name, source          the rule and where it comes from in law or policy
channels              where it holds: ["chat", "email"] unless it says less
bad, good             examples that the tests run
[groups]              words of this rule, for `{group}` in its phrases
[excuses]             named lists of phrases that make a sentence harmless
[[says]]              phrases, with `guards` (all by default), `unless` and `excuses`
[[answers]]           a short answer that is a claim because of the question before it
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

from .checks import CHECKS
from .lexicon import GROUPS
from .rule import ALL_GUARDS, CHANNELS, Pattern, Rule, Short

FOLDER = Path(__file__).parent / "rules"

#: the order in which a text's faults are told: the gravest first
ORDER = (
    "guaranteed_approval", "rate_or_payment_promise", "adverse_action_by_bot", "claims_human", "asks_sensitive_in_chat",
    "prohibited_basis", "pressure", "legal_or_credit_repair_advice", "credit_impact_misstatement", "contact_consent",
    "leaks_other_customer", "leaks_system_prompt", "competitor_disparagement", "application_falsification",
    "fees_and_addons", "demeaning_or_unprofessional",
)  # fmt: skip


def load_rules() -> tuple[Rule, ...]:
    """Return the sixteen rules and those of the rooms behind them.

    Raises FileNotFoundError, tomllib.TOMLDecodeError or KeyError for a broken file, ValueError for a name used twice.
    """
    files = [*(FOLDER / f"{name}.toml" for name in ORDER), *rooms_files()]
    rules = tuple(_rule(tomllib.loads(file.read_text("utf-8"))) for file in files)
    names = [rule.name for rule in rules]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"Two files define the rules {sorted(twice)}.")
    return rules


def rooms_files() -> Iterator[Path]:
    """The `copy_rules/*.toml` of every installed app, in the order of the apps.

    Looked up without Django's app registry, because the linter may be imported while apps are still loading.
    """
    for app in settings.INSTALLED_APPS:
        spec = find_spec(app) if "." not in app or app.startswith("carloans.") else None
        for place in (spec.submodule_search_locations or []) if spec else []:
            yield from sorted((Path(place) / "copy_rules").glob("*.toml"))


def _rule(data: dict[str, Any]) -> Rule:
    GROUPS.update(data.get("groups", {}))
    excuses = data.get("excuses", {})
    return Rule(
        name=data["name"],
        source=data["source"],
        patterns=tuple(pattern for block in data["says"] for pattern in _patterns(block, excuses)),
        answers=tuple(_answer(block, excuses) for block in data.get("answers", [])),
        bad=tuple(data["bad"]),
        good=tuple(data["good"]),
        channels=_channels(data.get("channels", CHANNELS)),
        check=CHECKS.get(data["name"]),
    )


def _channels(names: list[str] | frozenset[str]) -> frozenset[str]:
    if unknown := set(names) - CHANNELS:
        raise KeyError(f"unknown channels {sorted(unknown)}")
    return frozenset(names)


def _patterns(block: dict[str, Any], excuses: dict[str, list[str]]) -> list[Pattern]:
    guards = frozenset(block.get("guards", ALL_GUARDS))
    if unknown := guards - ALL_GUARDS:
        raise KeyError(f"unknown guards {sorted(unknown)}")
    return [Pattern(template, guards, _unless(block, excuses)) for template in block["patterns"]]


def _answer(block: dict[str, Any], excuses: dict[str, list[str]]) -> Short:
    return Short(block["question"], block["answer"], _unless(block, excuses), tuple(block.get("unless_asked", ())))


def _unless(block: dict[str, Any], excuses: dict[str, list[str]]) -> tuple[str, ...]:
    named = [phrase for name in block.get("excuses", ()) for phrase in excuses[name]]
    return (*named, *block.get("unless", ()))
