"""What a rule is made of, and the guards that tell a claim from its denial.

A sentence that denies, declines or reports a claim is not the claim: "I can't guarantee approval", "nobody can
promise a rate", "you asked if approval is guaranteed". Each pattern says which of these guards hold for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from .phrases import compile_phrase

NEGATED, DISCLAIMED, REPORTED = "negated", "disclaimed", "reported"
ALL_GUARDS = frozenset({NEGATED, DISCLAIMED, REPORTED})
CHANNELS = frozenset({"chat", "email"})

#: phrases with a negative word that deny nothing
_HOLLOW = re.compile(
    r" (?:not only|no problem|no worries|no matter|no doubt|why not|can not (?:fail|lose|go wrong|miss)|no "
    r"question(?! mark)|no kidding|no joke"
    r"|not a problem|no catch|no sweat|no hay problema|no importa|no solo|no te preocupes|no se preocupe|not a doubt"
    r"|not to mention|do not (?:worry|sweat it|fret|be shy|stress|panic)|no need to worry"
    r"|never mind|no exceptions|sin duda|sin excepciones|do not tell anyone|no te apures|no lie|no strings attached"
    r"|no more waiting|(?:if|when|since|because|once) (?:you|we|they|it|he|she) (?:do|did|does|can|could|will|would"
    r"|are|is|have) not|unless|si no)(?= )"
)
_INTERJECTION = re.compile(r"^ (?:no|nope|nah|not at all|para nada) [,.!;-]+ ")
_NEGATION = re.compile(
    r" (?:not|never|no|nobody|none|neither|nor|without|unable|isnt|nothing|hardly|rather than|instead of|far from"
    r"|avoid|stop short of|less than"
    r"|nunca|jamas|nadie|ningun\w*|sin|tampoco|ni|en vez de|en lugar de|refuse to|free to|nada|no longer|too early "
    r"to)(?= )"
)
_BREAK = re.compile(
    r" , (?=(?:i|you|we|it|the|your|this|so|they|consider|tu|te|su|ya|es|esta|el|la|usted|estas|my|just) )"
    r"| (?:but|however|though|although|yet|still|because|since|pero|sino|aunque|porque|and yet|except that|;|:) |[.?!] "
)
_DISCLAIMER = re.compile(
    r" (?:(?:i|we|cathy|nobody|no one|no dealer|no lender|no bank|no honest \w+|nadie|ai|assistant|bot|only (?:a|the) "
    r"(?:\w+ )?(?:lender|dealer|bank|creditor)s?"
    r"|solo (?:el|un|la) \w+) )?(?:(?:am|are|is|was) (?:really |also |just )?(?:not|never) |(?:can|could|will|would"
    r"|do|may|should|shall) (?:not|never) "
    r"|never |unable to |no (?:te |le |les |lo |la )?(?:puedo|podemos|puede|vamos a|voy a|debo|me corresponde|estoy) "
    r"|nunca |not able to |nobody can "
    r"|no one can |nadie (?:te |le )?puede )"
    r"(?:\S+ ){0,4}?(?:say|tell|quote|promise|guarantee|share|discuss|predict|estimate|know|give|offer|commit|ask"
    r"|confirm|decide|judge|comment"
    r"|reveal|collect|request|need|want|require|consider|look at|use|see|speak|answer|claim|look up|make|advise"
    r"|recommend|calculate|compare|help|going to"
    r"|pretend|decir\w*|prometer\w*|garantizar\w*|compartir\w*|dar\w*|ofrecer\w*|confirmar\w*|prometer|cotizar\w*"
    r"|saber|pedir\w*|pedimos|ask for|hacer"
    r"|calcular\w*|revelar\w*|hablar|opinar|comparar\w*|mostrar\w*|predecir|adivinar|asesorar\w*|recomendar\w*"
    r"|preguntamos|necesito|necesitamos)(?= )"
)
_REPORT = re.compile(
    r" (?:you (?:\w+ )?(?:asked|ask|wondered|wonder|said|mentioned|wrote|wanted to know|were told|told me|heard|saw"
    r"|read|worry|are worried|are wondering)"
    r"|are you (?:asking|wondering|worried|afraid|curious)|asking (?:if|whether|about)|wondering (?:if|whether|about)"
    r"|whether|beware|be (?:careful|wary|cautious)"
    r"|watch out|red flag|anyone who|anybody who|any (?:\w+ )?(?:site|lender|dealer|ad|offer|company|one|website) "
    r"(?:that|who|which)|(?:lenders|sites|dealers|ads|people|scammers"
    r"|companies|someone|somebody) (?:that|who)|if (?:someone|anyone|anybody|somebody|a \w+|another \w+) (?:\w+ "
    r"){0,2}(?:promises|tells|says|asks|offers|claims|wants|charges|pressures|guarantees)"
    r"|scam\w*|myth|rumor|question about|questions about|what (?:it )?means|preguntaste|pregunto|preguntas si|dijiste"
    r"|mencionaste|te preguntas|si alguien|cuidado con"
    r"|desconfia|quien te|quienes|mito|leiste|escuchaste|depends on|depende de|it (?:is|s) up to|that is up to|only "
    r"(?:a|the|your) (?:\w+ )?(?:lender|dealer|bank)"
    r"|(?:lender|dealer|bank|prestamista|concesionario|banco) (?:\w+ )?(?:decides|decide|sets|set|makes|determines"
    r"|decidira|will decide|will tell|can tell|can say|can answer|can explain"
    r"|can talk|will show|will explain|explains|muestra|mostrara|explicara|puede decir\w*|can show)|wish i could"
    r"|would love to tell|used to)(?= )"
)
_AFTER = re.compile(
    r"^(?:(?!(?:if|that|because|even|you|i|we|so|and|they|who|when|que) )[^ ,.?!;]+ ){0,3}(?:is|are"
    r"|was|were|does|do|can|could|would|will|should|may|no|never) (?:not |never |a (?:myth|red flag"
    r"|scam|lie) |existe |es )"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: the writer's words, the normalised form, and what stood before it."""

    raw: str
    text: str
    before: str = ""
    context: str = ""
    channel: str = "chat"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way of breaking a rule. `unless` names phrases of the same sentence that make it harmless."""

    template: str
    guards: frozenset[str] = ALL_GUARDS
    unless: tuple[str, ...] = ()

    def found(self, sentence: Sentence) -> bool:
        """Tell whether `sentence` makes this claim and no guard lifts it."""
        matches = compile_phrase(self.template).pattern.finditer(sentence.text)
        return any(self._holds(sentence, match) for match in matches)

    def _holds(self, sentence: Sentence, match: re.Match[str]) -> bool:
        if any(compile_phrase(phrase).search(sentence.text) for phrase in self.unless):
            return False
        return not any(_GUARDS[guard](sentence.text, match, self.template) for guard in self.guards)


@dataclass(frozen=True, slots=True)
class Short:
    """A short answer that is a claim because of the question before it ("Are you a bot?" "No.").

    `unless` are phrases of the answer, `unless_asked` of the question, that make it harmless.
    """

    question: str
    answer: str
    unless: tuple[str, ...] = ()
    unless_asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A claim that Cathy never makes: its name, its source in law or policy, and its patterns.

    `good` and `bad` are examples that the rule's test runs.
    """

    name: str
    source: str
    patterns: tuple[Pattern, ...]
    answers: tuple[Short, ...] = ()
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    channels: frozenset[str] = CHANNELS
    check: Callable[[Sentence], bool] | None = field(default=None)

    def broken_otherwise(self, sentence: Sentence) -> bool:
        """Tell whether the sentence breaks this rule by something else than its patterns."""
        if self.check is not None and self.check(sentence):
            return True
        return bool(sentence.context) and any(_answers(short, sentence) for short in self.answers)


#: A longer sentence speaks for itself, and the patterns judge it.
MOST_ANSWER_WORDS = 9
#: "Si quiere…" is no yes, and "No hay prisa" no no.
_OPENER = re.compile(
    r"^ (?:si (?:quiere|le|lo|usted|desea|prefiere|necesita|no|algo|hay|me|se) "
    r"|no (?:hay|logro|pude|puedo|entiendo|rush|problem|hurry|worries) "
    r"|sorry , i did not (?:catch|get|understand) |i am not sure i )"
)


def _answers(short: Short, sentence: Sentence) -> bool:
    if not compile_phrase(short.question).search(sentence.context):
        return False
    if len(sentence.text.split()) > MOST_ANSWER_WORDS or _OPENER.match(sentence.text):
        return False
    if not compile_phrase(short.answer).starts(sentence.text):
        return False
    if any(compile_phrase(phrase).search(sentence.context) for phrase in short.unless_asked):
        return False
    return not any(compile_phrase(phrase).search(sentence.text) for phrase in short.unless)


def _clause_before(text: str, start: int) -> str:
    """The words before `start`, back to the last turn of the thought."""
    head = _INTERJECTION.sub(" ", text[: max(start, 1)])
    ends = [match.end() for match in _BREAK.finditer(head)]
    return " " + (head[ends[-1] :] if ends else head).strip() + " "


@lru_cache(maxsize=4096)
def _denies(template: str) -> bool:
    return bool(_NEGATION.search(f" {re.sub(r'[(){}|?]', ' ', template)} "))


def _negated(text: str, match: re.Match[str], template: str) -> bool:
    inner = _HOLLOW.sub(" ", f" {match.group()} ")
    if not _denies(template) and _NEGATION.search(inner):
        return True
    before = _HOLLOW.sub(" ", _clause_before(text, match.start())).split()[-7:]
    if _NEGATION.search(f" {' '.join(before)} "):
        return True
    return _AFTER.match(text[match.end() :]) is not None


def _disclaimed(text: str, match: re.Match[str], template: str) -> bool:
    return _DISCLAIMER.search(_HOLLOW.sub(" ", _clause_before(text, match.end()))) is not None


def _reported(text: str, match: re.Match[str], template: str) -> bool:
    return _REPORT.search(_clause_before(text, match.end())) is not None


_GUARDS: dict[str, Callable[[str, re.Match[str], str], bool]] = {
    NEGATED: _negated,
    DISCLAIMED: _disclaimed,
    REPORTED: _reported,
}
