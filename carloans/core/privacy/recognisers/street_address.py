"""STREET_ADDRESS: house number, name and street word; PO boxes; rural and military addresses; Spanish "calle"."""

import re
from collections.abc import Iterator

from carloans.core.privacy.cues import Kind
from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.places import (
    DIRECTION,
    MAKES,
    PLAIN_SUFFIXES,
    STATE_FIRST_DIGITS,
    STATE_NAMES,
    UNIT,
    WORDY_SUFFIXES,
)
from carloans.core.privacy.spans import Span
from carloans.core.text import words
from carloans.core.text.spoken import TEENS, TENS, UNITS

_NUMBER = r"(?<![\w$.,/#-])(?<!\$ )\d{1,6}[a-z]?(?:[- ]1/2| ?[½¼¾]|-\d{1,4}|/\d)?"
_NAME = r"(?:\d{1,3}(?:st|nd|rd|th)|[a-z][\w'.-]*)"
_SUFFIX = rf"(?P<suffix>{PLAIN_SUFFIXES}|{WORDY_SUFFIXES})"
_STREET = re.compile(
    rf"(?P<number>{_NUMBER}),?\s+(?P<name>(?:{DIRECTION}\s+)?(?:{_NAME}\s+){{1,5}}?){_SUFFIX}\b\.?"
    rf"(?:\s+{DIRECTION}(?![\w']))?(?P<unit>{UNIT}){{0,2}}"
)
_NUMBER_WORDS = "|".join(sorted({*UNITS, *TEENS, *TENS, "hundred", "thousand"} - {"o", "un", "una", "once"}))
_SPOKEN_STREET = re.compile(
    rf"(?<![a-z'-])(?P<number>(?:(?:{_NUMBER_WORDS})[ -](?:(?:and|y) )?){{1,7}})"
    rf"(?P<name>(?:{DIRECTION}\s+)?(?:{_NAME}\s+){{1,3}}?)"
    rf"(?:{PLAIN_SUFFIXES})\b\.?(?:\s+{DIRECTION}(?![\w']))?(?:{UNIT}){{0,2}}"
)
#: "four four one two west ogden, apartment six": a direction, and no street word
_SPOKEN_DIRECTION = re.compile(
    rf"(?<![a-z'-])(?:(?:{_NUMBER_WORDS})[ -](?:(?:and|y) )?){{2,7}}{DIRECTION}\s+(?P<name>[a-z][\w'-]+)"
    rf"(?P<unit>,? (?:apartment|apt|unit|number|suite|departamento|depto|apartamento|apto|numero) "
    rf"(?:(?:{_NUMBER_WORDS}|\d{{1,4}})\b ?){{1,3}})?"
)
#: "77-B West Kettle": the same in digits, all in capitals, and the end of a clause behind it
_DIRECTION_ONLY = re.compile(
    rf"(?<![\w$.,/#-])(?P<number>\d{{3,6}}|\d{{1,5}}-?[A-Za-z]) (?:North|South|East|West) (?!(?i:{STATE_NAMES})\b)"
    rf"[A-Z][\w'-]+(?= *(?:[,.;!?\n]|$))"
)
_PLAIN_STREET = re.compile(
    rf"(?P<number>{_NUMBER}),?\s+(?P<name>(?:{DIRECTION}\s+)?(?:{_NAME}\s+){{1,5}}?)(?P<suffix>{PLAIN_SUFFIXES})\b\.?"
    rf"(?:\s+{DIRECTION}(?![\w']))?(?P<unit>{UNIT}){{0,2}}"
)
_AVENUE = re.compile(
    rf"(?P<number>{_NUMBER})\s+(?:{DIRECTION}\s+)?(?:broadway\b(?:{UNIT})?|(?:avenue|ave|street|highway|hwy|road|calle)\.?\s+"
    rf"(?:[a-z]\b(?!\s?[/.]\w)|of (?:the )?[a-z]+|de (?:la |las |los )?[a-z]+)(?:{UNIT})?)"
)
#: Wisconsin and Utah count from a crossing: "W142 N8893 Merrimac Dr"
_GRID = re.compile(
    rf"(?<![\w$.,/#-])(?:[nsew]\s?\d{{1,5}}\s?[nsew]\s?\d{{2,5}}|[nsew]\s?\d{{2,5}})\s(?P<name>(?:{_NAME}\s+){{1,3}}?)(?:{PLAIN_SUFFIXES})\b\.?(?:{UNIT}){{0,2}}"
)
_CAPITALS = re.compile(r"(?: [A-Z][\w'.-]*){1,2}(?![\w'])")
#: "Calle 16 de Septiembre 204"
_DAY_OF = re.compile(r" de [a-z]+(?:,? ?(?:#|no\.? ?|numero )?\d{1,5}[a-z]?\b)?")
_STATED = re.compile(r"[^\d.!?\n]*(?:\b(?:is|es|was)|[:=])\s*")
_ONE_HARBOR = re.compile(r"\b(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten) [A-Z]")
_NUMBERED = re.compile(r" \d{1,4}(?![\w.,]\d)(?!\w)(?! (?:miles|mi|min|hours|years)\b)")
_ROAD_NUMBER = re.compile(r"(?:expressway|expy|freeway|fwy|highway|hwy|loop|turnpike|road|rd)\.?\Z")
_MORE = re.compile(
    rf"(?P<name>\s+{_NAME})?\s+(?:{PLAIN_SUFFIXES}|{WORDY_SUFFIXES})\b\.?(?:\s+{DIRECTION}(?![\w']))?(?:{UNIT}){{0,2}}"
)
_ROUTE = re.compile(
    rf"(?P<number>{_NUMBER}),?\s+(?:{DIRECTION}\s+)?(?:(?:state|county|us|u\.s\.|old|rural|ranch|farm to market)\s*)?"
    rf"(?:highway|hwy|road|rd|route|rte|rt|rr|fm|cr|sr|loop|spur|interstate|ih[- ]?|i-|"
    rf"co rd)\.?\s*#?\s*\d{{1,5}}[a-z]?(?:\s+(?:rd|road|st|street|hwy|highway|loop|bypass)\b\.?)?"
    rf"(?:\s+{DIRECTION}(?![\w']))?(?:{UNIT}){{0,2}}"
)
_BOX = re.compile(
    r"\b(?:p\.?\s?o\.?\s?-?\s?box|post office box|p\.?o\.?b\.?|apartado(?: postal)?|"
    r"apdo\.?)\s*#?:?\s*\d{1,7}\b|\b(?:rr|rural route|hc|psc|unit|cmr)\s*#?\s*\d{1,5},?\s+"
    r"box\s*#?\s*\d{1,6}(?:-?[a-z])?\b"
)
_SPANISH = re.compile(
    rf"\b(?:calle|avenida|avda|paseo|camino|carretera|callejon|cjon|calz(?:ada)?|privada|circuito|"
    rf"cerrada|av|cll|bulevar)\.?\s+(?!abajo|arriba)"
    rf"(?:(?!(?:a las|por|con|hay|esta|y|es)\s)[a-z0-9][\w.'-]*\s+){{0,4}}?"
    rf"(?:[a-z0-9][\w.'-]*)(?:,?\s+(?:#|no\.?|num\.?|numero|n\.)?|,?\s*#)\s*\d{{1,5}}(?:-?[a-z])?\b(?:{UNIT})?|"
    rf"(?<![\w$.,-])\d{{1,6}},?\s+(?:{DIRECTION}\s+|de (?:la |el )?|en (?:la )?)?"
    rf"(?:calle|cll\.?|cl\.|avenida|avda\.?|av\.|priv\.|paseo|camino|carretera|callejon|via|"
    rf"corte)\s+(?:(?:de|del|la|las|los|el|san|santa)\s+){{0,2}}[a-z0-9][\w.'-]*(?:{UNIT})?"
)
#: Part of each way that the pattern above begins; looking for these is far cheaper.
_SPANISH_WORDS = (
    "calle", "cll", "cl.", "av", "paseo", "camino", "carretera", "cjon", "calz", "priv", "circuito", "cerrada",
    "bulevar", "via", "corte",
)  # fmt: skip
_FIVE_DIGITS = re.compile(r"\d{5}")
_STATE_CODES = "|".join(STATE_FIRST_DIGITS).lower()
_TAILED = re.compile(
    rf"(?P<number>{_NUMBER})\s+(?P<name>(?:{_NAME})(?:\s+{_NAME}){{0,3}}?)(?:{UNIT})?"
    rf"(?=,?\s+[a-z][a-z.' -]{{2,30}},?\s+(?:{_STATE_CODES}|"
    rf"{STATE_NAMES})\.?,?\s+\d{{5}}(?!\d))"
)
_AT_HOME = re.compile(
    rf"(?P<number>{_NUMBER})\s+(?P<name>(?:{DIRECTION}\s+)?{_NAME}(?:\s+{_NAME}){{0,2}}?)(?:{UNIT})?(?=\s*(?:[,.;!?\n]|"
    rf"$|\s(?:in|and|en|y|but|near|apt|unit)\b))"
)
# Words that never stand inside a street's name; "5 minute drive", "2 way street", "10 miles down the road".
_NOT_A_NAME = words(
    """
    minute minutes min mins hour hours hr hrs mile miles year years yr yrs month months day days week weeks dollar
    dollars percent more less people cars car trucks truck guys times time the a an of in on my to and or is are was
    for from all test wheel wheels speed door doors cylinder way ways owner owners off at with by down up per that
    this it we you he she they i me your our his her their if so but not no yes blocks block feet foot ft inch
    inches lane lanes star stars seat seater payments payment bedroom bedrooms bed bath kids children dealers
    dealerships loans k usd points point gallon gallons mpg hp am pm percent% than about around over under after
    before until when which who what where how can could would will should have has had do does did get got go going
    went take took make made want need think know like just only even also still very much many few some any every
    each other another same different new used next last first second third de la que con por para en al y o un una
    los las as along into like onto across through
    millas anos meses dolares states state different separate local big small large nice good bad short long
    """
)
_LOOSE_IN_NAMES = words(
    """
    the of and la las los de del el new first second third big long o y at way point star lane
    """
)
_ARTICLES = {"la", "las", "los", "el", "leon", "soto"}
_YEAR = re.compile(r"(?:19[5-9]\d|20[0-3]\d)$")
_YEARS = re.compile(r"(?:19|20)\d\d-(?:19|20)\d\d")
_MPG = re.compile(r"\s+(?:mpg|miles|city|combined|and)\b")


def find_street_addresses(doc: Document) -> Iterator[Span]:
    """Capitals and common street words carry it; common nouns ("way", "park") need capitals or "I live at"."""
    if not doc.has_number:
        return
    if any(word in doc.lower for word in ("box", "apartado", "apdo", "pob", "o.b", "p.ob")):
        yield from _plainly(doc, _BOX)
    for match in _ROUTE.finditer(doc.lower):
        if _is_long_enough(doc, match) and not _MPG.match(doc.lower, match.end()) and not _YEAR.match(match["number"]):
            yield Span("STREET_ADDRESS", *match.span())
    yield from _streets(doc)
    yield from _dictated(doc)
    for match in _AVENUE.finditer(doc.lower):
        if (len(match["number"]) >= 3 and not _YEAR.match(match["number"])) or _announced(doc, match.start()):
            yield Span("STREET_ADDRESS", *match.span())
    yield from _spanish(doc)
    for match in _GRID.finditer(doc.lower):
        if _is_name(match["name"]):
            yield Span("STREET_ADDRESS", *match.span())
    for match in _TAILED.finditer(doc.lower) if _FIVE_DIGITS.search(doc.lower) else ():
        if _is_name(match["name"]) and not _is_vehicle(match):
            yield Span("STREET_ADDRESS", *match.span())
    for match in _DIRECTION_ONLY.finditer(doc.cased):
        if not _YEAR.match(match["number"]):
            yield Span("STREET_ADDRESS", *match.span())
    yield from _at_home(doc)


def _plainly(doc: Document, pattern: re.Pattern[str]) -> Iterator[Span]:
    for match in pattern.finditer(doc.lower):
        yield Span("STREET_ADDRESS", *match.span())


def _spanish(doc: Document) -> Iterator[Span]:
    """A name of more words goes on in capitals: "2210 Avenida Cesar Chavez"."""
    if not any(word in doc.lower for word in _SPANISH_WORDS):
        return
    for match in _SPANISH.finditer(doc.lower):
        more = _DAY_OF.match(doc.lower, match.end()) if match.group()[-1].isdigit() else None
        more = more or _CAPITALS.match(doc.cased, match.end())
        yield Span("STREET_ADDRESS", match.start(), more.end() if more else match.end())


def _is_long_enough(doc: Document, match: re.Match[str]) -> bool:
    """“35 highway 30” is a car's thirst; a house on a highway has three digits, or is announced."""
    if len(match["number"]) >= 3 or _announced(doc, match.start()):
        return True
    return (
        len(match["number"]) == 2
        and re.search(r"\b(?:fm|cr|county|rr|ranch|farm|[nsew] (?:highway|hwy))\b", match.group()) is not None
    )


def _is_vehicle(match: re.Match[str]) -> bool:
    words = match["name"].split()
    few = len(match["number"]) <= 2 and words[0].strip(".") in {"harley", "ducati", "triumph", "kawasaki", "yamaha"}
    return few or (bool(_YEAR.match(match["number"])) and any(word.strip(".") in MAKES for word in words[:2]))


def _streets(doc: Document) -> Iterator[Span]:
    position = 0
    while (match := _STREET.search(doc.lower, position)) is not None:
        if _is_street(doc, match):
            position = _with_more_street_words(doc, match)
            yield Span("STREET_ADDRESS", match.start(), position)
        elif (plain := _PLAIN_STREET.match(doc.lower, match.start())) is not None and _is_street(doc, plain):
            position = _with_more_street_words(doc, plain)
            yield Span("STREET_ADDRESS", match.start(), position)
        else:
            position = match.end("number")


def _dictated(doc: Document) -> Iterator[Span]:
    """“Twelve thirty four elm street”: at least two number words, or an address is announced."""
    if not doc.may_be_dictated and not _ONE_HARBOR.search(doc.cased):
        return
    for match in _SPOKEN_STREET.finditer(doc.lower):
        enough = len(match["number"].replace("-", " ").split()) >= 2 or _announced(doc, match.start())
        if (enough or _is_in_capitals(doc, match)) and _is_name(match["name"]):
            yield Span("STREET_ADDRESS", *match.span())
    for match in _SPOKEN_DIRECTION.finditer(doc.lower):
        meant = match["unit"] or _announced(doc, match.start()) or any(cue.kind == Kind.ZIP for cue in doc.cues)
        if meant and _is_name(match["name"]):
            yield Span("STREET_ADDRESS", match.start(), match.start() + len(match.group().rstrip()))


def _is_in_capitals(doc: Document, match: re.Match[str]) -> bool:
    """As in “One Harbor Plaza”: each word, but not every letter."""
    written = doc.cased[match.start() : match.end()]
    return written.istitle() or (not written.isupper() and all(word[0].isupper() for word in written.split()))


def _with_more_street_words(doc: Document, match: re.Match[str]) -> int:
    """“15 Old Mill Boulevard” does not end at "Mill"."""
    if match["unit"]:
        return match.end()
    if _ROAD_NUMBER.search(match.group()) and (number := _NUMBERED.match(doc.lower, match.end())):
        return number.end()
    more = _MORE.match(doc.lower, match.end("suffix"))
    return max(match.end(), more.end()) if more and _is_name(more["name"] or "x") else match.end()


def _is_street(doc: Document, match: re.Match[str]) -> bool:
    words = match["name"].split()
    if not _is_name(match["name"]) or _is_vehicle(match) or _YEARS.match(match["number"]):
        return False
    if _announced(doc, match.start()) or match["unit"]:
        return True
    cased = doc.cased[match.start("name") : match.end("suffix")].split()
    capitals = all(word[0].isupper() or word[0].isdigit() for word in cased)
    plain = re.fullmatch(PLAIN_SUFFIXES, match["suffix"]) is not None
    if _YEAR.match(match["number"]):
        return plain and capitals and (cased[-1] != "ST" or doc.cased.isupper())
    if plain:
        return capitals or _holds_in_lower_case(match, words)
    return capitals and len(match["number"]) >= 2


def _holds_in_lower_case(match: re.Match[str], words: list[str]) -> bool:
    """For “123 main st” without capitals: a street word that is nothing else, or a house number of three digits."""
    if match["suffix"] in {
        "way",
        "drive",
        "place",
        "court",
        "square",
        "loop",
        "trail",
        "circle",
        "plaza",
        "pl",
        "ct",
        "sq",
        "cir",
        "ter",
        "dr",
        "st",
    }:
        return len(match["number"]) >= 3 and len(words) <= 3
    return len(words) <= 3


def _is_name(name: str) -> bool:
    words = [word.strip(".,'") for word in name.split()]
    if words[0] == "de" and words[1:2] and words[1] not in _ARTICLES:  # "900 de renta"
        return False
    bad = [word for word in words if word in _NOT_A_NAME]
    if not bad:
        return True
    return (
        len(bad) < len(words) and set(bad) <= _LOOSE_IN_NAMES and words[0] not in {"of", "and", "o", "y", "at", "way"}
    )


def _announced(doc: Document, start: int) -> bool:
    cue = doc.cue_before(start, reach=24)
    return cue is not None and cue.kind == Kind.ADDRESS


def _at_home(doc: Document) -> Iterator[Span]:
    """In “I live at 742 Evergreen” there is no street word at all, but an address is announced."""
    if not any(cue.kind == Kind.ADDRESS for cue in doc.cues):
        return
    for match in _AT_HOME.finditer(doc.lower):
        if _is_given_as_address(doc, match.start()) and _is_name(match["name"]) and not _YEAR.match(match["number"]):
            yield Span("STREET_ADDRESS", *match.span())


def _is_given_as_address(doc: Document, start: int) -> bool:
    """Right behind "I live at", or with more about the address between: "the address on my license is"."""
    cue = doc.cue_before(start, reach=10)
    if cue is not None and cue.kind == Kind.ADDRESS:
        return True
    said = [cue for cue in doc.cues_before(start, reach=36) if cue.kind == Kind.ADDRESS]
    return bool(said) and _STATED.fullmatch(doc.lower[said[0].end : start]) is not None
