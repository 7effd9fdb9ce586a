"""Who is there for customers: the hours, the people, the queue, and the one promise that all of them allow.

Nothing is promised but what rows say: a time only when the site has hours and somebody takes conversations then, and
"somebody is here" only while somebody who takes conversations has the inbox open within the hours.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import formats, translation

from cathy import persona
from chat import wording
from chat.hours import Hours, Span
from chat.models import Conversation, Desk, ServiceHours

#: Without a sign of life for so long somebody is no longer "here".
HERE: Final = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer stands in the queue (1 is next), and what may be said about when somebody answers ("" if
    nothing may)."""

    position: int
    promise: str


def hours_of(*, site_id: int) -> Hours | None:
    """The site's hours; None where nobody wrote any down."""
    row = ServiceHours.objects.filter(site_id=site_id).first()
    if row is None:
        return None
    spans = [Span(one.weekday, one.opens, one.closes) for one in row.openings.all()]
    return Hours(row.time_zone, spans, frozenset(row.closures.values_list("day", flat=True)))


def _rota(at: datetime) -> QuerySet[Desk]:
    """Desks of people who take conversations and are not away then."""
    back = Q(away_until__isnull=True) | Q(away_until__lte=at)
    return Desk.objects.filter(back, takes=True, staff__is_active=True, staff__is_staff=True)


def somebody_is_here(*, now: datetime) -> bool:
    """Whether somebody who takes conversations has the inbox open."""
    return _rota(now).filter(seen_at__gt=now - HERE).exists()


def promise(*, site_id: int, locale: str, now: datetime) -> str:
    """The sentence about when somebody answers, in the customer's language; "" when none would be honest."""
    hours = hours_of(site_id=site_id)
    if hours is None:
        return ""
    if hours.is_open(now):
        return wording.say("somebody_is_here", locale) if somebody_is_here(now=now) else ""
    opening = hours.next_opening(now)
    if opening is None or not _rota(opening).exists():
        return ""
    return wording.say("answers_from", locale, when=_spoken(opening, now, locale))


def _spoken(opening: datetime, now: datetime, locale: str) -> str:
    """ "tomorrow at 9:00 AM (CST)": the day and time on the clocks of the site."""
    language = persona.language(locale)
    days = (opening.date() - now.astimezone(opening.tzinfo).date()).days
    with translation.override(language):
        weekday = str(formats.date_format(opening, "l"))
    half = ("AM", "PM") if language == "en" else ("a. m.", "p. m.")
    clock = f"{(opening.hour - 1) % 12 + 1}:{opening:%M} {half[opening.hour >= 12]} ({opening.tzname()})"
    key = {0: "today_at", 1: "tomorrow_at"}.get(days, "weekday_at")
    return wording.say(key, locale, weekday=weekday, clock=clock)


def place_of(*, conversation_id: UUID, now: datetime) -> Place | None:
    """Where it stands in the queue; None for one that does not wait."""
    waiting = Conversation.objects.filter(pk=conversation_id, owner="queue")
    row = waiting.values("queued_at", "site_id", "locale").first()
    if row is None or row["queued_at"] is None:
        return None
    earlier = Q(queued_at__lt=row["queued_at"]) | Q(queued_at=row["queued_at"], pk__lt=conversation_id)
    ahead = _queue().filter(earlier).count()
    return Place(ahead + 1, promise(site_id=row["site_id"], locale=row["locale"], now=now))


def places_of(*, conversation_ids: Collection[UUID], now: datetime) -> dict[UUID, Place]:
    """The same for many at once: the queue is read once, and each promise once. Who does not wait is left out."""
    rows = _queue().filter(queued_at__isnull=False).order_by("queued_at", "pk")
    queue = enumerate(rows.values_list("pk", "site_id", "locale"), start=1)
    wanted = [(position, *row) for position, row in queue if row[0] in conversation_ids]
    whose = {(site_id, locale) for _, _, site_id, locale in wanted}
    promises = {one: promise(site_id=one[0], locale=one[1], now=now) for one in whose}
    return {pk: Place(position, promises[site_id, locale]) for position, pk, site_id, locale in wanted}


def _queue() -> QuerySet[Conversation]:
    return Conversation.objects.filter(owner="queue", rehearsal=False)


def waits_too_long(*, since: datetime, now: datetime) -> bool:
    """Whether somebody who waits since then should have been answered by now."""
    return now - since > timedelta(seconds=settings.WAITING_ALARM_SECONDS)
