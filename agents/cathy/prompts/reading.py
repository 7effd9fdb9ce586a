"""Reading versions and their evaluations, for pages, replays and the lab."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cathy import registry
from cathy.models import PromptEvaluation, PromptVersion
from cathy.prompts import active, compiling
from cathy.prompts.results import Result, figures
from cathy.prompts.wishes import LANGUAGES, PromptSet


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in a list."""

    id: UUID
    number: int
    state: str
    note: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRow(Result):
    """A stored result, and of which version it is."""

    id: UUID
    version_id: UUID
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Compiled:
    """What one agent is told in one language, without facts."""

    agent: str
    language: str
    text: str


def versions(*, limit: int = 100) -> list[VersionRow]:
    """Return the versions, newest first."""
    fields = ("id", "number", "state", "note", "created_at", "created_by")
    return [VersionRow(*values) for values in PromptVersion.objects.values_list(*fields)[:limit]]


def prompt_of(*, version_id: UUID) -> active.Prompt | None:
    """Return a version as runs use it; None when it is unknown or not intact."""
    row = PromptVersion.objects.filter(pk=version_id).first()
    return active.of_row(row) if row else None


def prompt_named(name: str) -> active.Prompt | None:
    """Return a version by its number or id; None when there is none, or it is not intact."""
    if name.isascii() and name.isdecimal() and len(name) < 8:
        row = PromptVersion.objects.filter(number=int(name)).first()
        return active.of_row(row) if row else None
    try:
        return prompt_of(version_id=UUID(name))
    except ValueError:
        return None


def active_number() -> int | None:
    """Return the number of the active version; None when the built-in one holds."""
    return PromptVersion.objects.filter(state="active").values_list("number", flat=True).first()


def number_of(*, version_id: UUID) -> int | None:
    """Return a version's number."""
    return PromptVersion.objects.filter(pk=version_id).values_list("number", flat=True).first()


def compiled(wishes: PromptSet, *, company: str) -> list[Compiled]:
    """Return what each agent would be told in each language."""
    return [
        Compiled(
            card.name,
            language,
            compiling.instructions(
                wishes.roles.get(card.name, card.role),
                wishes,
                voice=card.voice,
                company=company,
                locale=language,
            ),
        )
        for card in registry.cards()
        for language in LANGUAGES
        if card.role
    ]


def greetings(wishes: PromptSet, *, company: str) -> dict[str, str]:
    """Return the greeting in each language, as a customer would read it."""
    return {language: compiling.greeting(wishes, company, language) for language in LANGUAGES}


def differences(before: PromptSet, after: PromptSet) -> list[str]:
    """Return a unified diff of two sets of wishes, line by line, without its file names; empty when they are equal."""
    lines = difflib.unified_diff(list(_lines(before)), list(_lines(after)), n=1, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++"))]


def _lines(wishes: PromptSet) -> Iterator[str]:
    for language in LANGUAGES:
        own = wishes.of(language)
        for field in type(own).model_fields:
            value = getattr(own, field)
            yield f"{language}.{field}: {', '.join(value) if isinstance(value, tuple) else value}"
    roles = registry.roles()
    for agent in sorted({*roles, *wishes.roles}):
        text = wishes.roles.get(agent)
        for line in text.splitlines() if text else ["(the program's own text)"]:
            yield f"{agent}: {line}"


def evaluations(*, version_id: UUID | None = None, limit: int = 50) -> list[EvaluationRow]:
    """Return stored results, newest first, of one version or of all."""
    rows = PromptEvaluation.objects.select_related("version")
    if version_id:
        rows = rows.filter(version=version_id)
    return [_row(one) for one in rows[:limit]]


def evaluation(*, evaluation_id: UUID) -> EvaluationRow | None:
    """Return one stored result."""
    one = PromptEvaluation.objects.select_related("version").filter(pk=evaluation_id).first()
    return _row(one) if one else None


def _row(one: PromptEvaluation) -> EvaluationRow:
    return EvaluationRow(id=one.pk, version_id=one.version_id, number=one.version.number, at=one.at, **figures(one))
