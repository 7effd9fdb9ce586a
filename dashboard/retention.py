"""How long this room keeps what, and why."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from carloans.core.periods import EVENTS
from carloans.core.retention import Rule
from dashboard.models import StaffSession

RULES = [
    Rule(
        name="dashboard.staff_sessions",
        kind="staff",
        model=StaffSession,
        keeps=EVENTS,
        since="seen_at",
        why=_("When staff were signed in, 16 CFR 314.4(c)(8); the audit trail keeps what they did"),
    ),
]
