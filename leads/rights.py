"""What this room keeps about a person's leads, what of it an erasure takes away, and what must stay."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloans.core.periods import PROOF
from carloans.core.rights import Person, Stays, Table
from leads.models import Disposition, Lead, Submission, SubmissionAttempt
from leads.services import stop_for_good

_PROOF = _("Proof of what was handed to whom under which consent, 15 USC 1681p, 47 CFR 64.1200: 7 years")


def resolve(person: Person, *, now: datetime) -> Person:
    """The leads and their submissions."""
    leads = Lead.objects.filter(visitor__in=person.visitors).order_by("created_at").values_list("pk", flat=True)
    sent = Submission.objects.filter(lead__visitor__in=person.visitors).values_list("pk", flat=True)
    person = person.having(leads=leads)
    return person.having(subjects=[f"lead:{one}" for one in person.leads] + [f"submission:{one}" for one in sent])


def stop(person: Person, *, now: datetime) -> None:
    """Nothing that has not left will leave."""
    stop_for_good(visitor_ids=person.visitors, now=now)


TABLES = [
    Table(
        model=Lead,
        title=_("What a dealer may get or got of you"),
        of=lambda person: Q(visitor__in=person.visitors),
        order=("created_at", "pk"),
        erases={"package": {}, "summary": "", "highlights": [], "missing": []},
        # The package is encrypted, so its emptiness cannot be asked for; the summary is never empty before.
        filled=~Q(summary=""),
        stays=Stays(reason=_PROOF, since="created_at", keeps=PROOF),
    ),
    Table(
        model=Submission,
        title=_("Who received it"),
        of=lambda person: Q(lead__visitor__in=person.visitors),
        order=("created_at", "pk"),
        hidden=("idempotency_key",),
        stays=Stays(reason=_PROOF, since="created_at", keeps=PROOF),
    ),
    Table(
        model=SubmissionAttempt,
        title=_("Every attempt to hand it over"),
        of=lambda person: Q(submission__lead__visitor__in=person.visitors),
        order=("at", "pk"),
        stays=Stays(reason=_PROOF, since="at", keeps=PROOF),
    ),
    Table(
        model=Disposition,
        title=_("What a dealer said about it"),
        of=lambda person: Q(submission__lead__visitor__in=person.visitors),
        order=("at", "pk"),
        stays=Stays(reason=_PROOF, since="at", keeps=PROOF),
    ),
]

EXEMPT = {"Buyer": "a dealer, a business and not a person"}
