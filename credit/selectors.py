"""Reading checks. What leaves this room is an outcome in allowed words; score, tier and bureau data never do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Subquery

from carloans.core.outbox import DONE, PARKED, open_rows
from credit.duties import application_clocks, duty_counts, duty_detail, duty_list
from credit.models import CreditCheck, CreditConsent
from credit.outcomes import NEXT_STEPS, Outcome
from visitors import consent_texts
from visitors import selectors as visitors
from visitors.consent_texts import ConsentText
from visitors.disclosures import CREDIT_CHECK, Recipient

__all__ = ["application_clocks", "duty_counts", "duty_detail", "duty_list"]

#: A press within this time after a finished check is answered from it.
REUSE_FOR = timedelta(minutes=5)
#: How long a fresh check is left to its own task before a sweep takes it for lost.
NUDGE_GRACE = timedelta(seconds=8)
#: Errors after which nobody knows whether the provider acted.
UNKNOWN_FATE = ("network", "external_api")


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """All that other rooms may know of a check. `status` is the provider's word, `phrase` the key of a sentence."""

    check_id: UUID
    visitor_id: UUID
    application_id: UUID | None
    conversation_id: UUID | None
    state: str
    attempts: int
    status: str
    outcome: str
    phrase: str
    next_step: str
    consent_id: UUID
    decided_at: datetime | None
    #: The check whose pull this outcome rests on: itself, or the one that it was served from.
    root_id: UUID

    @property
    def decided(self) -> bool:
        """Whether there is an outcome to tell."""
        return bool(self.outcome)


def _outcome(check: CreditCheck) -> CheckOutcome:
    return CheckOutcome(
        check_id=check.pk,
        visitor_id=check.visitor_id,
        application_id=check.application_id,
        conversation_id=check.conversation_id,
        state=check.state,
        attempts=check.attempts,
        status=check.status,
        outcome=check.outcome,
        phrase=check.phrase,
        next_step=NEXT_STEPS[Outcome(check.outcome)] if check.outcome else "none",
        consent_id=check.consent_id,
        decided_at=check.decided_at,
        root_id=check.served_from or check.pk,
    )


def consent_text(*, locale: str, company: str = "") -> ConsentText:
    """The written instruction that a customer must be shown, directly before the button, in its current version.

    `company` is the name of the site's company, as the ledger will hash it; without it our own.
    """
    return consent_texts.text(consent_texts.SOFT_PULL, locale, company=company or settings.COMPANY_NAME)


def outcome_for(check_id: UUID) -> CheckOutcome | None:
    """The outcome of a check, or None for an unknown id."""
    check = CreditCheck.objects.defer("score", "tier", "bureau").filter(pk=check_id).first()
    return _outcome(check) if check else None


def latest_outcome(*, visitor_id: UUID) -> CheckOutcome | None:
    """The visitor's newest check that has an outcome other than `unavailable`, or None."""
    check = _newest_first(visitor_id).defer("score", "tier", "bureau").first()
    return _outcome(check) if check else None


def latest_outcome_of(visitor: Any) -> Subquery:
    """Its word alone, inside another room's query whose visitor `visitor` refers to."""
    return Subquery(_newest_first(visitor).values("outcome")[:1])


def _newest_first(visitor: Any) -> QuerySet[CreditCheck]:
    decided = CreditCheck.objects.filter(visitor_id=visitor, state=DONE)
    return decided.exclude(outcome__in=["", Outcome.UNAVAILABLE]).order_by("-decided_at")


def finished_check(*, visitor_id: UUID, now: datetime) -> CreditCheck | None:
    """The pulled check that may answer another press of the same visitor at `now`."""
    rows = CreditCheck.objects.filter(
        visitor_id=visitor_id, state=DONE, served_from=None, decided_at__gt=now - REUSE_FOR
    )
    return rows.exclude(outcome__in=["", Outcome.UNAVAILABLE]).order_by("-decided_at").first()


def has_unexpired_consent(*, check_id: UUID, now: datetime) -> bool:
    """Whether the written instruction behind a check has neither expired nor been taken back."""
    consent = CreditConsent.objects.filter(credit_check__pk=check_id, expires_at__gt=now).first()
    if consent is None:
        return False
    kind = consent_texts.SOFT_PULL
    return visitors.active_consent(visitor_id=consent.visitor_id, kind=kind, now=now) is not None


def due_checks(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Checks that wait for somebody to do them: new ones whose nudge was lost, retries, and a dead worker's."""
    lost = Q(attempts=0, due_at__lte=now - NUDGE_GRACE)
    rows = CreditCheck.objects.filter(open_rows(now)).filter(lost | Q(attempts__gt=0)).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def unknown_checks(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Checks given up in the last two hours although the provider may have acted."""
    rows = CreditCheck.objects.filter(
        state=PARKED,
        sent_at__isnull=False,
        last_error_category__in=UNKNOWN_FATE,
        decided_at__gt=now - timedelta(hours=2),
    )
    return list(rows.order_by("decided_at").values_list("pk", flat=True)[:limit])


def decided_between(since: datetime, until: datetime, *, outcome: str = "") -> Iterable[CheckOutcome]:
    """Checks decided in (since, until], oldest first: for sweeps of rooms that may have missed the news."""
    rows = CreditCheck.objects.defer("score", "tier", "bureau").filter(decided_at__gt=since, decided_at__lte=until)
    rows = rows.filter(outcome=outcome) if outcome else rows
    return (_outcome(check) for check in rows.order_by("decided_at").iterator(chunk_size=200))


def outcome_counts(*, since: datetime) -> dict[str, int]:
    """How many checks ended in each outcome since a time, in the allowed words; plus `waiting`."""
    rows = (
        CreditCheck.objects.filter(decided_at__gte=since).exclude(outcome="").values("outcome").annotate(n=Count("pk"))
    )
    counts = dict.fromkeys(map(str, Outcome), 0) | {row["outcome"]: row["n"] for row in rows}
    return counts | {"waiting": CreditCheck.objects.exclude(state__in=[DONE, PARKED, "cancelled"]).count()}


def latency_ms(*, since: datetime, limit: int = 1000) -> list[int]:
    """How long the provider took for the newest checks, in milliseconds: for percentiles."""
    rows = CreditCheck.objects.filter(decided_at__gte=since, pull_ms__isnull=False).order_by("-decided_at")
    return [int(value) for value in rows.values_list("pull_ms", flat=True)[:limit] if value is not None]


#: Who is asked for a soft check.
PROVIDER_NAME = "FlexPath"


def recipients(visitor_ids: Sequence[UUID]) -> list[Recipient]:
    """That the provider of the check was asked about these visitors, each with the moment when the request left."""
    rows = CreditCheck.objects.filter(visitor__in=visitor_ids, sent_at__isnull=False)
    return [Recipient(CREDIT_CHECK, PROVIDER_NAME, at) for at in rows.values_list("sent_at", flat=True) if at]
