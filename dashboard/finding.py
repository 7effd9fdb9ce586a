"""Finding conversations: by an id or its beginning, by a tag, by a customer's address or number (keyed hash)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from carloans.core import rights
from chat import inbox as chat

_BEGINNING: Final = re.compile(r"[0-9a-f]{6,31}")
_TAG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
_NUMBER: Final = re.compile(r"[\d\s().+-]{7,20}")


@dataclass(frozen=True, slots=True)
class Result:
    """`by` says what was taken for what: id, tag, contact or nothing."""

    by: str
    rows: list[chat.InboxLine]


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def find(asked: str, *, now: datetime) -> Result:
    """The newest conversations that match. Nothing is looked for in what people wrote: it holds placeholders."""
    word = asked.lower().removeprefix("#")
    if one := as_uuid(word):
        return Result("id", chat.found(ids=[one], now=now))
    if "@" in asked or (_NUMBER.fullmatch(asked) and sum(map(str.isdigit, asked)) >= 7):
        return Result("contact", _of_person(asked, now))
    if _BEGINNING.fullmatch(bare := word.replace("-", "")):
        low, high = UUID(bare.ljust(32, "0")), UUID(bare.ljust(32, "f"))
        if begun := chat.found(ids=chat.ids_between(low=low, high=high), now=now):
            return Result("id", begun)
    if _TAG.fullmatch(word):
        return Result("tag", chat.found(tag=word, now=now))
    return Result("nothing", [])


def _of_person(asked: str, now: datetime) -> list[chat.InboxLine]:
    kind = "email" if "@" in asked else "phone"
    person = rights.find(now=now, **{kind: asked})
    return chat.found(ids=person.conversations, now=now) if person.conversations else []
