"""Writing versions: drafts, results of evaluations, activation and roll-back. Each act is on the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from carloans.core import audit, feed
from carloans.core.errors import BadInput, Conflict, NotAllowed, NotFound
from carloans.core.privacy.redaction import find
from cathy.models import PromptEvaluation, PromptVersion
from cathy.prompts import active, checking, standing
from cathy.prompts.results import Result, figures
from cathy.prompts.wishes import PromptSet

NOTE_MAX: Final = 200
#: An override is a sentence, not a shrug.
REASON_MIN: Final = 15


class NotPossible(BadInput):
    """Wishes that are refused; `problems` says for each field what is wrong."""

    code = "prompt_refused"
    message = "This version cannot be kept: see the marked fields."

    def __init__(self, problems: list[checking.Problem]) -> None:
        super().__init__()
        self.problems = problems


class NotReady(NotAllowed):
    """A version that may not be activated yet; `code` says why."""

    code = "not_evaluated"


def draft(
    *, raw: Mapping[str, Any], note: str, based_on: UUID | None, actor: str, staff: str, now: datetime
) -> PromptVersion:
    """Keep wishes as a new draft. Raises NotPossible for wishes that are refused, BadInput for a bad note."""
    wishes, note = acceptable(raw=raw, note=note, based_on=based_on)
    try:
        with transaction.atomic():
            return _add(wishes, note, based_on, actor, staff, now)
    except IntegrityError as taken:
        raise Conflict from taken


def acceptable(*, raw: Mapping[str, Any], note: str, based_on: UUID | None) -> tuple[PromptSet, str]:
    """Return wishes and note as they would be kept. Raises what `draft` raises for them."""
    wishes, problems = checking.read(raw)
    if wishes is None or problems:
        raise NotPossible(problems)
    note = _words(note, what=_("note"), least=1)
    if based_on and PromptVersion.objects.filter(pk=based_on, digest=wishes.digest()).exists():
        raise BadInput(_("Nothing differs from the version that this one is based on."), code="nothing_changed")
    return wishes, note


def _words(text: str, *, what: str, least: int) -> str:
    words = " ".join(text.split())
    if not least <= len(words) <= NOTE_MAX:
        message = _("The %(what)s needs %(least)d to %(most)d characters.") % {
            "what": what,
            "least": least,
            "most": NOTE_MAX,
        }
        raise BadInput(message, code="note_length")
    if find(words):
        raise BadInput(
            _("The %(what)s holds personal data: please leave it out.") % {"what": what}, code="personal_data"
        )
    return words


def _add(wishes: PromptSet, note: str, based_on: UUID | None, actor: str, staff: str, now: datetime) -> PromptVersion:
    last = PromptVersion.objects.aggregate(last=Max("number"))["last"] or 0
    row = PromptVersion.objects.create(
        number=last + 1,
        content=wishes.content(),
        digest=wishes.digest(),
        note=note,
        based_on_id=based_on,
        created_at=now,
        created_by=staff[:80],
    )
    _record("prompt.drafted", row, actor, now)
    return row


def record_evaluation(*, version_id: UUID, result: Result, actor: str, staff: str, now: datetime) -> PromptEvaluation:
    """Keep what an evaluation found; a draft is then evaluated, however it did. Raises NotFound."""
    row = _row(version_id)
    with transaction.atomic():
        kept = PromptEvaluation.objects.create(
            version=row, asked_by=staff[:80], at=now,
            **figures(result) | {"suite": result.suite[:60], "model": result.model[:80]},
        )  # fmt: skip
        if row.state == "draft":
            PromptVersion.LIFE.move(row, "evaluated")
        _record("prompt.evaluated", row, actor, now, {"suite": kept.suite, "evaluation": str(kept.pk)})
    return kept


def activate(*, version_id: UUID, actor: str, staff: str, now: datetime, override: str | None = None) -> PromptVersion:
    """Let a version hold from now on; the one that held is retired.

    Refused (NotReady) while it was not evaluated, or did worse than the one that holds on the same suite and model.
    `override` is the reason for doing it nevertheless; who may give one is the caller's to check. Raises Conflict when
    somebody was faster, NotFound.
    """
    row = _row(version_id)
    reason = "" if override is None else _words(override, what=_("reason"), least=REASON_MIN)
    obstacle = standing.obstacle(row)
    if obstacle and (not reason or obstacle.code == "already_active"):
        raise NotReady(obstacle.message, code=obstacle.code)
    used = reason if obstacle else ""
    return _switch(row, "prompt.activated", actor, staff, now, {"override": bool(used)}, override=used)


def roll_back(*, actor: str, staff: str, now: datetime) -> PromptVersion:
    """Return to what the active version took the place of. Raises NotFound when there is nothing to return to."""
    held = PromptVersion.objects.filter(state="active").select_related("replaced").first()
    if held is None or held.replaced is None:
        raise NotFound(_("There is no earlier version to return to."), code="nothing_to_return_to")
    return _switch(held.replaced, "prompt.rolled_back", actor, staff, now, {})


def retire(*, version_id: UUID, actor: str, now: datetime) -> None:
    """Put a draft or an evaluated version aside. Raises NotAllowed for the active one: activate another instead."""
    row = _row(version_id)
    if row.state not in {"draft", "evaluated"}:
        raise NotAllowed(_("Only a version that was never active can be put aside."), code="not_a_draft")
    with transaction.atomic():
        if not PromptVersion.LIFE.move(row, "retired"):
            raise Conflict
        _record("prompt.retired", row, actor, now)


def _switch(
    row: PromptVersion,
    action: str,
    actor: str,
    staff: str,
    now: datetime,
    facts: dict[str, Any],
    override: str = "",
) -> PromptVersion:
    """One transaction: the old one retired, the new one active, the trail and the feed told."""
    if active.of_row(row) is None:
        raise NotAllowed(_("This version was changed behind the program's back and cannot be used."), code="not_intact")
    changes: dict[str, Any] = {"activated_at": now, "activated_by": staff[:80]}
    if override:
        changes["override"] = override
    try:
        with transaction.atomic():
            held = PromptVersion.objects.select_for_update().filter(state="active").exclude(pk=row.pk).first()
            if held is not None and not PromptVersion.LIFE.move(held, "retired"):
                raise Conflict
            if row.replaced_id is None and held is not None and held.replaced_id != row.pk:
                changes["replaced_id"] = held.pk
            if not PromptVersion.LIFE.move(row, "active", **changes):
                raise Conflict
            _record(action, row, actor, now, {**facts, "from": held.number if held else None})
            _tell(row, action, staff, now)
            transaction.on_commit(active.forget)
    except IntegrityError as taken:
        raise Conflict from taken
    active.forget()
    return row


def _row(version_id: UUID) -> PromptVersion:
    row = PromptVersion.objects.filter(pk=version_id).first()
    if row is None:
        raise NotFound(_("There is no such version."))
    return row


def _record(action: str, row: PromptVersion, actor: str, now: datetime, facts: Mapping[str, Any] | None = None) -> None:
    said = {"number": row.number, "digest": row.digest, **(facts or {})}
    audit.record(action=action, actor=actor, subject=f"prompt:{row.pk}", now=now, facts=said)


def _tell(row: PromptVersion, action: str, staff: str, now: datetime) -> None:
    rolled = action == "prompt.rolled_back"
    words = "Rolled back to" if rolled else "Now active:"
    feed.publish(
        kind="prompt.activated",
        room="cathy",
        summary=f"{words} prompt version {row.number}",
        now=now,
        data={"number": row.number},
        severity="warn" if rolled else "info",
    )
