"""What this room keeps about a person's credit checks and notices, and why nearly all of it must stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloans.core.outbox import CANCELLED, CLAIMED, PENDING
from carloans.core.periods import APPLICATION, PROOF
from carloans.core.rights import Hold, Person, Stays, Table
from credit import notices
from credit.models import CreditCheck, CreditConsent, NoticeDuty, NoticeMail, NoticeProof
from credit.outcomes import Status

_PROOF = _("Proof of the written instruction and the pull under it, 15 USC 1681b, 1681p: 7 years")
_RECORD = _("Record of a notice and of an application, 12 CFR 1002.12(b): 25 months")
_BUREAU = _("it is in the bureau's own file, which the bureau shows you on request (15 USC 1681g)")
_UNSETTLED = (NoticeDuty.State.OPEN, NoticeDuty.State.ASSIGNED)
#: Owed only while an application is open; who asks to be forgotten has withdrawn it.
_ENDS_WITH_WITHDRAWAL = (NoticeDuty.Kind.DECISION, NoticeDuty.Kind.INCOMPLETENESS)


def resolve(person: Person, *, now: datetime) -> Person:
    """Checks, instructions and duties, by which the audit trail speaks of them."""
    ours = {"visitor__in": person.visitors}
    checks = CreditCheck.objects.filter(**ours).values_list("pk", flat=True)
    consents = CreditConsent.objects.filter(**ours).values_list("pk", flat=True)
    duties = NoticeDuty.objects.filter(**ours).values_list("pk", flat=True)
    return person.having(
        subjects=[f"credit_check:{one}" for one in checks]
        + [f"credit_consent:{one}" for one in consents]
        + [f"notice_duty:{one}" for one in duties]
    )


def stop(person: Person, *, now: datetime) -> None:
    """No check that waits will be pulled, and no notice is owed on an application that is withdrawn with this.

    A pull that has begun is left to its worker, which records it: that it happened is proof.
    """
    waiting = CreditCheck.objects.filter(visitor__in=person.visitors, state__in=[PENDING, CLAIMED], sent_at=None)
    waiting.update(
        state=CANCELLED, claimed_until=None, done_at=now, last_error_code="erased", status=Status.DECLINED_CONSENT
    )
    duties = NoticeDuty.objects.filter(visitor__in=person.visitors, state__in=_UNSETTLED)
    for duty in duties.filter(kind__in=_ENDS_WITH_WITHDRAWAL):
        notices.close_duty(duty_id=duty.pk, reason="application_withdrawn", actor="system", now=now)


def _owed(ids: Collection[UUID]) -> Iterable[UUID]:
    """Who is still owed a notice in writing, and so must be reachable until it is sent."""
    duties = NoticeDuty.objects.filter(visitor__in=ids, state__in=_UNSETTLED)
    return duties.exclude(kind__in=_ENDS_WITH_WITHDRAWAL).values_list("visitor", flat=True)


HOLDS = [
    Hold(
        reason=_("A notice in writing is still owed, 12 CFR 1002.9: the contact is kept until it is sent"),
        visitors=_owed,
        contact_only=True,
    )
]

TABLES = [
    Table(
        model=CreditConsent,
        title=_("Your written instructions for a credit check"),
        of=lambda person: Q(visitor__in=person.visitors),
        order=("given_at", "pk"),
        stays=Stays(reason=_PROOF, since="given_at", keeps=PROOF),
    ),
    Table(
        model=CreditCheck,
        title=_("Credit checks"),
        of=lambda person: Q(visitor__in=person.visitors),
        order=("created_at", "pk"),
        hidden=("idempotency_key",),
        withheld={"score": _BUREAU, "tier": _BUREAU, "bureau": _BUREAU},
        stays=Stays(reason=_PROOF, since="created_at", keeps=PROOF),
    ),
    Table(
        model=NoticeDuty,
        title=_("Notices that a creditor owes you"),
        of=lambda person: Q(visitor__in=person.visitors),
        order=("opened_at", "pk"),
        stays=Stays(reason=_RECORD, since="opened_at", keeps=APPLICATION),
    ),
    Table(
        model=NoticeMail,
        title=_("Notices that we sent you"),
        of=lambda person: Q(duty__visitor__in=person.visitors),
        order=("created_at", "pk"),
        hidden=("to_index", "idempotency_key"),
        stays=Stays(reason=_RECORD, since="created_at", keeps=APPLICATION),
    ),
    Table(
        model=NoticeProof,
        title=_("Proof that a notice was sent"),
        of=lambda person: Q(duty__visitor__in=person.visitors),
        order=("recorded_at", "pk"),
        stays=Stays(reason=_RECORD, since="recorded_at", keeps=APPLICATION),
    ),
]

EXEMPT = {
    "NoticePolicy": "a lender's procedures on one site, not a person",
    "ProviderEvent": "the provider's event ids against replays; names a check by its key, nobody else",
}
