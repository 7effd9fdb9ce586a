"""The recogniser: cues are weighed, the question before the turn decides what a yes or no answers.

Each intent has weighted phrases (`cues`), slips are mended (`typing_slips`), answers are read strictly (`answers`),
contact data is taken out (`slots`). Learned readers (`reader`) give a second opinion, and `weighing` puts the two
together. Nothing here knows a test sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cathy.guardrails.inputs import inspect
from cathy.guardrails.text import normalise, split_sentences
from cathy.guardrails.text.everyday import EVERYDAY
from cathy.guardrails.text.vocabulary import KNOWN

from .answers import Answer, begins_with_yes, is_all_answer, last_word, read_answer, read_leave
from .cues import CUES
from .matching import scores
from .questions import question_kind
from .reader import features, load
from .slots import find_slots, introductions
from .typing_slips import mend
from .weighing import Chances, ranked

INTENTS = (*CUES, "consent_yes", "consent_no", "consent_ambiguous", "other")

_SMALL_TALK = frozenset({"greeting", "thanks_bye"})
_SAFETY = ("stop_contact", "wants_human", "ask_if_bot")
_SHORT_ANSWER = 7
_FEW = 3
_HANDOVER_WORDS = 12
_HINT = 6.0
_TOPIC = 7.5
#: a no to the question whether somebody may call is no order to stop all contact, unless it says so
_STOP_WORDS = re.compile(
    r" (?:stop|quit|unsubscribe|remove|cease|off|never|anymore|any more|again|alone|list|lista|nunca|ya no|dejen|deje"
    r"|opt out|ever|revoke|withdraw|rescind|contacted|person|human|people|persona) "
)
_ASKS_BACK = re.compile(
    r"^ (?:and |but |ok |so |y |pero )*(?:what|whats|which|who|whose|why|how|would you|should i|do i|does it|is it"
    r"|is that"
    r"|is there|will i|will it|will they|can i|que|cual|quien|por que|para que|como|cuanto|cuantos|es|debo|tengo que) "
)
#: a call from there is the dealer's: only a phrase may hear a wish for our own people in it
_DEALER = re.compile(r"\b(?:dealer|concesionari)")
#: "k7k7k7" is no ok
_CODE = re.compile(r"\s*(?=\S*\d)(?=\S*[a-z])[a-z\d]{3,}\s*", re.IGNORECASE)
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
    #: the intents that a cue speaks for; the others are the reader's guess
    cued: frozenset[str] = frozenset()

    @property
    def best(self) -> str:
        """The intent that fits best."""
        return self.intents[0]


@lru_cache(maxsize=64)
def understand(text: str, context: str | None = None) -> Understanding:
    """Return what the customer's turn means; `context` is Cathy's line before it. Never raises.

    A turn is read by the model, by the chat's duties and by the evaluation: the newest answers are kept for a moment.
    Do not change what you get.
    """
    verdict = inspect(text, context)
    heard = listen(text, context)
    by_cues = dict(sorted(heard.weights.items(), key=lambda pair: (-pair[1], INTENTS.index(pair[0]))))
    chances = _read(heard) if heard.words and not verdict.flagged else Chances()
    intents = ranked(by_cues, chances, heard.slots)
    return Understanding(intents, heard.slots, verdict.flagged, verdict.reason, heard.answer, frozenset(by_cues))


@dataclass(frozen=True, slots=True)
class Heard:
    """What the rules make of a turn: the weight of each intent that has a cue, and what the readers are to read."""

    weights: dict[str, float]
    slots: dict[str, str]
    answer: Answer | None
    features: list[list[int]]
    turn: str
    question: str
    #: whether there is a word in it that can be read, and whether it can be an answer at all
    words: bool
    answers: bool


def _read(heard: Heard) -> Chances:
    """The readers' chances of what may be meant at all."""
    chances = load().read(heard.features, heard.turn, heard.question, answers=heard.answer is not None)
    impossible = set() if heard.answers else {intent for intent in chances.best if intent.startswith("consent_")}
    if _DEALER.search(heard.turn) and "wants_human" not in heard.weights:
        impossible.add("wants_human")
    return Chances(_without(chances.best, impossible), _without(chances.there, impossible))


def _without(chances: Mapping[str, float], impossible: set[str]) -> dict[str, float]:
    return {intent: chance for intent, chance in chances.items() if intent not in impossible}


def listen(text: str, context: str | None) -> Heard:
    """Weigh the turn's cues, slots and answer. Never raises."""
    kind = question_kind(context)
    text = _signs_in_words(text)
    slots = find_slots(text, asked=kind or "")
    spoken = text.replace(slots["name"], " ") if "name" in slots else text
    whole = mended(text)
    weights = scores(_without_lead(mended(sentence)) for sentence in split_sentences(spoken))
    answered = _with_thumbs(text, mended(_without_contacts(text, slots)))
    answer = read_leave(answered) if kind == "mind" else read_answer(answered)
    answer = None if _CODE.fullmatch(text) else answer
    _weigh_slots(weights, slots, text)
    _weigh_answer(weights, answer, kind, context, whole)
    _settle(weights, whole)
    turn, question = mended(_named(text, slots)).strip(), normalise(context or "").strip()
    read = features(turn, question, kind or "none", str(answer))
    answers = answer is not None or kind not in (None, "other")
    return Heard(weights, slots, answer, read, turn, question, _is_readable(whole, slots), answers)


def _is_readable(whole: str, slots: dict[str, str]) -> bool:
    """Whether there is a word in it; of three and more that are no name, one that is known ("asdkj qwpoe zmxn")."""
    words = [word for word in whole.split() if word.isalpha()]
    if len(words) < _FEW or slots:
        return any(word.isalnum() for word in whole.split())
    return any(word in KNOWN or word in EVERYDAY for word in words)


def mended(sentence: str) -> str:
    """The normalised sentence with typing slips mended."""
    return " " + " ".join(mend(word) for word in normalise(sentence).split()) + " "


def _without_lead(line: str) -> str:
    """A leading "no," answers the question before; what follows is a request of its own."""
    return re.sub(r"^ (?:no|nope|nah) (?:[,.;!] (?=\w)|(?=(?:i|can|could|let|just|please|give) ))", " ", line)


def _without_contacts(text: str, slots: dict[str, str]) -> str:
    """A number or an address beside a yes adds nothing to it."""
    text = re.sub(r"\S+@\S+", " ", text) if "email" in slots else text
    return re.sub(r"[(+]?\d[\d()+.\s-]{6,}\d", " ", text) if "phone" in slots else text


def _signs_in_words(text: str) -> str:
    """Signs that say a word."""
    for sign, word in (("🛑", " stop "), ("✋", " stop "), ("👋", " hello "), ("🤖", " robot ")):
        text = text.replace(sign, word)
    return text


def _named(text: str, slots: dict[str, str]) -> str:
    """The turn with the kind of each contact in its place: the reader is not to learn numbers."""
    text = re.sub(r"\S+@\S+|\[EMAIL_\d+\]", " thisemail ", text)
    text = re.sub(r"[(+]?\d[\d()+.\s-]{6,}\d|\[PHONE_\d+\]", " thisphone ", text)
    return text.replace(slots["name"], " thisname ") if "name" in slots else text


def _with_thumbs(text: str, whole: str) -> str:
    """A thumb is an answer too."""
    if "👍" in text or "✅" in text:
        return f"{whole}thumbs up "
    return f"{whole}no " if "👎" in text else whole


def _weigh_slots(weights: dict[str, float], slots: dict[str, str], text: str) -> None:
    for slot, weight in (("phone", 9.2), ("email", 9.2), ("name", 6.0)):
        if slot in slots:
            weights[f"give_{slot}"] = weight
    if "name" in slots and ("phone" in slots or "email" in slots):
        weights["give_name"] = 5.0
    elif "name" in slots and (introductions(text) or " " in slots["name"]):
        weights["give_name"] = 8.2


def _weigh_answer(
    weights: dict[str, float], answer: Answer | None, kind: str | None, context: str | None, whole: str
) -> None:
    """Let the question before the turn say what the answer means."""
    explicit = any(words in last_word(whole) for words in _CONSENT_WORDS)
    if kind in _CONSENT and answer != "yes":
        _hear_doubt(weights, answer, whole)
    if answer is None:
        return
    if kind in _CONSENT and answer == "yes" and _SPEAKING.search(whole):
        answer = "unclear"
    if kind in _MEANING and answer == "unclear" and begins_with_yes(whole):
        answer = "yes"
    meaning = _MEANING.get(kind or "", {}).get(answer)
    if answer == "yes" and kind in _CONSENT and _DEALER.search(normalise(context or "")):
        weights.pop("wants_human", None)
    if meaning:
        _weigh_meaning(weights, meaning, kind, answer)
    elif kind in _CONSENT or explicit:
        _weigh_consent(weights, answer, whole)
    elif kind in _FACTS:
        if answer == "yes" and is_all_answer(whole) and not weights.keys() - _SMALL_TALK:
            weights["consent_ambiguous"] = 5.5
    elif kind is None and ((context or "").strip() or _ACKNOWLEDGED.fullmatch(whole)):
        return
    elif answer != "unclear" and not weights.keys() - _SMALL_TALK and is_all_answer(whole):
        weights[f"consent_{answer}"] = 3.5 if weights else 5.5


#: kinds of question that ask for leave, and those that ask what is so
_CONSENT = frozenset({"consent", "mind"})
_FACTS = frozenset({"fact", "vehicle", "phone", "email", "name", "resume"})
#: "ok" to nothing that was asked
_ACKNOWLEDGED = re.compile(r" (?:(?:ok|alright|all right|cool|great|perfect|fine|good|vale|bueno|thanks|right|[.!]) )+")
#: a yes to who it is, whatever was asked
_SPEAKING = re.compile(
    r"^ (?:yes|yeah|yep|si) (?:, )?(?:this is|it is|you are speaking to|habla|soy) (?:him|her|he|she|me|el|ella|yo)? "
)
_MEANING: dict[str, dict[str, str]] = {
    "human": {"yes": "wants_human", "no": "declines_human"},
    "identity": {"yes": "confirms_identity", "no": "wrong_person"},
    "time": {"no": "not_now", "unclear": "not_now", "yes": "consent_yes"},
    "else": {"no": "thanks_bye"},
    "trade": {"yes": "trade_in", "no": "other"},
    "spanish": {"yes": "asks_spanish"},
}
_OPPOSITE = {
    "wants_human": "declines_human",
    "declines_human": "wants_human",
    "confirms_identity": "wrong_person",
    "wrong_person": "confirms_identity",
}


def _weigh_meaning(weights: dict[str, float], meaning: str, kind: str | None, answer: Answer) -> None:
    """A yes or no to a question of another kind; what says the opposite of it gives way."""
    weights[meaning] = max(weights.get(meaning, 0), 8.5 if meaning in _OPPOSITE else 7.5)
    weights.pop(_OPPOSITE.get(meaning, ""), None)
    if kind in ("else", "human") and answer == "no":
        weights["not_interested"] = min(weights.get("not_interested", 0), 5.0)


def _hear_doubt(weights: dict[str, float], answer: Answer | None, whole: str) -> None:
    """After a question for consent, a short turn that says neither yes nor no, or asks back, leaves it open."""
    strongest = max((weight for name, weight in weights.items() if name not in _SMALL_TALK), default=0.0)
    words = len(whole.split())
    if answer is None and (strongest < _HINT and words <= _SHORT_ANSWER):
        weights["consent_ambiguous"] = 6.5
    elif answer != "no" and words <= _SHORT_ANSWER and _ASKS_BACK.match(whole) and strongest <= _TOPIC:
        weights["consent_ambiguous"] = 8.2


def _weigh_consent(weights: dict[str, float], answer: Answer, whole: str) -> None:
    intent = {"yes": "consent_yes", "no": "consent_no", "unclear": "consent_ambiguous"}[answer]
    short = len(whole.split()) <= _HANDOVER_WORDS
    topics = {name: weight for name, weight in weights.items() if name not in _SMALL_TALK and weight >= _HINT}
    if intent == "consent_no" and not _STOP_WORDS.search(whole):
        for wider in ("stop_contact", "declines_human", "contact_preference"):
            weights.pop(wider, None)
    if intent == "consent_no" and weights.get("not_interested", 9) < 8.5:
        weights["not_interested"] = 5.0
    base = 8.1 if answer == "unclear" and ("?" in whole or topics) else 8.6
    weights[intent] = max(weights.get(intent, 0), base if short or not topics else base - 2.5)


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
