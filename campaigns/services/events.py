"""What the provider reports about a mail. Each report counts once, whatever the order in which they arrive."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from campaigns.models import Message, MessageEvent
from campaigns.services.enrolment import ROOM
from campaigns.services.suppression import suppress
from carloans.core import feed

#: Reported type → the column that keeps its first time. An unsubscription or complaint has none.
_TIMES = {"delivered": "delivered_at", "opened": "opened_at", "clicked": "clicked_at"}
TYPES = frozenset({*_TIMES, "failed", "complained", "unsubscribed"})
#: So many mails to an address that were put off and never arrived, within so many days, and we stop writing.
SOFT_BOUNCES, SOFT_DAYS = 3, 30


def record_event(*, message: Message, event_id: str, kind: str, severity: str, at: datetime, now: datetime) -> bool:
    """Keep one report and act on it; False when we had it already. `kind` is one of TYPES."""
    facts = {"message": message, "type": kind, "severity": severity, "at": at}
    with transaction.atomic():
        _, created = MessageEvent.objects.get_or_create(event_id=event_id, defaults=facts)
        if created:
            _apply(message, kind, severity, at, now)
    return created


def note_click(*, message_id: UUID, at: datetime, now: datetime) -> bool:
    """Somebody came back by the mail's own link, which a scanner cannot use up. False when it was noted before."""
    message = Message.objects.select_related("enrollment").filter(pk=message_id).first()
    if message is None:
        return False
    return record_event(message=message, event_id=f"link-{message_id}", kind="clicked", severity="", at=at, now=now)


def _apply(message: Message, kind: str, severity: str, at: datetime, now: datetime) -> None:
    if column := _TIMES.get(kind):
        rows = Message.objects.filter(pk=message.pk, **{f"{column}__isnull": True})
        if rows.update(**{column: at}):
            _announce(message, kind, now)
        return
    if kind == "failed" and severity != "permanent":
        _soft_bounce(message, now)
        return
    reason = {"failed": "bounced"}.get(kind, kind)
    changes = {"failure": reason} | ({"bounced_at": at} if kind == "failed" else {})
    Message.objects.filter(pk=message.pk).update(**changes)
    suppress(email_index=message.to_index, reason=reason, source="webhook", now=now)
    _announce(message, reason, now, severity="warn")


def _soft_bounce(message: Message, now: datetime) -> None:
    """Put off is normal once; an address that puts off mail after mail is as good as gone."""
    since = now - timedelta(days=SOFT_DAYS)
    put_off = MessageEvent.objects.filter(
        type="failed", message__to_index=message.to_index, message__delivered_at__isnull=True, at__gte=since
    )
    if put_off.values("message").distinct().count() >= SOFT_BOUNCES:
        Message.objects.filter(pk=message.pk).update(failure="soft_bounced")
        suppress(email_index=message.to_index, reason="soft_bounces", source="webhook", now=now)


def _announce(message: Message, kind: str, now: datetime, severity: str = "info") -> None:
    feed.publish(
        kind=f"email.{kind}",
        room=ROOM,
        summary=f"E-mail {kind}",
        now=now,
        visitor=message.reader_id,
        application=message.application_id,
        data={"message": str(message.pk)},
        severity=severity,
    )
