"""How often we may write to one address: one mail in 20 hours, four in 90 days, on each site.

The turn is taken by a conditional UPDATE before the mail leaves, so that two workers with two mails to the same
address cannot both write. Requested links do not count. On a demo site the turn is per application, because one
person tries several there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from campaigns.models import Message, Pace
from campaigns.people import Reader
from carloans.core.privacy.index import blind_index

GAP = timedelta(hours=20)
MOST, PERIOD = 4, timedelta(days=90)


def take_turn(*, message: Message, reader: Reader, now: datetime) -> datetime | None:
    """Take the address's turn for this mail: None when it is ours, else the moment to try again."""
    if message.kind != "step":
        return None
    if wait := _full(message, reader, now):
        return wait
    key = _key(reader)
    ours_or_old = Q(message=message.pk) | Q(at__lte=now - GAP)
    if Pace.objects.filter(ours_or_old, key=key).update(message=message.pk, at=now) or _first(key, message, now):
        return None
    last = Pace.objects.filter(key=key).values_list("at", flat=True).first()
    return (last or now) + GAP


def confirm(*, message: Message, at: datetime) -> None:
    """The mail has left: the gap counts from then."""
    Pace.objects.filter(message=message.pk).update(at=at)


def release(*, message: Message) -> None:
    """The mail will not leave: the turn is free again."""
    if message.sent_at is None:
        Pace.objects.filter(message=message.pk).delete()


def _key(reader: Reader) -> str:
    scope = f"{reader.site_id}:{reader.application_id if reader.is_demo else ''}"
    return blind_index("pace", f"{scope}:{reader.email_index}")


def _first(key: str, message: Message, now: datetime) -> bool:
    try:
        with transaction.atomic():
            Pace.objects.create(key=key, message=message.pk, at=now)
    except IntegrityError:
        return False
    return True


def _full(message: Message, reader: Reader, now: datetime) -> datetime | None:
    if reader.is_demo:
        return None
    sent = Message.objects.filter(
        kind="step",
        to_index=reader.email_index,
        sent_at__gt=now - PERIOD,
        enrollment__visitor__site=reader.site_id,
    ).exclude(pk=message.pk)
    times = list(sent.order_by("-sent_at").values_list("sent_at", flat=True)[:MOST])
    return times[-1] + PERIOD if len(times) >= MOST and times[-1] else None
