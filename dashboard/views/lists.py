"""What the lists share: chips that filter, pages, and the table alone for a live refresh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

Words = str | Promise
PAGE = 50


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter."""

    query: str
    label: Words
    current: bool


def chips(name: str, chosen: str, choices: Iterable[tuple[str, Words]]) -> list[Chip]:
    return [Chip(urlencode({name: value} if value else {}), label, value == chosen) for value, label in choices]


def chosen(request: HttpRequest, name: str, choices: Iterable[str]) -> str:
    """The choice of a filter that the address names; "" (all) for none, and for what is no choice."""
    asked = request.GET.get(name, "")
    return asked if asked in choices else ""


def offset_of(request: HttpRequest) -> int:
    raw = request.GET.get("offset", "0")
    return min(int(raw), 1_000_000) if raw.isascii() and raw.isdecimal() and len(raw) < 8 else 0


def pages(offset: int, total: int) -> dict[str, Any]:
    older = offset + PAGE
    return {
        "total": total,
        "offset": offset,
        "newer": max(offset - PAGE, 0),
        "older": older,
        "has_newer": offset > 0,
        "has_older": older < total,
    }


def listing(request: HttpRequest, page: str, rows: str, tab: str, context: dict[str, Any]) -> HttpResponse:
    """A list's page, or its table alone."""
    template = rows if request.GET.get("part") else page
    return render(request, template, context | {"tab": tab, "page": PAGE})
