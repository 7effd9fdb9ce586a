"""How long this room keeps what, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from carloans.core.fields import encrypt
from carloans.core.outbox import CLAIMED, PENDING
from carloans.core.periods import APPLICATION, EVENTS, PROOF
from carloans.core.retention import Rule
from carloans.core.rights import Hold
from credit.models import CreditCheck, CreditConsent, NoticeDuty, NoticeMail, NoticeProof, ProviderEvent

_RECORD = _("Records of notices, 12 CFR 1002.12(b): 25 months")
_PROOF = _("Proof of permission for each pull, 15 USC 1681b, 1681p: 7 years")
_OPEN = (NoticeDuty.State.OPEN, NoticeDuty.State.ASSIGNED)


def _owed(ids: Collection[UUID]) -> Iterable[UUID]:
    return NoticeDuty.objects.filter(visitor__in=ids, state__in=_OPEN).values_list("visitor", flat=True)


def _with_bureau_data() -> Q:
    """An encrypted value tells nothing but its length: an empty object has the shortest there is."""
    empty = len(encrypt("{}"))
    return Q(score__isnull=False) | ~Q(tier="") | Q(GreaterThan(Length("bureau"), empty))


HOLDS = [Hold(reason=_("A notice is still owed, 12 CFR 1002.9"), visitors=_owed)]

RULES = [
    Rule(
        name="credit.notice_proofs",
        kind="applications",
        model=NoticeProof,
        keeps=APPLICATION,
        since="recorded_at",
        why=_RECORD,
        visitor="duty__visitor",
    ),
    Rule(
        name="credit.notice_mails",
        kind="applications",
        model=NoticeMail,
        keeps=APPLICATION,
        since="created_at",
        why=_RECORD,
        only=lambda: ~Q(state__in=[PENDING, CLAIMED]),
        visitor="duty__visitor",
    ),
    Rule(
        name="credit.duties",
        kind="applications",
        model=NoticeDuty,
        keeps=APPLICATION,
        since="settled_at",
        why=_RECORD,
        visitor="visitor",
    ),
    Rule(
        name="credit.bureau_data",
        kind="applications",
        model=CreditCheck,
        keeps=APPLICATION,
        since="decided_at",
        why=_("What a bureau answered: information used on an application, 12 CFR 1002.12(b)"),
        empties={"score": None, "tier": "", "bureau": {}},
        only=_with_bureau_data,
        visitor="visitor",
    ),
    Rule(
        name="credit.checks",
        kind="proof",
        model=CreditCheck,
        keeps=PROOF,
        since="created_at",
        why=_PROOF,
        visitor="visitor",
    ),
    Rule(
        name="credit.consents",
        kind="proof",
        model=CreditConsent,
        keeps=PROOF,
        since="given_at",
        why=_PROOF,
        visitor="visitor",
    ),
    Rule(
        name="credit.provider_events",
        kind="events",
        model=ProviderEvent,
        keeps=EVENTS,
        since="received_at",
        why=_("Against replays of the provider's messages"),
    ),
]
