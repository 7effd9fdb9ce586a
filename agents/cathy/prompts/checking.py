"""What may not be wished for, and how that is said to whoever wrote it.

These checks catch mistakes early and say so; they are not what keeps customers safe. The guardrails do that, and they
judge what any model says, whatever it was told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from pydantic import ValidationError

from carloans.core.privacy import labels_in
from carloans.core.privacy.redaction import find
from cathy import persona
from cathy.guardrails.replacements import REPLACEMENTS
from cathy.guardrails.text import normalise, split_sentences
from cathy.prompts.wishes import LANGUAGES, PromptSet, Wishes

#: Marks of template languages and of the prompt's own frame. A single brace is judged by the placeholders.
_TEMPLATE: Final = re.compile(r"\{\{|\}\}|\{%|%\}|\$\{|<%|%>|\{#|<\|")
_FRAME: Final = re.compile(r"^\s*(?:FACTS|STYLE|SYSTEM|ASSISTANT|USER)\s*:", re.IGNORECASE | re.MULTILINE)
_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}?|\}")
_DROPS_RULES: Final = "an order to drop the instructions"
_RULES_WORD: Final = (
    r"(?:rules?|guardrails?|instructions?|polic(?:y|ies)|restrictions?|limits|never list|reglas?|instrucciones|normas"
    r"|restricciones|límites)"
)
_LIFTS_RULES: Final = re.compile(
    rf"\b(?:ignor\w*|disregard\w*|forget|skip|overrid\w*|overrul\w*|bypass\w*|suspend\w*|lift\w*|waive\w*|outrank\w*"
    rf"|olvid\w*|omit\w*|salt[ae]\w*|desobede\w*|anul\w*|exempt\w*|free)\b[^.!?\n]{{0,60}}\b{_RULES_WORD}\b"
    rf"|\b{_RULES_WORD}\b[^.!?\n]{{0,40}}\b(?:(?:do|does|need|must|will)? ?(?:not|n't)|no longer|no)\b[^.!?\n]{{0,15}}"
    rf"\b(?:apply|applies|hold|holds|bind|count|matter|valen|aplican?|rigen)\b",
    re.IGNORECASE,
)
_NEGATED: Final = re.compile(
    r"\b(?:never|not|no|nor|nothing|cannot|without|nunca|jamás|sin|nada|ni)\b|n't\b", re.IGNORECASE
)
#: Orders that no role may give. Staff's texts talk about what to do, so the linter's sentences to customers do not fit.
_FORBIDDEN_ORDERS: Final = {
    "rates": re.compile(
        r"\b(?:quot\w*|stat\w*|giv\w*|tell\w*|mention\w*|estimat\w*|promis\w*|name|say|calculat\w*|cotiz\w*|di"
        r"|dile|menciona\w*|promet\w*|calcula\w*)\b[^.!?\n]{0,50}\b(?:rates?|aprs?|payments?|scores?|tasas?"
        r"|pagos?|cuotas?|puntajes?)\b",
        re.IGNORECASE,
    ),
    "approval": re.compile(
        r"\b(?:promis\w*|guarant\w*|assur\w*|tell\w*|predict\w*|den(?:y|ies)|declin\w*|promet\w*|garanti\w*|asegur\w*|di|dile)\b"
        r"[^.!?\n]{0,50}\b(?:approv\w*|loan is|declined?|aprob\w*|prequalified already)\b",
        re.IGNORECASE,
    ),
    "human": re.compile(
        r"\b(?:say|tell|claim|pretend|pose|act|introduce|di|dile|finge|hazte)\b[^.!?\n]{0,50}\b(?:human|real person"
        r"|a person named|humana|persona real|not an? (?:ai|bot|robot))\b",
        re.IGNORECASE,
    ),
    "sensitive": re.compile(
        r"\b(?:ask|request|collect|get|pid[ea]\w*|solicit\w*)\b[^.!?\n]{0,50}\b(?:ssn|social security|card numbers?"
        r"|account numbers?|date of birth|birth ?dates?|seguro social|fecha de nacimiento|tarjeta)\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field ("en.greeting", "roles.RealtimeChat"), and what to do about it."""

    field: str
    message: str


def read(raw: Mapping[str, Any]) -> tuple[PromptSet | None, list[Problem]]:
    """Return the wishes in a JSON value, or None, with everything that is wrong with them."""
    try:
        wishes = PromptSet.model_validate(raw)
    except ValidationError as error:
        return None, [_shape(one) for one in error.errors(include_input=False, include_url=False)]
    return wishes, problems(wishes)


def _shape(error: Any) -> Problem:
    return Problem(".".join(str(part) for part in error["loc"][:2]), str(error["msg"]).removesuffix("."))


def problems(wishes: PromptSet, *, defaults: Mapping[str, str] | None = None) -> list[Problem]:
    """Return everything that may not be wished; empty when all of it may.

    `defaults` are the program's own role texts by agent: an agent that is not among them is refused, and a role may use
    the placeholders that its default uses.
    """
    found = [problem for language in LANGUAGES for problem in _of_language(wishes.of(language), language)]
    known = _defaults() if defaults is None else defaults
    for agent, text in wishes.roles.items():
        found += [Problem(f"roles.{agent}", message) for message in _of_role(agent, text, known)]
    return found


def _defaults() -> Mapping[str, str]:
    from cathy.registry import roles

    return roles()


def _of_language(own: Wishes, language: str) -> Iterator[Problem]:
    words = {"greeting": own.greeting, "phone_words": own.phone_words}
    for field, text in words.items():
        allowed = {"{company}"} if field == "greeting" else set()
        for message in (*_plain(text, allowed), *_lifting(text), *_claims(text)):
            yield Problem(f"{language}.{field}", message)
    for field, phrases in (("prefer", own.prefer), ("avoid", own.avoid)):
        for message in dict.fromkeys(message for phrase in phrases for message in _of_phrase(field, phrase, language)):
            yield Problem(f"{language}.{field}", message)


def _of_phrase(field: str, phrase: str, language: str) -> Iterator[str]:
    if not phrase.strip():
        yield _("Leave no empty entry in the list.")
    yield from _plain(phrase, set())
    yield from _lifting(phrase)
    if field == "prefer":
        yield from _claims(phrase)
    elif _is_needed(phrase, language):
        yield _(
            "“%(word)s” cannot be avoided: what Cathy must say of herself or in place of a forbidden sentence needs it."
        ) % {"word": phrase}


def _is_needed(phrase: str, language: str) -> bool:
    wanted = f" {normalise(phrase).strip()} "
    texts = (*persona.protected_texts(language), *(words[language] for words in REPLACEMENTS.values()))
    return any(wanted in f" {normalise(text).strip()} " for text in texts)


def _plain(text: str, allowed: Iterable[str]) -> Iterator[str]:
    """Nothing that a machine, now or later, might take for its own."""
    if _TEMPLATE.search(text) or _FRAME.search(text):
        yield _("Template signs and prompt marks are not possible here. Write plain words.")
        return
    unknown = sorted({mark for mark in _PLACEHOLDER.findall(text) if mark not in allowed})
    if unknown:
        may = ", ".join(sorted(allowed)) or _("none")
        yield _("There is no placeholder %(unknown)s here; possible: %(may)s.") % {
            "unknown": ", ".join(unknown),
            "may": may,
        }
    if labels_in(text) or find(text):
        yield _("This holds contact data or a customer's placeholder. Leave it out.")
    if any(not (char.isprintable() or char == "\n") for char in text.replace("\r\n", "\n")):
        yield _("This holds invisible characters. Type the text anew.")


def _lifting(text: str) -> Iterator[str]:
    from cathy.guardrails import inputs  # reading the rules takes longer than most commands do

    ordered = any(inputs.inspect(sentence).reason == _DROPS_RULES for sentence in split_sentences(text))
    if ordered or _LIFTS_RULES.search(text):
        yield _("The house rules stand above every text here and cannot be lifted by one.")


def _claims(text: str) -> Iterator[str]:
    """The claim linter, as over everything that a customer may read."""
    from cathy.guardrails import claims

    rules = dict.fromkeys(violation.rule for violation in claims.check(text)) if text else ()
    if rules:
        yield _("Cathy may not say that (%(rules)s).") % {"rules": ", ".join(rules)}


def _of_role(agent: str, text: str, defaults: Mapping[str, str]) -> Iterator[str]:
    if agent not in defaults:
        yield _("There is no agent of this name.")
        return
    yield from _plain(text, set(_PLACEHOLDER.findall(defaults[agent])))
    yield from _lifting(text)
    for sentence in split_sentences(text):
        for name, order in _FORBIDDEN_ORDERS.items():
            match = order.search(sentence)
            if match and not _NEGATED.search(sentence[: match.end()]):
                yield _order_messages()[name]


def _order_messages() -> Mapping[str, str]:
    return {
        "rates": _("No agent states rates, payments or scores; the guardrails would stop it. Leave this order out."),
        "approval": _("No agent promises or denies approval; the guardrails would stop it. Leave this order out."),
        "human": _("Cathy never passes for a person. Leave this order out."),
        "sensitive": _("No agent asks for such numbers in the chat. Leave this order out."),
    }
