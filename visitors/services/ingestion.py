"""Taking in a batch of tracker events: admit, check, store once, apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from carloans.core.errors import BadInput, Conflict
from visitors import selectors
from visitors.incoming import PRESSES, PRIVACY_SIGNAL, Dropped, Incoming, read_event
from visitors.models import Event, Visitor
from visitors.selectors import SiteInfo
from visitors.services.applications import advance
from visitors.services.people import Arrival, create_visitor, lock_visitor
from visitors.useragents import is_declared_bot

#: Two batches of one new visitor may collide; the second finds the first's rows when it tries again.
_ATTEMPTS = 3


class EveryEventRefused(BadInput):
    """Nothing in the batch could be taken: the first event's reason is the answer's code."""

    status = 422


@dataclass(frozen=True)
class IngestResult:
    """`visitor_id` is None only when a privacy signal left nothing to store for somebody we do not know."""

    visitor_id: UUID | None
    accepted: int = 0
    duplicates: int = 0
    dropped: list[Dropped] = field(default_factory=list)


def ingest_events(
    *, site_key: str, origin: str | None, visitor_id: UUID | None, events: Sequence[Any], arrival: Arrival
) -> IngestResult:
    """Store the batch's new events and apply them; a repeated event changes nothing.

    `origin` is the page's web origin, None for a caller that is no browser or our own page. Raises UnknownSite or
    OriginNotAllowed (403) and EveryEventRefused (422), in each case without having written anything.
    """
    site = selectors.admitted_site(key=site_key, origin=origin)
    good, dropped = _sort(site, visitor_id, events, arrival)
    if not good:
        _refuse_if_bad(dropped)
        _note_privacy_signal(site, visitor_id, arrival)
        return IngestResult(visitor_id, dropped=dropped)
    for _ in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                return _store(site, visitor_id, good, dropped, arrival)
        except IntegrityError:
            continue
    raise Conflict


def _sort(
    site: SiteInfo, visitor_id: UUID | None, events: Sequence[Any], arrival: Arrival
) -> tuple[list[Incoming], list[Dropped]]:
    scope = visitor_id or uuid4()
    checked = [read_event(raw, scope=scope, allow_test_numbers=site.is_demo) for raw in events]
    good = [one for one in checked if isinstance(one, Incoming)]
    dropped = [one for one in checked if isinstance(one, Dropped)]
    if arrival.gpc:
        watched = [one for one in good if one.type not in PRESSES]
        dropped += [Dropped(one.sent_id, PRIVACY_SIGNAL) for one in watched]
        good = [one for one in good if one.type in PRESSES]
    return good, dropped


def _refuse_if_bad(dropped: Sequence[Dropped]) -> None:
    bad = [one for one in dropped if one.reason != PRIVACY_SIGNAL]
    if bad and len(bad) == len(dropped):
        listed = [{"id": one.id, "reason": one.reason} for one in dropped]
        raise EveryEventRefused(bad[0].message, code=bad[0].reason, field=bad[0].field, dropped=listed)


def _note_privacy_signal(site: SiteInfo, visitor_id: UUID | None, arrival: Arrival) -> None:
    """Somebody we know switched the signal on later: it counts from now."""
    if arrival.gpc and visitor_id:
        Visitor.objects.filter(pk=visitor_id, site_id=site.id, gpc=False).update(gpc=True)


def _store(
    site: SiteInfo, visitor_id: UUID | None, good: list[Incoming], dropped: list[Dropped], arrival: Arrival
) -> IngestResult:
    visitor = lock_visitor(visitor_id, site.id)
    ids = [event.event_id for event in good]
    known = dict(Event.objects.filter(site_id=site.id, event_id__in=ids).values_list("event_id", "visitor_id"))
    if visitor is None and known:
        visitor = lock_visitor(next(iter(known.values())), site.id)
    fresh = list({event.event_id: event for event in reversed(good) if event.event_id not in known}.values())[::-1]
    duplicates = len(good) - len(fresh)
    fresh, lacking = _split_without_contact(fresh, visitor)
    dropped = [*dropped, *lacking]
    if fresh:
        visitor = _write(site, visitor, visitor_id, fresh, arrival)
    elif not duplicates:
        _refuse_if_bad(dropped)
    return IngestResult(visitor.pk if visitor else visitor_id, len(fresh), duplicates, dropped)


def _split_without_contact(fresh: list[Incoming], visitor: Visitor | None) -> tuple[list[Incoming], list[Dropped]]:
    """To save means to be able to come back: without an address or number, said now or before, it cannot be done."""
    if visitor is not None and (visitor.email or visitor.phone):
        return fresh, []
    message = "To save your progress we need an e-mail address or a phone number."
    lacking = [
        event for event in fresh if event.type == "save_progress" and not (event.details.email or event.details.phone)
    ]
    kept = [event for event in fresh if event not in lacking]
    return kept, [Dropped(event.sent_id, "contact_missing", message, "email") for event in lacking]


def _write(
    site: SiteInfo, visitor: Visitor | None, visitor_id: UUID | None, fresh: list[Incoming], arrival: Arrival
) -> Visitor:
    now = arrival.now
    if visitor is None:
        bot = is_declared_bot(arrival.user_agent)
        visitor = create_visitor(site_id=site.id, now=now, visitor_id=visitor_id, gpc=arrival.gpc, is_bot=bot)
    visitor.gpc = visitor.gpc or arrival.gpc
    visitor.last_seen_at = max(now, visitor.last_seen_at)
    visitor.save(update_fields=["gpc", "last_seen_at"])
    Event.objects.bulk_create(_row(site, visitor, event, arrival) for event in fresh)
    advance(visitor, fresh, arrival)
    return visitor


def _row(site: SiteInfo, visitor: Visitor, event: Incoming, arrival: Arrival) -> Event:
    return Event(
        site_id=site.id,
        visitor=visitor,
        event_id=event.event_id,
        type=event.type,
        client_ts=event.ts,
        received_at=arrival.now,
        page=event.page,
        step=event.step,
        field=event.field_name,
        code=event.code,
    )
