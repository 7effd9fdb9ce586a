"""Legal holds: the duty to preserve everything about a visitor, opened and released by staff, each with a proof."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from carloans.core import audit
from carloans.core.models import LegalHold


def open_hold(*, visitor_id: UUID, reason: str, actor: str, now: datetime) -> LegalHold:
    """Preserve everything about a visitor from now on; the standing hold if there is one. `reason` names nobody."""
    with transaction.atomic():
        found, created = LegalHold.objects.get_or_create(
            visitor=visitor_id,
            released_at=None,
            defaults={"reason": reason, "opened_at": now, "opened_by": actor},
        )
        if created:
            _record("rights.hold_opened", found, actor, now)
    return found


def release_hold(*, hold_id: UUID, actor: str, now: datetime) -> bool:
    """End a hold: what waited for it is erased or purged by the next sweep. False when it had ended."""
    with transaction.atomic():
        hold = LegalHold.objects.select_for_update().filter(pk=hold_id, released_at=None).first()
        if hold is None:
            return False
        LegalHold.objects.filter(pk=hold_id).update(released_at=now)
        _record("rights.hold_released", hold, actor, now)
    return True


def _record(action: str, hold: LegalHold, actor: str, now: datetime) -> None:
    audit.record(action=action, actor=actor, subject=f"visitor:{hold.visitor}", now=now, facts={"hold": str(hold.pk)})
