"""The labelled sentences: those of the corpus, by their writers, and the rules' own examples."""

from __future__ import annotations

import gettext
import json
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cathy.guardrails.text.lookalikes import plain_letters
from cathy.guardrails.text.normalise import normalise
from cathy.guardrails.text.sentences import split_sentences

from .disguise import disguise

ROOT = Path(__file__).parents[2] / "agents" / "cathy"
CORPUS = ROOT / "tests" / "corpus"
RULES = ROOT / "guardrails" / "claims" / "rules"

#: the order of the classes, which is the linter's order of rules
LABELS = (
    "guaranteed_approval", "rate_or_payment_promise", "adverse_action_by_bot", "claims_human", "asks_sensitive_in_chat",
    "prohibited_basis", "pressure", "legal_or_credit_repair_advice", "credit_impact_misstatement", "contact_consent",
    "leaks_other_customer", "leaks_system_prompt", "competitor_disparagement", "application_falsification",
    "fees_and_addons", "demeaning_or_unprofessional",
)  # fmt: skip
#: measured on and never learned from
HELD_OUT = frozenset({"held_out", "held_out_two", "held_out_three", "held_out_four", "held_out_five", "held_out_six"})
_WORDS_APART = 3
_WORDS_HIDDEN = 22


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence as it was written, the line before it, its writer, its subject, and whether it is forbidden.

    `text` and `context` are the same in the normalised form that the models read.
    """

    writer: str
    rule: str
    forbidden: bool
    raw: str
    raw_context: str
    text: str
    context: str

    @property
    def label(self) -> int:
        """Class number: rule broken 0-15, its subject harmless 16-31, nothing of the sort 32."""
        if self.rule not in LABELS:
            return 2 * len(LABELS)
        return LABELS.index(self.rule) + (0 if self.forbidden else len(LABELS))


def read_all() -> list[Labelled]:
    """Every labelled sentence, the held-out ones too (by their writer's name)."""
    return [*_voices(), *_claims(), *_examples()]


def _voices() -> Iterator[Labelled]:
    for path in sorted((CORPUS / "voices").glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            rule, label, context, text = line.split("\t")
            yield _labelled(path.stem, rule, label == "B", text.replace("\\n", "\n"), context)


def _claims() -> Iterator[Labelled]:
    for path in sorted(CORPUS.glob("claims_*.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            yield _labelled("corpus", row["rule"], row["label"] == "bad", row["text"], row.get("context") or "")


def _examples() -> Iterator[Labelled]:
    for path in sorted(RULES.glob("*.toml")):
        rule = tomllib.loads(path.read_text("utf-8"))
        for text in rule["bad"]:
            yield _labelled("rules", rule["name"], True, text, "")
        for text in rule["good"]:
            yield _labelled("rules", rule["name"], False, text, "")


def disguised(rows: Sequence[Labelled], *, share: float) -> list[Labelled]:
    """Disguised copies of a share of the rows, where the normaliser does not undo all of it; the same every time."""
    luck = random.Random(7)  # noqa: S311 - a repeatable choice, nothing secret
    some = luck.sample(list(rows), int(share * len(rows)))
    copies = [(row, disguise(row.raw, luck)) for row in some]
    made = [_labelled(row.writer, row.rule, row.forbidden, text, row.raw_context) for row, text in copies]
    return [new for (row, _), new in zip(copies, made, strict=True) if new.text != row.text]


def apart(rows: Sequence[Labelled]) -> list[Labelled]:
    """The sentences of allowed texts that have several: each of them is allowed as well."""
    found = [(row, split_sentences(row.raw)) for row in rows if not row.forbidden]
    return [
        _labelled(row.writer, row.rule, False, text, row.raw_context if index == 0 else "")
        for row, texts in found
        if len(texts) > 1
        for index, text in enumerate(texts)
        if len(text.split()) >= _WORDS_APART
    ]


def hidden(rows: Sequence[Labelled], *, share: float) -> list[Labelled]:
    """A share of the shorter texts, each among one to four allowed ones that have nothing to do with it."""
    luck = random.Random(8)  # noqa: S311 - a repeatable choice, nothing secret
    short = [row for row in rows if len(row.raw.split()) <= _WORDS_HIDDEN]
    allowed = [row.raw for row in short if not row.forbidden and not row.raw_context]
    return [
        _among(row, luck.sample(allowed, luck.randint(1, 4)), luck)
        for row in luck.sample(short, int(share * len(short)))
    ]


def _among(row: Labelled, around: list[str], luck: random.Random) -> Labelled:
    place = luck.randint(0, len(around))
    text = " ".join([*around[:place], row.raw, *around[place:]])
    return _labelled(row.writer, row.rule, row.forbidden, text, row.raw_context if place == 0 else "")


def _labelled(writer: str, rule: str, forbidden: bool, text: str, context: str) -> Labelled:
    before = normalise(context).strip() if context else ""
    return Labelled(writer, rule, forbidden, text, context, normalise(text).strip(), before)


def plain_texts(rows: Sequence[Labelled]) -> list[str]:
    """Lower-case texts that tell which pieces English and Spanish use: ours many times, Django's translations once."""
    own = [text for row in rows if row.writer not in HELD_OUT for text in (row.text, row.context) if text]
    return own * 8 + [plain_letters(text) for text in _translations()]


def _translations() -> Iterator[str]:
    import django

    for path in sorted((Path(django.__file__).parent).rglob("locale/es*/LC_MESSAGES/*.mo")):
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        yield from (text for pair in catalogue.items() for text in pair if isinstance(text, str))
