"""Whose a notice duty is: by rule when it arises, by hand afterwards, and again when its owner has left."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction

from carloans.core import audit
from carloans.core.errors import NotFound
from credit.models import NoticeDuty, NoticePolicy
from visitors import selectors as visitors

PERMISSION: Final = "dashboard.settle_notices"
_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_OPEN: Final = (NoticeDuty.State.OPEN, NoticeDuty.State.ASSIGNED)


def assign(*, duty_id: UUID, staff_id: int, actor: str, now: datetime) -> None:
    """Name the member of staff who sees to it. Raises NotFound for a duty that is not open."""
    with transaction.atomic():
        rows = NoticeDuty.objects.filter(pk=duty_id, state__in=_OPEN)
        if not rows.update(owner_id=staff_id, state=NoticeDuty.State.ASSIGNED):
            raise NotFound
        audit.record(
            action="credit.notice_assigned",
            actor=actor,
            subject=f"notice_duty:{duty_id}",
            now=now,
            facts={"owner": staff_id},
        )


def assign_by_rule(*, duty: NoticeDuty, now: datetime) -> bool:
    """Give a duty to its site's compliance owner, else to whoever of the staff that may settle has the fewest.

    False when there is nobody: then the duty is shown as owned by nobody, and the next sweep tries again.
    """
    chosen = _site_owner(duty) or _least_busy()
    if chosen is None or chosen == duty.owner_id:
        return False
    assign(duty_id=duty.pk, staff_id=chosen, actor="system", now=now)
    duty.owner_id, duty.state = chosen, NoticeDuty.State.ASSIGNED
    return True


def candidates() -> list[Any]:
    """Active staff who may settle notices, by name; superusers only where no role is given to anybody."""
    users = get_user_model().objects.with_perm(PERMISSION, backend=_BACKEND, include_superusers=False)
    found = users.filter(is_active=True, is_staff=True).order_by("pk")
    return list(found) or list(get_user_model().objects.filter(is_active=True, is_superuser=True).order_by("pk"))


def _site_owner(duty: NoticeDuty) -> int | None:
    site_id = visitors.visitor_contact(visitor_id=duty.visitor_id).site_id
    owner = NoticePolicy.objects.filter(site_id=site_id, owner__is_active=True).values_list("owner_id", flat=True)
    return owner.first()


def _least_busy() -> int | None:
    """Round robin by load: the one with the fewest open duties, the first of them by id."""
    able = [user.pk for user in candidates()]
    owned = Counter(NoticeDuty.objects.filter(state__in=_OPEN, owner__in=able).values_list("owner_id", flat=True))
    return min(able, key=lambda pk: (owned[pk], pk), default=None)
