"""What this room knows: who is suppressed, what is due, what lies in the outbox, and the delivery figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDay

from campaigns import tokens
from campaigns.models import Enrollment, Message, MessageEvent, Suppression
from carloans.core.outbox import CANCELLED, CLAIMED, DONE, PARKED, PENDING, open_rows
from carloans.core.privacy.mask import mask_email
from visitors import selectors as visitors

SUPPRESSED_REASONS = ("suppressed", "opted_out")


def is_suppressed(*, email_index: str) -> bool:
    """Whether we must never write to this address (by its blind index)."""
    return Suppression.objects.filter(email_index=email_index).exists()


def has_bounced(*, email_index: str) -> bool:
    """Whether a mail to this address came back for good. A complaint or an opt-out is no bounce."""
    return Message.objects.filter(to_index=email_index, bounced_at__isnull=False).exists()


def message_by_token(*, token: str) -> Message | None:
    """The message that an unsubscribe token came with; None for a token that we did not make."""
    message_id = tokens.message_of(token)
    return Message.objects.filter(pk=message_id).first() if message_id else None


def active_enrollments(*, email_index: str, visitor_ids: list[UUID]) -> QuerySet[Enrollment]:
    """Running journeys that lead to an address: by what was written to it, and by who has it on file."""
    concerned = Q(visitor_id__in=visitor_ids)
    if email_index:
        concerned |= Q(messages__to_index=email_index)
    return Enrollment.objects.filter(concerned, state="active").distinct()


def visitors_of_address(*, email_index: str) -> list[UUID]:
    """Visitors, on any site, who have this address on file or were written to at it."""
    written = Enrollment.objects.filter(messages__to_index=email_index).values_list("visitor_id", flat=True)
    return list(dict.fromkeys([*visitors.visitors_with_email(email_index=email_index), *written]))


def abandonments_without_journey(*, since: datetime, limit: int) -> list[UUID]:
    """Applications whose present abandonment was judged since then and of which no journey took notice."""
    judged = visitors.judged_abandonments(since=since, limit=limit)
    noticed = Enrollment.objects.filter(application_id__in=judged, abandoned_at=F("application__abandoned_at"))
    known = set(noticed.values_list("application_id", flat=True))
    return [application_id for application_id in judged if application_id not in known]


def journeys_to_stop(*, limit: int = 500) -> list[tuple[UUID, str]]:
    """(application, status) of running journeys whose application is not abandoned any more."""
    rows = Enrollment.objects.filter(state="active").exclude(application__status="abandoned")
    return list(rows.values_list("application_id", "application__status")[:limit])


def due_enrollments(*, now: datetime, limit: int = 100) -> list[UUID]:
    """Journeys whose next mail is due to be written."""
    free = Q(drafting_until__isnull=True) | Q(drafting_until__lt=now)
    waiting = Q(messages__kind="step", messages__state__in=[PENDING, CLAIMED])
    rows = Enrollment.objects.filter(free, state="active", next_step_at__lte=now).exclude(waiting)
    return list(rows.order_by("next_step_at").values_list("pk", flat=True)[:limit])


def due_messages(*, now: datetime, limit: int = 100) -> list[UUID]:
    """Mails that may be claimed: waiting and due, or left behind by a dead worker."""
    return list(Message.objects.filter(open_rows(now)).order_by("due_at").values_list("pk", flat=True)[:limit])


def unnoted_clicks(*, since: datetime) -> list[tuple[UUID, datetime]]:
    """Return links that were used while the news of it was lost."""
    used = dict(visitors.links_used(since=since))
    events = MessageEvent.objects.filter(event_id__in=[f"link-{pk}" for pk in used])
    noted = set(events.values_list("message_id", flat=True))
    ours = set(Message.objects.filter(pk__in=used).values_list("pk", flat=True))
    return [(pk, at) for pk, at in used.items() if pk in ours - noted]


def unconfirmed_messages(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Some mails sent 5 minutes to 3 days ago that the provider has told us nothing about: its webhook may be lost.

    Drawn by lot: of a mail that is put off for days nothing final is ever reported, and in the order of their age such
    mails would keep all others from being asked about.
    """
    rows = Message.objects.filter(
        state=DONE,
        delivered_at__isnull=True,
        bounced_at__isnull=True,
        sent_at__range=(now - timedelta(days=3), now - timedelta(minutes=5)),
    )
    return list(rows.order_by("?").values_list("pk", flat=True)[:limit])


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """One mail in the operations room's list. The address is masked."""

    id: UUID
    visitor_id: UUID
    application_id: UUID | None
    to: str
    subject: str
    kind: str
    step: int | None
    locale: str
    source: str
    state: str
    status: str
    attempts: int
    reason: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    opened_at: datetime | None
    clicked_at: datetime | None
    send_ms: int | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON, ids and times as text."""
        return {
            name: str(value) if isinstance(value, UUID) else value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }


def outbox(
    *,
    limit: int = 50,
    state: str = "",
    visitor_id: UUID | None = None,
    application_id: UUID | None = None,
    before: datetime | None = None,
) -> list[OutboxLine]:
    """The newest mails first, optionally of one state, visitor or application, or older than a moment."""
    rows = _listed().order_by("-created_at", "-pk")
    wanted: dict[str, Any] = {
        "state": state,
        "enrollment__application_id": application_id,
        "created_at__lt": before,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    rows = rows.filter(Q(enrollment__visitor=visitor_id) | Q(visitor=visitor_id)) if visitor_id else rows
    return [_line(message) for message in rows[:limit]]


def mails_of(
    *, visitor_ids: Collection[UUID] = (), application_ids: Collection[UUID] = (), limit: int = 200
) -> list[OutboxLine]:
    """The newest mails to any of some visitors or about any of some applications, newest first."""
    whose = Q(enrollment__visitor__in=visitor_ids) | Q(visitor__in=visitor_ids)
    rows = _listed().filter(whose | Q(enrollment__application__in=application_ids)).order_by("-created_at", "-pk")
    return [_line(message) for message in rows[:limit]]


def message_line(*, message_id: UUID) -> OutboxLine | None:
    """One mail of the list, or None."""
    message = _listed().filter(pk=message_id).first()
    return _line(message) if message else None


def _listed() -> QuerySet[Message]:
    """Mails with all that a line shows, in one query however many there are."""
    return Message.objects.select_related("enrollment__visitor", "visitor", "step")


def status_of(message: Message) -> str:
    """One word for what became of a mail, the strongest news first."""
    if message.failure:
        return message.failure
    for name in ("clicked", "opened", "delivered", "sent"):
        if getattr(message, f"{name}_at"):
            return name
    return {PENDING: "queued", CLAIMED: "sending", PARKED: "failed"}.get(message.state, message.state)


def masked_address(message: Message) -> str:
    """The reader's address as staff see it; empty when there is none on file (any more).

    For lists: fetch "enrollment__visitor" and "visitor" along with the message.
    """
    return mask_email((message.visitor or message.journey.visitor).email)


def _line(message: Message) -> OutboxLine:
    return OutboxLine(
        id=message.pk,
        visitor_id=message.reader_id,
        application_id=message.application_id,
        to=masked_address(message),
        subject=message.subject,
        kind=message.kind,
        step=message.step.order if message.step else None,
        locale=message.locale,
        source=message.source,
        state=message.state,
        status=status_of(message),
        attempts=message.attempts,
        reason=message.failure or message.last_error_code,
        created_at=message.created_at,
        due_at=message.due_at,
        sent_at=message.sent_at,
        delivered_at=message.delivered_at,
        opened_at=message.opened_at,
        clicked_at=message.clicked_at,
        send_ms=message.send_ms,
    )


@dataclass(frozen=True, slots=True)
class DeliveryFigures:
    """Mails since a moment. `delivery_rate` is delivered / sent, None when nothing was sent; `sent` is its
    denominator. Latencies are of the provider's answer, in milliseconds, None without a mail."""

    queued: int
    sent: int
    delivered: int
    opened: int
    clicked: int
    failed: int
    suppressed: int
    cancelled: int
    delivery_rate: float | None
    send_ms_p50: int | None
    send_ms_p95: int | None


def delivery_figures(*, since: datetime) -> DeliveryFigures:
    """Counted from rows. Sent, delivered and failed are of mails sent since then; queued is what waits now."""
    sent = Q(sent_at__gte=since)
    failed = Q(state=PARKED, created_at__gte=since) | Q(sent_at__gte=since, bounced_at__isnull=False)
    ended = Q(state=CANCELLED, done_at__gte=since)
    counts = Message.objects.aggregate(
        queued=Count("pk", filter=Q(state__in=[PENDING, CLAIMED])),
        sent=Count("pk", filter=sent),
        delivered=Count("pk", filter=sent & Q(delivered_at__isnull=False, bounced_at__isnull=True)),
        opened=Count("pk", filter=sent & Q(opened_at__isnull=False)),
        clicked=Count("pk", filter=sent & Q(clicked_at__isnull=False)),
        failed=Count("pk", filter=failed),
        suppressed=Count("pk", filter=ended & Q(last_error_code__in=SUPPRESSED_REASONS)),
        cancelled=Count("pk", filter=ended & ~Q(last_error_code__in=SUPPRESSED_REASONS)),
    )
    rate = counts["delivered"] / counts["sent"] if counts["sent"] else None
    times = list(
        Message.objects.filter(sent, send_ms__isnull=False).order_by("send_ms").values_list("send_ms", flat=True)
    )
    return DeliveryFigures(
        **counts, delivery_rate=rate, send_ms_p50=_percentile(times, 50), send_ms_p95=_percentile(times, 95)
    )


def _percentile(ordered: list[Any], share: int) -> int | None:
    """Nearest rank: the smallest value that at least `share` per cent do not exceed."""
    return int(ordered[max(-(-len(ordered) * share // 100), 1) - 1]) if ordered else None


def sent_per_day(*, since: datetime) -> list[tuple[datetime, int]]:
    """How many mails left on each UTC day."""
    rows = Message.objects.filter(sent_at__gte=since).annotate(day=TruncDay("sent_at"))
    return list(rows.values("day").annotate(mails=Count("pk")).order_by("day").values_list("day", "mails"))


def complaint_rate(*, since: datetime) -> float | None:
    """Complaints per delivered mail since then; None when nothing was delivered. Alarm at 0.0008 (docs/email.md)."""
    delivered = Message.objects.filter(delivered_at__gte=since).count()
    complaints = MessageEvent.objects.filter(type="complained", at__gte=since).values("message").distinct().count()
    return complaints / delivered if delivered else None
