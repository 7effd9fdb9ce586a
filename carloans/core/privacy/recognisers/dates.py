"""Dates in the ways that Americans and Mexicans write them, for the birthday recogniser."""

import re

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|ene|abr|ago|dic)\.?"
)
_ORDINAL = (
    r"(?:twenty|thirty)[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|second|third|"
    r"fourth|fifth|sixth|seventh|eighth|"
    r"(?:twenty|thirty)[- ](?:one|two|three|four|five|six|seven|eight|nine)|ninth|tenth|eleventh|twelfth|thirteenth"
    r"|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|"
    r"nineteenth|twentieth|thirtieth|primero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez"
    r"|once|doce|"
    r"trece|catorce|quince|dieciseis|diecisiete|dieciocho|diecinueve|veinte|veinti(?:uno|dos|tres|cuatro|cinco|seis"
    r"|siete|ocho|"
    r"nueve)|treinta(?: y uno)?"
)
_ROMAN = r"(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})"
_DAY = rf"(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|ro)?|{_ORDINAL})(?![\d])"
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_UNIT = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_SPOKEN_YEAR = (
    rf"(?:(?:nineteen|twenty)[\s-](?:{_TENS}(?:[\s-]{_UNIT})?|oh[\s-]{_UNIT}|\w+teen|ten|eleven|twelve)|"
    rf"two thousand(?:\s(?:and\s)?\w+)?|mil novecientos\s\w+(?:\sy\s\w+)?|dos mil(?:\s\w+)?|{_TENS}(?:[\s-]{_UNIT})?)"
)

_YEAR = rf"(?:(?:1[89]|20)\d\d|'?\d\d|{_SPOKEN_YEAR})(?!\d)"
_SEP = r"\s{0,2}[-/.,_\\| ]\s{0,2}"
_BETWEEN = r"[\s,./-]{0,3}(?:of|de|del|the)?[\s,./-]{0,3}"

#: "second of Feb, she's a '61 baby"
_BABY = (
    r",? (?:(?:and )?(?:i'?m|s?he'?s|i am|s?he is|was) )?an? '?(?:19|20)?\d\d(?= (?:baby|kid|"
    r"model)\b)(?: (?:baby|kid))?"
)

#: A day, written with month and year, or month and day alone.
DATE = re.compile(
    rf"(?<![\w/.-])(?:"
    rf"(?:19|20)\d\d{_SEP}(?:0?[1-9]|1[0-2]){_SEP}(?:3[01]|[12]\d|0?[1-9])(?!\d)"
    rf"(?:[t ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?z?)?"
    rf"|(?:0?[1-9]|[12]\d|3[01]){_SEP}(?:0?[1-9]|[12]\d|3[01]){_SEP}(?:(?:19|20)\d\d|'?\d\d)(?!\d)(?![/-]\d)"
    rf"|(?:0?[1-9]|[12]\d|3[01])(?P<sep>[-/. ]){_ROMAN}(?P=sep)(?:(?:19|20)\d\d|'?\d\d)(?!\d)"
    rf"|(?:the\s)?{_DAY}{_BETWEEN}{_MONTH}(?:{_BETWEEN}{_YEAR}|{_BABY})?(?![a-z])"
    rf"|{_MONTH}{_BETWEEN}{_DAY}(?:{_BETWEEN}{_YEAR}|{_BABY})?"
    rf"|(?:19|20)\d\d{_BETWEEN}{_MONTH}{_BETWEEN}{_DAY}"
    rf"|{_MONTH}[\s,./-]{{1,2}}(?:of |de )?(?:19|20)\d\d(?!\d)"
    rf")"
)
#: The same without separators; six or eight digits mean nothing outside a birthday's context.
COMPACT = re.compile(
    r"(?<![\w-])(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|"
    r"[12]\d|3[01])(?:(?:19|20)\d\d|\d\d))(?!\w)"
)
#: A month and day, or a bare year, as numbers: "dob 4/17", "dob 1985".
PARTIAL = re.compile(
    r"(?<![\w/.$-])(?:(?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|[12]\d|3[01])|(?:19[2-9]\d|200\d))(?![\w/-])(?!\.\d)"
)


def is_compact_date(digits: str) -> bool:
    """Eight digits that can be a day, such as 20251128."""
    return len(digits) == 8 and COMPACT.fullmatch(digits) is not None
