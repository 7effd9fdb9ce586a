"""Characters that stand in for others: look-alike alphabets, emoji letters, digits used as letters."""

from __future__ import annotations

import unicodedata

# two characters each: the look-alike and the letter that it stands for
_PAIRS = (
    "аa бb вb гr дd еe ёe иn йn кk лl мm нh оo пn рp сc тt уy фo хx цu чc шw щw ъb ыb ьb эe юu яr "  # Cyrillic
    "іi їi јj ѕs һh ԁd ԛq ԝw ґg єe ӏl ҽe "
    "αa βb γy δd εe ζz ηn θo ιi κk λl μu νv ξe οo πn ρp σo ςc τt υu φo χx ψw ωw ϲc ϳj "  # Greek
    "ıi ȷj łl øo đd ðd þp ħh ŧt ɑa ɡg ɩi ɪi ʀr ɴn ʟl ʏy ꜱs ᴀa ᴄc ᴅd ᴇe ᴊj ᴋk ᴍm ᴏo ᴘp ᴛt ᴜu ᴠv ᴡw ᴢz "  # Latin
    "ɛe ɔo əe ʙb ʜh ᴛt ɢg ғf ǫq ʼ' "
    "օo ոn սu ցg հh ᎪA ᏴB ᏟC ᎠD ᎬE ᏀG ᎻH ᎥI ᎫJ ᏦK ᏞL ᎷM ᏢP ᏒR ᏚS ᎢT ᏙV ᎳW ᏃZ"  # Armenian, Cherokee
)

#: code point → replacement, for str.translate
LOOKALIKES: dict[int, str] = {ord(pair[0]): pair[1].lower() for pair in _PAIRS.split()}
for _first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6):
    LOOKALIKES.update({_first + index: chr(ord("a") + index) for index in range(26)})
LOOKALIKES.update({ord("💯"): " 100 % ", ord("’"): "'", ord("‘"): "'", ord("`"): "'", ord("´"): "'", ord("ʼ"): "'"})
LOOKALIKES.update({ord(char): '"' for char in "“”«»„"})
LOOKALIKES.update({ord(char): "-" for char in "‐‑‒–—―−"})
LOOKALIKES.update({ord("…"): ".", ord("¿"): " ", ord("¡"): " ", ord("€"): "$", ord("£"): "$"})

#: what a digit or sign may mean inside a word
LEET: dict[str, str] = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "li", "+": "t", "(": "c", "*": "aeiou", "#": "h",
}  # fmt: skip

_KEEP = frozenset({"\n", "\t"})
_MOST_REMEMBERED = 4096


def plain_letters(text: str) -> str:
    """Return `text` in lower-case Latin letters: no accents, no invisible characters, no emoji."""
    folded = unicodedata.normalize("NFKC", text).translate(LOOKALIKES).lower().translate(LOOKALIKES)
    return unicodedata.normalize("NFKD", folded).translate(_PLAIN)


class _Remembered(dict[int, str]):
    """What becomes of each character, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        kept = _plain(chr(code))
        if len(self) < _MOST_REMEMBERED:
            self[code] = kept
        return kept


_PLAIN = _Remembered()


def _plain(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() or char in _KEEP else ""
    category = unicodedata.category(char)
    if category.startswith(("M", "C", "S")):
        return ""
    return " " if category.startswith("Z") else char
