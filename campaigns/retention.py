"""How long this room keeps what, and why."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Enrollment, Message, MessageEvent, Pace, Suppression, WebhookToken
from carloans.core.periods import APPLICATION, PROOF, Period
from carloans.core.retention import Held, Rule

_RECORD = _("Mails are records of an application, 12 CFR 1002.12(b), Cal. Civ. Code 1784.1 ff.: 25 months")


def _in_use(now: datetime) -> Q:
    """Somebody with the address is on a journey."""
    return Q(Exists(Enrollment.objects.filter(visitor__email_index=OuterRef("email_index"))))


RULES = [
    Rule(
        name="campaigns.mail_events",
        kind="mails",
        model=MessageEvent,
        keeps=APPLICATION,
        since="message__created_at",
        why=_RECORD,
        only=lambda: Q(message__enrollment__isnull=False),
        visitor="message__enrollment__visitor",
    ),
    Rule(
        name="campaigns.privacy_mail_events",
        kind="mails",
        model=MessageEvent,
        keeps=APPLICATION,
        since="message__created_at",
        why=_("What became of mails that proved an address, and of copies of a conversation"),
        only=lambda: Q(message__enrollment__isnull=True),
        visitor="message__visitor",
    ),
    Rule(
        name="campaigns.mails",
        kind="mails",
        model=Message,
        keeps=APPLICATION,
        since="created_at",
        why=_RECORD,
        only=lambda: Q(enrollment__isnull=False),
        visitor="enrollment__visitor",
    ),
    Rule(
        name="campaigns.privacy_mails",
        kind="mails",
        model=Message,
        keeps=APPLICATION,
        since="created_at",
        why=_("Mails that proved an address, and copies of a conversation: answers to a request, 11 CCR 7101"),
        only=lambda: Q(enrollment__isnull=True),
        visitor="visitor",
    ),
    Rule(
        name="campaigns.journeys",
        kind="mails",
        model=Enrollment,
        keeps=APPLICATION,
        since="abandoned_at",
        why=_RECORD,
        visitor="visitor",
    ),
    Rule(
        name="campaigns.paces",
        kind="mails",
        model=Pace,
        keeps=Period(days=90),
        since="at",
        why=_("When an address was last written to, for the cap of 90 days"),
    ),
    Rule(
        name="campaigns.suppressions",
        kind="proof",
        model=Suppression,
        keeps=PROOF,
        since="at",
        why=_("Who must not be written to, by keyed hash: 7 years, and as long as the address is in use"),
        held=(Held(reason=_("The address is still in use"), rows=_in_use),),
    ),
    Rule(
        name="campaigns.webhook_tokens",
        kind="sessions",
        model=WebhookToken,
        keeps=Period(days=1),
        since="seen_at",
        why=_("Against replays, which are refused by age long before"),
    ),
]
