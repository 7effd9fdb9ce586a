"""How long this room keeps what, and why."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloans.core.periods import APPLICATION, PROOF
from carloans.core.retention import Rule
from leads.models import Disposition, Lead, Submission, SubmissionAttempt

_PROOF = _("Proof of what was handed to whom under which consent: 7 years")

RULES = [
    Rule(
        name="leads.packages",
        kind="vault",
        model=Lead,
        keeps=APPLICATION,
        since="created_at",
        why=_("Contact data in a lead: as long as the application that it comes from"),
        empties={"package": {}, "summary": "", "highlights": [], "missing": []},
        filled=~Q(summary=""),
        visitor="visitor",
    ),
    Rule(
        name="leads.attempts",
        kind="proof",
        model=SubmissionAttempt,
        keeps=PROOF,
        since="at",
        why=_PROOF,
        visitor="submission__lead__visitor",
    ),
    Rule(
        name="leads.dispositions",
        kind="proof",
        model=Disposition,
        keeps=PROOF,
        since="at",
        why=_PROOF,
        visitor="submission__lead__visitor",
    ),
    Rule(
        name="leads.submissions",
        kind="proof",
        model=Submission,
        keeps=PROOF,
        since="created_at",
        why=_PROOF,
        visitor="lead__visitor",
    ),
    Rule(
        name="leads.leads",
        kind="proof",
        model=Lead,
        keeps=PROOF,
        since="created_at",
        why=_PROOF,
        visitor="visitor",
    ),
]
