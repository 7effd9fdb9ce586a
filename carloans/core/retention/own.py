"""Retention of the core's tables, and of those that Django and its libraries bring along.

The audit trail has no rule: it is the proof of everything else, these purges included, and holds ids and codes alone.
"""

from __future__ import annotations

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloans.core.models import Erasure, ErasureKey, ErrorRecord, FeedEvent, LegalHold, PurgeRun
from carloans.core.periods import APPLICATION, AT_ONCE, EVENTS, PROOF, TRACES
from carloans.core.retention.rules import Rule

_REQUESTS = _("Requests of consumers and their answers, 11 CCR 7101: 24 months")


def _axes(model: str, since: str) -> Rule:
    return Rule(
        name=f"axes.{model.lower()}",
        kind="raw IP",
        model=apps.get_model("axes", model),
        keeps=TRACES,
        since=since,
        why=_("Network addresses of sign-ins, to throttle guessing"),
    )


RULES = [
    Rule(
        name="core.feed",
        kind="events",
        model=FeedEvent,
        keeps=EVENTS,
        since="at",
        why=_("What the operations room was told; ids and codes"),
        visitor="visitor",
    ),
    Rule(
        name="core.errors",
        kind="events",
        model=ErrorRecord,
        keeps=EVENTS,
        since="at",
        why=_("What the error rate is counted from; a year and its month of last year"),
    ),
    Rule(
        name="core.erasure_keys",
        kind="requests",
        model=ErasureKey,
        keeps=APPLICATION,
        since="erasure__asked_at",
        why=_REQUESTS,
        only=lambda: Q(erasure__state=Erasure.State.SETTLED),
    ),
    Rule(
        name="core.erasures",
        kind="requests",
        model=Erasure,
        keeps=APPLICATION,
        since="asked_at",
        why=_REQUESTS,
        only=lambda: Q(state=Erasure.State.SETTLED),
    ),
    Rule(
        name="core.legal_holds",
        kind="proof",
        model=LegalHold,
        keeps=PROOF,
        since="released_at",
        why=_("Why something was preserved"),
    ),
    Rule(
        name="core.purge_runs",
        kind="requests",
        model=PurgeRun,
        keeps=APPLICATION,
        since="started_at",
        why=_("Reports of these rounds; the audit trail keeps their counts"),
    ),
    Rule(
        name="sessions",
        kind="sessions",
        model=apps.get_model("sessions", "Session"),
        keeps=AT_ONCE,
        since="expire_date",
        why=_("Sign-ins of staff that have ended"),
    ),
    Rule(
        name="admin.log",
        kind="staff",
        model=apps.get_model("admin", "LogEntry"),
        keeps=APPLICATION,
        since="action_time",
        why=_("What staff changed in the admin; the audit trail keeps the acts that matter"),
    ),
    _axes("AccessAttempt", "attempt_time"),
    _axes("AccessLog", "attempt_time"),
    _axes("AccessFailureLog", "attempt_time"),
]
