"""Contact data in a turn, in its one normal form: phone E.164, e-mail lower case, name as it is written."""

from __future__ import annotations

import re

from carloans.core.contacts import check_email, check_phone
from carloans.core.contacts.phones import plain_phone
from carloans.core.privacy import redact

#: "pat @ mail.com"
_SPREAD_ADDRESS = re.compile(
    r"(?<=[\w.+-])\s+@\s*(?=[\w-]+\.[a-z]{2})|(?<=[\w.+-])@\s+(?=[\w-]+\.[a-z]{2})", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"\[(PHONE|EMAIL|NAME)_\d{1,6}\]")
_CORRECTED = re.compile(
    r"\b(?:wait|actually|scratch that|correction|i mean|i meant|sorry|rather|new one|instead|make that|oops|mejor"
    r"|espera|espere|perdon|perdón|digo|quise decir|correccion|corrección|ahora|now|better|nuevo)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:old|former|wrong|no longer|not|don'?t use|do not use|dont use|used to be|isn'?t|stop (?:calling|texting"
    r"|emailing)|instead of|viejo|anterior|equivocado|ya no|no uses?|no es|previous|disconnected)\b[^.;!?]{0,25}$",
    re.IGNORECASE,
)
_WORD = r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ'’-]{0,19}"
_SAID_NAME = re.compile(
    rf"(?:\bmy (?:full |first |last )?name(?:'s| is|s)|\bthe name(?:'s| is)|\bname(?:'s| is|:)|\bcall me|\bpeople "
    rf"call me|\bgo by|\bme llamo|\bmi nombre (?:completo )?es|\bi am called|\bi'm "
    rf"called)\s*:?\s+(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})",
    re.IGNORECASE,
)
_MAYBE_NAME = re.compile(
    r"(?:\b[Ii](?:'m|’m| am|m)|\b[Tt]his is|\b[Ii]t'?s|\b[Ss]oy|\b[Hh]abla|\b[Yy]o soy|\b[Aa]qui|\b[Hh]ere "
    r"is)\s+(?P<name>[A-ZÀ-Ö][a-zà-öø-ÿ'’-]{1,19}(?:\s+[A-ZÀ-Ö][a-zà-öø-ÿ'’.-]{0,19}){0,2})"
)
_NO_NAME_WORDS = """
    a an the not so very just still here there interested looking ready sure sorry fine good ok okay back busy
    done going trying from at in on out and but my your his her it me you we they maybe later anytime tomorrow
    today crazy now when after before if after please asap again because calling about regarding tired sick mad
    angry afraid worried happy glad doing waiting wondering also only really cathy un una el la de interesado
    interesada listo lista bien ocupado aqui yes no yeah right correct true english spanish american by on for to
    with is was are whatever crap ridiculous spam honda toyota ford chevy nissan bankrupt broke unemployed retired
    self
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())


def find_slots(text: str, *, asked_name: bool = False) -> dict[str, str]:
    """Return the slots that the turn holds, of "phone", "email" and "name".

    A placeholder ([PHONE_1]) stands for itself. Of several values the last counts when the customer corrects themself,
    else the first; one that is called old or wrong does not count. Never raises.
    """
    slots = {kind.lower(): match.group() for match in _PLACEHOLDER.finditer(text) for kind in [match[1]]}
    text = _SPREAD_ADDRESS.sub("@", text)
    spans = redact(text).spans
    for kind, slot, normal in (("PHONE", "phone", _phone), ("EMAIL", "email", _email)):
        found = [(span.start, normal(text[span.start : span.end])) for span in spans if span.type == kind]
        value = _chosen(text, [(start, value) for start, value in found if value])
        if value:
            slots.setdefault(slot, value)
    name = _name(text, asked_name)
    if name:
        slots.setdefault("name", name)
    return slots


def _phone(written: str) -> str:
    check = check_phone(written, allow_test_numbers=True)
    if check.valid:
        return check.e164
    plain = plain_phone(written) if check.reason == "not_assigned" else ""
    return plain if plain.startswith("+") else ""


def _email(written: str) -> str:
    check = check_email(written)
    if check.valid or check.normalized:
        return check.normalized
    cleaned = written.strip().strip(".,;:<>()").lower()
    return cleaned if re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", cleaned) else ""


def _chosen(text: str, found: list[tuple[int, str]]) -> str:
    kept = [(start, value) for start, value in found if not _REFUSED.search(text[max(0, start - 40) : start])]
    if not kept:
        return ""
    first, last = kept[0][0], kept[-1][0]
    return kept[-1][1] if _CORRECTED.search(text[first:last]) else kept[0][1]


def _name(text: str, asked: bool) -> str:
    for pattern in (_SAID_NAME, _MAYBE_NAME):
        for match in pattern.finditer(text):
            if name := _clean_name(match["name"]):
                return name
    bare = re.fullmatch(rf"\W*(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})\W*", text.strip())
    return _clean_name(bare["name"]) if asked and bare else ""


def _clean_name(written: str) -> str:
    words = []
    for word in written.split():
        if word.lower().strip("'’.-") in _NO_NAME:
            break
        words.append(word.strip("'’-."))
    name = " ".join(words)
    return name.title() if name.islower() or name.isupper() else name
