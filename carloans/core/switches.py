"""The kill switches. They are asked right before a side effect, so that they stop work already in flight.

Each question goes to the database: a cache would keep work going for as long as it lives. Work that a switch holds
waits and goes on once the switch is on again; nothing is thrown away for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, QuerySet

from carloans.core import audit, feed
from carloans.core.errors import BadInput, Conflict, NotAllowed
from carloans.core.models import Switch
from carloans.core.models.switches import NAMES
from carloans.core.privacy import redaction

EVERYWHERE: Final = "all"
#: Why somebody flips a switch. Chosen, so that the trail can be counted; a note in words may follow.
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "incident": "Provider incident",
        "complaints": "Complaints or bounces",
        "wrong_words": "Wrong words of the assistant",
        "legal": "Legal or compliance",
        "request": "Asked for by a buyer or lender",
        "maintenance": "Maintenance",
        "drill": "Drill",
        "over": "The cause is over",
    }
)
NOTE_MAX: Final = 120
_SCOPE: Final = re.compile(r"all|state:[A-Z]{2}|buyer:[a-z0-9][a-z0-9_-]{0,50}")


class SwitchedOff(NotAllowed):
    code = "switched_off"
    message = "This is switched off at the moment."


@dataclass(frozen=True, slots=True)
class SwitchState:
    """One switch for the screen. `changed_at` is None for one that nobody ever touched."""

    name: str
    scope: str
    on: bool
    reason: str
    changed_by: str
    changed_at: datetime | None


def _scopes(state: str | None, buyer: str | None) -> list[str]:
    return [EVERYWHERE, *([f"state:{state}"] if state else []), *([f"buyer:{buyer}"] if buyer else [])]


def is_on(name: str, *, state: str | None = None, buyer: str | None = None) -> bool:
    """Whether `name` (ai, send, pull, post) is on everywhere that matters for this state and buyer."""
    return not Switch.objects.filter(name=name, scope__in=_scopes(state, buyer), on=False).exists()


def off_somewhere(name: str) -> Exists:
    """Inside another query: whether it is off anywhere at all. Where it is not, nothing more need be asked."""
    return Exists(Switch.objects.filter(name=name, on=False))


def require(name: str, *, state: str | None = None, buyer: str | None = None) -> None:
    """Raises SwitchedOff unless the switch is on."""
    if not is_on(name, state=state, buyer=buyer):
        raise SwitchedOff


def flip(
    *, name: str, scope: str, on: bool, reason: str, actor: str, now: datetime, note: str = "", staff: str = ""
) -> bool:
    """Turn a switch on or off for a reason, with its entry in the trail and in the feed; False if it stood so already.

    `actor` is an actor of the audit trail, `staff` the name that the screens show. Raises BadInput for an unknown
    switch, scope or reason, and for a note that is too long or holds personal data; Conflict when somebody was faster.
    """
    words = _checked(name, scope, reason, note)
    change = {"on": on, "reason": words, "changed_by": staff or actor, "changed_at": now}
    try:
        with transaction.atomic():
            row = _locked().filter(name=name, scope=scope).first() or Switch(name=name, scope=scope)
            if row.on == on:
                return False
            for field, value in change.items():
                setattr(row, field, value)
            row.save()
            _record(row, reason=reason, noted=bool(note.strip()), actor=actor, now=now)
    except IntegrityError as error:
        raise Conflict from error
    return True


def _locked() -> QuerySet[Switch]:
    return Switch.objects.select_for_update()


def _checked(name: str, scope: str, reason: str, note: str) -> str:
    """The reason in words, once everything about the flip is acceptable."""
    note = " ".join(note.split())
    if name not in NAMES or not _SCOPE.fullmatch(scope):
        raise BadInput("There is no such switch.", code="unknown_switch")
    if reason not in REASONS:
        raise BadInput("Please choose a reason.", code="reason_missing")
    if len(note) > NOTE_MAX:
        raise BadInput(f"A note has at most {NOTE_MAX} characters.", code="note_too_long")
    if redaction.find(note):
        raise BadInput("The note holds personal data: please leave it out.", code="note_holds_personal_data")
    return f"{REASONS[reason]}: {note}" if note else REASONS[reason]


def _record(row: Switch, *, reason: str, noted: bool, actor: str, now: datetime) -> None:
    facts = {"name": row.name, "scope": row.scope, "on": row.on, "reason": reason, "noted": noted}
    audit.record(
        action="switch.flipped", actor=actor, subject=f"switch:{row.name}:{row.scope}"[:80], now=now, facts=facts
    )
    feed.publish(
        kind="switch.flipped",
        room="core",
        summary=f"The switch {row.name} ({row.scope}) is {'on again' if row.on else 'off'}: {row.reason}",
        now=now,
        data=facts,
        severity="info" if row.on else "error",
    )


def off() -> list[SwitchState]:
    """Every switch that is off, in one query: for the banner over the pages."""
    return [_state(row) for row in Switch.objects.filter(on=False).order_by("name", "scope")]


def every() -> list[SwitchState]:
    """The four global switches and every scoped one that was ever touched, in the order of their names."""
    rows = {(row.name, row.scope): _state(row) for row in Switch.objects.all()}
    untouched = {(name, EVERYWHERE): SwitchState(name, EVERYWHERE, True, "", "", None) for name in NAMES}
    found = (untouched | rows).values()
    return sorted(found, key=lambda one: (NAMES.index(one.name), one.scope != EVERYWHERE, one.scope))


def _state(row: Switch) -> SwitchState:
    return SwitchState(row.name, row.scope, row.on, row.reason, row.changed_by, row.changed_at)
