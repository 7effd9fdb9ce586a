"""The recogniser: cues are weighed, the question before the turn decides what a yes or no answers.

Small and explained: each intent has weighted phrases (`cues`), slips are mended (`typing_slips`), answers are read
strictly (`answers`), contact data is taken out (`slots`). Nothing here knows a test sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cathy.guardrails.inputs import inspect
from cathy.guardrails.text import normalise, split_sentences

from .answers import Answer, last_word, read_answer
from .cues import CUES
from .matching import scores
from .questions import question_kind
from .slots import find_slots
from .typing_slips import mend

INTENTS = (*CUES, "consent_yes", "consent_no", "consent_ambiguous", "other")

_SMALL_TALK = frozenset({"greeting", "thanks_bye"})
_SAFETY = ("stop_contact", "wants_human", "ask_if_bot")
_SHORT_ANSWER = 4
_HANDOVER_WORDS = 9
_CONSENT_WORDS = (
    "consent", "authorize", "authorise", "i agree", "permission", "autorizo", "acepto", "doy mi permiso", "go ahead",
    "consiento", "adelante", "please run", "run my credit", "check my credit", "do not run", "do not check",
    "not agree", "not authorize", "not consent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a turn means: `intents` best first (never empty), `slots` that were found, and the guardrails' verdict."""

    intents: list[str]
    slots: dict[str, str] = field(default_factory=dict)
    flagged: bool = False
    reason: str | None = None
    answer: Answer | None = None

    @property
    def best(self) -> str:
        """The intent that fits best."""
        return self.intents[0]


def understand(text: str, context: str | None = None) -> Understanding:
    """Return what the customer's turn means; `context` is Cathy's line before it. Never raises."""
    verdict = inspect(text, context)
    kind = question_kind(context)
    slots = find_slots(text, asked_name=kind == "name")
    spoken = text.replace(slots["name"], " ") if "name" in slots else text
    lines = [_without_lead(mended(sentence)) for sentence in split_sentences(spoken)]
    whole = mended(text)
    weights = scores(lines)
    answer = read_answer(_with_thumbs(text, whole))
    _weigh_slots(weights, slots)
    _weigh_answer(weights, answer, kind, context, whole)
    _settle(weights, whole)
    ranked = sorted(weights, key=lambda intent: (-weights[intent], INTENTS.index(intent)))
    return Understanding(ranked or ["other"], slots, verdict.flagged, verdict.reason, answer)


def mended(sentence: str) -> str:
    """The normalised sentence with typing slips mended."""
    return " " + " ".join(mend(word) for word in normalise(sentence).split()) + " "


def _without_lead(line: str) -> str:
    """A leading "no," answers the question before; what follows is a request of its own."""
    return re.sub(r"^ (?:no|nope|nah) (?:[,.;!] (?=\w)|(?=(?:i|can|could|let|just|please|give) ))", " ", line)


def _with_thumbs(text: str, whole: str) -> str:
    """A thumb is an answer too."""
    if "👍" in text or "✅" in text:
        return f"{whole}thumbs up "
    return f"{whole}no " if "👎" in text else whole


def _weigh_slots(weights: dict[str, float], slots: dict[str, str]) -> None:
    for slot, weight in (("phone", 8.0), ("email", 8.0), ("name", 6.0)):
        if slot in slots:
            weights[f"give_{slot}"] = weight
    if "name" in slots and ("phone" in slots or "email" in slots):
        weights["give_name"] = 5.0


def _weigh_answer(
    weights: dict[str, float], answer: Answer | None, kind: str | None, context: str | None, whole: str
) -> None:
    """Let the question before the turn say what the answer means."""
    explicit = any(words in last_word(whole) for words in _CONSENT_WORDS)
    if answer is None:
        if kind == "consent" and len(whole.split()) <= _SHORT_ANSWER and not weights:
            weights["consent_ambiguous"] = 3.0
        return
    meaning = _MEANING.get(kind or "", {}).get(answer)
    if meaning:
        weights[meaning] = max(weights.get(meaning, 0), 7.5)
        if kind in ("else", "human") and answer == "no":
            weights["not_interested"] = min(weights.get("not_interested", 0), 5.0)
    elif kind in ("consent", "other") or (kind is None and (explicit or not (context or "").strip())):
        asked = kind == "consent" or explicit
        if asked or answer != "unclear":
            _weigh_consent(weights, answer, whole, asked=asked)


_MEANING: dict[str, dict[str, str]] = {
    "human": {"yes": "wants_human", "no": "declines_human"},
    "identity": {"yes": "confirms_identity", "no": "wrong_person"},
    "time": {"no": "not_now", "unclear": "not_now", "yes": "consent_yes"},
    "else": {"no": "thanks_bye"},
    "trade": {"yes": "trade_in", "no": "other"},
    "spanish": {"yes": "asks_spanish"},
}


def _weigh_consent(weights: dict[str, float], answer: Answer, whole: str, *, asked: bool) -> None:
    intent = {"yes": "consent_yes", "no": "consent_no", "unclear": "consent_ambiguous"}[answer]
    short = len(whole.split()) <= _HANDOVER_WORDS
    topics = {name: weight for name, weight in weights.items() if name not in _SMALL_TALK and weight >= 6}
    base = 7.6 if asked else 3.5 if weights.keys() & _SMALL_TALK else 5.5
    if intent == "consent_no" and asked and "not_interested" in weights and weights["not_interested"] < 8.5:
        weights["not_interested"] = 5.0
    weights[intent] = base if short or not topics else base - 2.5


def _settle(weights: dict[str, float], whole: str) -> None:
    """Small talk gives way to a request, and a refusal of people is no request for one."""
    if "declines_human" in weights and "wants_human" in weights:
        loser = "wants_human" if weights["declines_human"] >= weights["wants_human"] else "declines_human"
        del weights[loser]
    if "wants_human" in weights and "ask_if_bot" in weights:
        weights["ask_if_bot"] -= 1.5
    if weights.get("stop_contact", 0) >= 8:
        weights["stop_contact"] += 2
    if len([name for name in weights if name not in _SMALL_TALK]) and "off_topic" in weights:
        weights["off_topic"] -= 1.5
