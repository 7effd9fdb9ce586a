"""Looking for personal data where none may be: every value in every form in which it could have got there."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, quote_plus

from dashboard.funnel.people import Person

_NOT_DIGITS: Final = re.compile(r"\D")
#: Shorter texts occur by chance, in a digest or an id.
_LEAST: Final = 8
#: The end of a character that is escaped for a URL; its digits belong to it.
_ESCAPED: Final = re.compile(rb"%[0-9a-f]{2}$")
_HEX: Final = frozenset(b"0123456789abcdef")


@dataclass(frozen=True)
class Hit:
    """A find: the place, the kind of value and the form in which it stood; never the value."""

    place: str
    kind: str
    form: str
    around: str = ""


@dataclass
class Scanner:
    """Knows the forms of many values and finds them in any amount of bytes in one pass, whatever their case."""

    _forms: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    _by_head: dict[bytes, list[bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, secrets: Iterable[tuple[str, str]]) -> Scanner:
        """A scanner for (kind, value) pairs."""
        scanner = cls()
        for kind, value in secrets:
            for form, written in forms_of(kind, value):
                scanner._know(written.encode().lower(), kind, form)
        return scanner

    def _know(self, written: bytes, kind: str, form: str) -> None:
        if len(written) >= _LEAST and written not in self._forms:
            self._forms[written] = (kind, form)
            self._by_head.setdefault(written[:_LEAST], []).append(written)

    def __len__(self) -> int:
        return len(self._forms)

    def scan(self, place: str, content: bytes | str) -> list[Hit]:
        """Every find in the content."""
        data = (content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).lower()
        heads, by_head = self._by_head.keys(), self._by_head
        found = (at for at in range(len(data) - _LEAST + 1) if data[at : at + _LEAST] in heads)
        return [
            self._hit(place, written, data, at)
            for at in found
            for written in by_head[data[at : at + _LEAST]]
            if data.startswith(written, at) and not _is_part_of_a_number(written, data, at)
        ]

    def _hit(self, place: str, written: bytes, data: bytes, at: int) -> Hit:
        """With a little of what stands before it, so that the leak can be found; what follows could be the rest."""
        kind, form = self._forms[written]
        return Hit(place, kind, form, data[max(at - 60, 0) : at].decode("utf-8", "replace"))


def _is_part_of_a_number(written: bytes, data: bytes, at: int) -> bool:
    """Bare digits inside a longer run of hexadecimal digits are a piece of an id or a digest, by chance."""
    if not written.isdigit():
        return False
    before, after = data[max(at - 1, 0) : at], data[at + len(written) : at + len(written) + 1]
    if _ESCAPED.search(data[max(at - 3, 0) : at]):
        before = b""
    return bool(before and before[0] in _HEX) or bool(after and after[0] in _HEX)


def forms_of(kind: str, value: str) -> Iterator[tuple[str, str]]:
    """(form, text) of a value: as typed, bare, escaped as a URL, JSON or base64 would have it."""
    yield "as typed", value
    bare = _NOT_DIGITS.sub("", value)
    if len(bare) >= _LEAST and kind in _NUMBERS:
        yield "digits", bare
    if kind == "phone" and value.startswith("+1"):
        yield from _phone_forms(value)
    for form, escaped in (("URL", quote(value, safe="")), ("form", quote_plus(value))):
        if escaped != value:
            yield form, escaped
    if len(value) >= _LEAST:
        yield from _base64_forms(value)


#: Kinds that are numbers: the digits alone give them away.
_NUMBERS: Final = frozenset({"ssn", "card", "account", "routing", "iban", "phone"})


def _phone_forms(e164: str) -> Iterator[tuple[str, str]]:
    area, exchange, line = e164[2:5], e164[5:8], e164[8:]
    yield "national", e164[2:]
    yield "dashes", f"{area}-{exchange}-{line}"
    yield "dots", f"{area}.{exchange}.{line}"
    yield "brackets", f"({area}) {exchange}-{line}"


def _base64_forms(value: str) -> Iterator[tuple[str, str]]:
    """The part of the encoding that does not depend on the neighbours, for each of the three alignments."""
    raw = value.encode()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        inner = encoded[(0, 2, 3)[shift] : len(encoded) - (1 if (len(raw) + shift) % 3 else 0)]
        if len(inner) >= 10:
            yield f"base64 at {shift}", inner


def secrets_of(people: Iterable[Person]) -> list[tuple[str, str]]:
    """Everything personal that these people hold or typed."""
    return sorted({pair for person in people for pair in person.secrets()})
