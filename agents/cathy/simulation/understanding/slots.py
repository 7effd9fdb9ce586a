"""Contact data in a turn, in its one normal form: phone E.164, e-mail lower case, name as it is written."""

from __future__ import annotations

import re

from carloans.core.contacts import check_email, check_phone
from carloans.core.contacts.phones import plain_phone
from carloans.core.privacy import redact
from cathy.guardrails.text.everyday import EVERYDAY
from cathy.guardrails.text.vocabulary import KNOWN

from .dictation import NEW_END, PHONE_CORRECTION, dictated_email, dictated_phone

#: "pat @ mail.com"
_SPREAD_ADDRESS = re.compile(
    r"(?<=[\w.+-])\s+@\s*(?=[\w-]+\.[a-z]{2})|(?<=[\w.+-])@\s+(?=[\w-]+\.[a-z]{2})", re.IGNORECASE
)
#: "icloud . com"
_SPREAD_DOT = re.compile(
    r"(?<=\w)\s+\.\s*(?=(?:com|net|org|edu|gov|us|mx|io|co)\b)|(?<=\w)\.\s+(?=(?:com|net|org|edu)\b)", re.IGNORECASE
)
#: "t as in tom", "the number seven", ", underscore,": how an address is dictated
#: "555-0146, area code 726"
_AREA_CODE_LAST = re.compile(
    r"(?<!\d)(\d{3}[\s.-]?\d{4})\W+(?:and |with )?(?:the |my )?area code(?: is)? (\d{3})(?!\d)", re.IGNORECASE
)
_PLAIN_ADDRESS = re.compile(r"\w\S*@[\w-]+\.\w")
_HUMMED = re.compile(r"\b(?:u+h+|u+m+|e+r+)\b[\s,]*", re.IGNORECASE)
_AS_IN = re.compile(r"\b([a-z])\s+(?:as in|like in|like|for|de)\s+[a-z]+\b", re.IGNORECASE)
_NUMBER_WORD = re.compile(
    r"\b(?:the number|number|el numero|el número|the digit)\s+"
    r"(zero|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\b",
    re.IGNORECASE,
)
_DIGIT_NAMES = "zero one two three four five six seven eight nine cero uno dos tres cuatro cinco seis siete ocho nueve"
_DIGITS = dict(zip(_DIGIT_NAMES.split(), "01234567890123456789", strict=True))
_SPOKEN_SIGN = re.compile(r"[\s,]*\b(?:underscore|under score|guion bajo|guión bajo)\b[\s,]*", re.IGNORECASE)
_LONE_LETTERS = re.compile(
    r"\b([b-df-np-xz])[\s,]+(?=[\w.]{2,}(?:[\s,]*\d+)?\s+(?:at|arroba)\s+\w+\s+(?:dot|punto)\b)", re.IGNORECASE
)
_BEFORE_DIGITS = re.compile(r"(?<=[a-z])[\s,]+(?=\d{1,4}\s+(?:at|arroba)\s+\w+\s+(?:dot|punto)\b)", re.IGNORECASE)
_DICTATED = re.compile(r"@|\bat\b|\barroba\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\[(PHONE|EMAIL|NAME)_\d{1,6}\]")
_CORRECTED = re.compile(
    r"\b(?:wait|actually|scratch that|correction|i mean|i meant|sorry|rather|new one|instead|make that|oops|mejor"
    r"|espera|espere|perdon|perdón|digo|quise decir|correccion|corrección|ahora|now|better|nuevo"
    r"|(?:the|el) (?:good|real|right|correct|bueno|correcto)(?: one)?)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:old|former|wrong|no longer|not|don'?t use|do not use|dont use|used to be|isn'?t|stop (?:calling|texting"
    r"|emailing)|instead of|viejo|anterior|equivocado|ya no|no uses?|no es|previous|disconnected)\b"
    r"(?:(?!,? (?:use|send|it'?s|its|is now|my new|the new|so|try|text me|but|the right|should be|mi nuevo|ahora|mande"
    r"|a|y el nuevo)\b)"
    r"[^.;:!?\d]){0,28}$",
    re.IGNORECASE,
)
_REFUSED_AFTER = re.compile(
    r"^[\s,;:-]*(?:(?:that'?s|that is|which is|is|was|it'?s|es|ese es|era)\s+(?:my |the |an? |now |el |mi )*(?:old"
    r"|former|dead"
    r"|wrong|disconnected|previous|no longer|not (?:mine|good|working|in use)|gone|off|viejo|anterior|equivocado)"
    r"|isn'?t\b"
    r"|no longer|doesn'?t work|does not work|ya no|no sirve)",
    re.IGNORECASE,
)
_WORD = r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ'’-]{0,19}"
#: "Mrs.", and "bob" in front of "bob kowalski"
_TITLES = re.compile(
    r"\b(?:[Mm]rs?|[Mm]s|Miss|[Dd]r|Doctor|Pastor|Rev|Reverend|Sgt|[Ss]rt?a?|[Ss]eñora?|[Ss]enora?)(?:\.\s*|\s+)(?=[A-ZÀ-Ö])"
)
_SAID_TWICE = re.compile(r"\b([A-Za-zÀ-ÖØ-öø-ÿ'’]{2,20})[.,;]\s+(?=\1\s+[A-Za-zÀ-Ö])", re.IGNORECASE)
_IN_PARTS = re.compile(
    rf"(?:\bfirst name(?:'s| is|:)?\s+|^\W*(?:it'?s |its )?)(?P<first>{_WORD}),?\s(?:[^.;!?]{{0,30}}\s)??(?:and |y )?"
    rf"(?:my )?(?:last name|surname|apellido)(?:'s| is|:| es)?\s+(?P<last>{_WORD})",
    re.IGNORECASE,
)
#: "Kind regards, Harold"
_SIGNED = re.compile(
    r"(?:[Rr]egards|[Ss]incerely|[Cc]ordially|[Yy]ours truly|[Rr]espectfully|[Aa]tentamente|[Ss]aludos)\s*[,.\n]\s*"
    r"(?P<name>[A-ZÀ-Ö][a-zà-öø-ÿ'’-]{1,19}(?:\s+[A-ZÀ-Ö][a-zà-öø-ÿ'’.-]{0,19}){0,2})\W*$"
)
_SAID_NAME = re.compile(
    rf"(?:\bmine(?:'s| is)|\bmy (?:full |first |last )?name(?:'s| is|s)(?: spelled)?|\bthe name(?:'s| is)"
    rf"|\bname(?:'s| is|:)|\bcall me"
    rf"|\bpeople "
    rf"call me|\b(?:everyone|everybody|friends|they|people|all) calls? me|\bi(?:'m| am) known as|\bgo by|\bme llamo"
    rf"|\bme dicen"
    rf"|\bit'?s under|\bunder the name(?: of)?|\ba nombre de|\bme llaman|\bmi nombre (?:completo )?es|\bi am called"
    rf"|\bi'm "
    rf"called)\s*:?\s+(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})",
    re.IGNORECASE,
)
_MAYBE_NAME = re.compile(
    r"(?:\b[Ii](?:'m|’m| am|m)|\b[Tt]his is|\b[Ii]t'?s|\b[Ss]oy|\b[Hh]abla|\b[Yy]o soy|\b[Aa]qui|\b[Hh]ere "
    r"is)\s+(?P<name>[A-ZÀ-Ö][a-zà-öø-ÿ'’-]{1,19}(?:\s+[A-ZÀ-Ö][a-zà-öø-ÿ'’.-]{0,19}){0,2})"
)
_PRESENTED = re.compile(
    r"(?:\b[Ff]ull [Nn]ame:?|\b[Nn]ombre [Cc]ompleto:?|\b[Tt]his is|\b[Ss]oy|\b[Hh]abla|\b[Hh]ere is)\s+"
    r"(?P<name>[A-ZÀ-Ö][a-zà-öø-ÿ'’-]{1,19}(?:\s+[A-ZÀ-Ö][a-zà-öø-ÿ'’.-]{0,19}){0,2})"
)
#: "brandon here"
_HERE = re.compile(rf"^\W*(?:(?:hi|hello|hey|hola|yo)[, ]+)?(?P<name>{_WORD}(?:\s+{_WORD})?)\s+here\b", re.IGNORECASE)
#: "hi this is dana cruz", in small letters
_HAILING = re.compile(
    rf"^\W*(?:hi|hello|hey|hola|good \w+|buen[oa]s \w+)?(?:\s+cathy\b)?[,.! ]*(?:this is|soy|it'?s"
    rf"|habla)\s+(?P<name>{_WORD}(?:\s+{_WORD})?)"
    r"\s*(?:[.,!?;]|and\b|i\b|y\b|$)",
    re.IGNORECASE,
)
#: a name alone, as an answer to the question for it
_BARE_NAME = re.compile(
    rf"^\W*(?:(?:yes|yeah|sure|ok|okay|hi|hello|it'?s|it is|its|that'?s|this is|i'?m|i am|im|soy|con|claro|sí|si|es"
    rf"|me llamo|um|uh"
    rf"|well|oh|just)\b[\s,:.-]*)*(?P<name>{_WORD}(?:(?:\s[A-Za-z]\.)?\s+(?!but\b|pero\b){_WORD}){{0,3}})\s*(?:[.,!?;:(]|\b(?:here|but|pero|aunque)\b|\+?\d{{3}}|$)",
    re.IGNORECASE,
)
_NO_NAME_WORDS = """
    a an the not so very just still here there interested looking ready sure sorry fine good ok okay back busy
    done going trying from at in on out and but my your his her it me you we they maybe later anytime tomorrow
    today crazy now when after before if after please asap again because calling about regarding tired sick mad
    angry afraid worried happy glad doing waiting wondering also only really cathy un una el la de interesado
    interesada listo lista bien ocupado aqui yes no yeah right correct true english spanish american by on for to
    with is was are whatever crap ridiculous spam honda toyota ford chevy nissan bankrupt broke unemployed retired
    self monday tuesday wednesday thursday friday saturday sunday tonight morning mornings evening evenings noon
    weekends weekdays soon between around during between whenever once maam sir whatever crazy old that this these
    those what who where why how lunes martes miercoles jueves viernes sabado domingo luego despues mañana mas si
    claro gracias ok someone somebody anyone one cheap late early first texting calling using being getting having
    applying working driving sick off up down over nobody everybody everyone anymore again please maybe still me i
    right wrong bot robot human person real not español inglés ingles español english
    spanish m my your his her number phone cell email address work home hi hello hola hey id call none nope nah never
    nothing idk huh rather guess telling guessing lol haha
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())


def find_slots(text: str, *, asked: str = "") -> dict[str, str]:
    """Return the slots that the turn holds, of "phone", "email" and "name"; `asked` names the one that Cathy asked for.

    A placeholder ([PHONE_1]) stands for itself. Of several values the last counts when the customer corrects themself,
    else the first; one that is called old or wrong does not count. Never raises.
    """
    slots = {kind.lower(): match.group() for match in _PLACEHOLDER.finditer(text) for kind in [match[1]]}
    text = _written_out(_SPREAD_ADDRESS.sub("@", _SPREAD_DOT.sub(".", text)))
    spans = redact(text).spans
    for kind, slot, normal in (("PHONE", "phone", _phone), ("EMAIL", "email", _email)):
        found = [(span.start, span.end, normal(text[span.start : span.end])) for span in spans if span.type == kind]
        value = _chosen(text, [each for each in found if each[2]])
        if value:
            slots.setdefault(slot, value)
    _add_dictated(slots, text, asked)
    name = _name(text, asked == "name")
    if name:
        slots.setdefault("name", name)
    return slots


def _add_dictated(slots: dict[str, str], text: str, asked: str) -> None:
    """What was asked for and is dictated counts before a part of it that looks like a whole."""
    if asked == "phone" and (PHONE_CORRECTION.search(text) or NEW_END.search(text) or "phone" not in slots):
        slots.update({"phone": phone} if (phone := dictated_phone(text)) else {})
    if asked == "email" and not _PLAIN_ADDRESS.search(text):
        slots.update({"email": email} if (email := dictated_email(text)) else {})


def _written_out(text: str) -> str:
    """A number or an address that is dictated, closer to how it is written."""
    text = _AREA_CODE_LAST.sub(r"\2-\1", text)
    if not _DICTATED.search(text):
        return text
    text = _AS_IN.sub(r"\1", _HUMMED.sub(" ", text))
    text = _NUMBER_WORD.sub(lambda match: _DIGITS[match[1].lower()], text)
    return _LONE_LETTERS.sub(r"\1", _BEFORE_DIGITS.sub("", _SPOKEN_SIGN.sub("_", text)))


def introductions(text: str) -> list[str]:
    """The names by which somebody introduces themself ("my name is …", "soy …"), as they are written. Never raises.

    "I'm Kia" and "it's Forte" do not count: what is taken for a name is hidden from the model.
    """
    matches = [*_SAID_NAME.finditer(text), *_PRESENTED.finditer(text)]
    return [name for match in matches if (name := _written_name(match["name"]))]


def _written_name(written: str) -> str:
    words = [word.strip("'’-.") for word in written.split()]
    stop = next((at for at, word in enumerate(words) if word.lower() in _NO_NAME), len(words))
    return " ".join(words[:stop])


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


def _is_refused(text: str, start: int, end: int) -> bool:
    """Is the value called old or wrong, before or after it?"""
    return bool(_REFUSED.search(text[max(0, start - 44) : start]) or _REFUSED_AFTER.match(text[end : end + 40]))


#: "the gmail one is better", behind two addresses
_PROVIDER_MEANT = re.compile(
    r"\b(?:the|use|el de|la de) (?:my )?[a-z]+ (?:one|is better|address|is best|works)\b|\buse (?:the )?[a-z]+\b",
    re.IGNORECASE,
)


def _chosen(text: str, found: list[tuple[int, int, str]]) -> str:
    kept = [(start, value) for start, end, value in found if not _is_refused(text, start, end)]
    if not kept:
        return ""
    first, last = kept[0][0], kept[-1][0]
    named = [
        value for _, value in kept if _PROVIDER_MEANT.search(text[last:]) and _provider_of(value) in text[last + 5 :]
    ]
    if len(kept) > 1 and len(named) == 1 and "@" in named[0]:
        return named[0]
    return kept[-1][1] if _CORRECTED.search(text[first:last]) else kept[0][1]


def _provider_of(address: str) -> str:
    return address.partition("@")[2].partition(".")[0]


def _name(text: str, asked: bool) -> str:
    text = _SAID_TWICE.sub("", _TITLES.sub("", re.sub(r"\S+@\S+", " ", text).strip()))
    if parts := _IN_PARTS.search(text):
        return _clean_name(f"{parts['first']} {parts['last']}")
    for pattern in (_SAID_NAME, _MAYBE_NAME, _SIGNED):
        for match in pattern.finditer(text):
            if name := _clean_name(match["name"]):
                return name
    if not asked:
        own = _HERE.match(text) or _HAILING.match(text)
        return _clean_name(own["name"]) if own and not _everyday(own["name"]) else ""
    bare = _BARE_NAME.match(text)
    return _clean_name(bare["name"]) if bare else ""


def _everyday(name: str) -> bool:
    """Is there a word in it that everybody uses? Then it is hardly a name in small letters."""
    words = [word.lower().strip("'’.-") for word in name.split()]
    return name.islower() and any(word in EVERYDAY or word in KNOWN for word in words)


def _clean_name(written: str) -> str:
    words: list[str] = []
    for word in written.split():
        if word.lower().strip("'’.-") in _NO_NAME:
            break
        initial = len(word) == 2 and word[1] == "." and bool(words)
        words.append(word if initial else word.strip("'’-."))
    name = " ".join(words)
    if name.islower() or name.isupper():
        return name.title()
    return f"{words[0].title()} {' '.join(words[1:])}" if words and words[0].islower() else name
