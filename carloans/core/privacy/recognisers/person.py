"""PERSON: the names that the system already knows, nothing guessed."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span
from carloans.core.text import words

# First and last names that are everyday words: only with a capital letter, and not as the first word of a sentence.
_EVERYDAY = words(
    """
    will may mark grace hope rose bill art chase drew rich frank pat gene dean sue joy faith dawn april june august
    summer autumn long young king price white black brown green gray ford banks wells cash loan day love wise best
    good small short strong may rob bob don guy chip max ray rod jay lane park hill street field rivers church
    bishop page story bell cook baker carter miller smith
    """
) - {"smith", "miller", "carter", "brown", "baker"}  # fmt: skip


def find_known_names(doc: Document) -> Iterator[Span]:
    """Whole words, whatever their case and accents; full names before their parts."""
    if not doc.known_names:
        return
    for match in _pattern(doc.known_names).finditer(doc.lower):
        if match.group() not in _EVERYDAY or _is_written_as_a_name(doc, match.start()):
            yield Span("PERSON", *match.span())


def _is_written_as_a_name(doc: Document, start: int) -> bool:
    before = doc.cased[:start].rstrip()
    return doc.cased[start].isupper() and bool(before) and before[-1] not in ".!?\n:"


@lru_cache(maxsize=512)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    forms = {_plain(name) for name in names} | {
        part for name in names for part in _plain(name).split() if len(part) >= 3
    }
    ordered = sorted((form for form in forms if len(form) >= 2), key=len, reverse=True)
    joined = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in ordered)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)" if joined else r"(?!)")


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.strip().lower())
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())
