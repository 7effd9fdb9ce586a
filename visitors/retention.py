"""How long this room keeps what, and why."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from carloans.core.periods import APPLICATION, EVENTS, PROOF, TRACES, Period
from carloans.core.retention import Held, Rule
from visitors.models import (
    Application,
    Assessment,
    Consent,
    ConsentWithdrawal,
    Event,
    PrivacyLink,
    PrivacyProof,
    PrivacyRequest,
    ReturnLink,
    SaleOptOut,
    Visitor,
)
from visitors.services.people import NO_CONTACT

_RECORD = _("12 CFR 1002.12(b): 25 months")
_PROOF = _("Proof of what was agreed to, with the address that it came from: 7 years")
_NEVER_SAVED = _("Somebody who saved nothing and agreed to nothing: 30 days after their last visit")


def _unconsented(path: str = "") -> Q:
    """Nothing was saved and nothing agreed to."""
    nothing = Q(**{f"{path}email_index": "", f"{path}phone_index": ""})
    return nothing & Q(**{f"{path}consents__isnull": True})


def _on_record(now: datetime) -> Q:
    """People with an application that is still on record must be found and reached."""
    cutoff = APPLICATION.before(now)
    return Q(Exists(Application.objects.filter(visitor=OuterRef("pk"), last_event_at__gte=cutoff)))


RULES = [
    Rule(
        name="visitors.privacy_proofs",
        kind="links",
        model=PrivacyProof,
        keeps=TRACES,
        since="expires_at",
        why=_("Links that work for half an hour"),
        visitor="link__visitor",
    ),
    Rule(
        name="visitors.privacy_links",
        kind="links",
        model=PrivacyLink,
        keeps=APPLICATION,
        since="created_at",
        why=_("So that a link in an old mail still says what became of the data"),
        visitor="visitor",
    ),
    Rule(
        name="visitors.privacy_requests",
        kind="requests",
        model=PrivacyRequest,
        keeps=APPLICATION,
        since="requested_at",
        why=_("Requests of consumers and their answers, 11 CCR 7101: 24 months"),
        only=lambda: Q(settled_at__isnull=False),
        visitor="visitor",
    ),
    Rule(
        name="visitors.return_links",
        kind="links",
        model=ReturnLink,
        keeps=Period(days=90),
        since="expires_at",
        why=_("So that a link in an old mail can be exchanged for a fresh one"),
        visitor="visitor",
    ),
    Rule(
        name="visitors.events",
        kind="events",
        model=Event,
        keeps=EVENTS,
        since="received_at",
        why=_("What browsers did: 13 months, to compare a month with last year's"),
        visitor="visitor",
    ),
    Rule(
        name="visitors.unconsented_events",
        kind="unconsented sessions",
        model=Event,
        keeps=TRACES,
        since="visitor__last_seen_at",
        why=_NEVER_SAVED,
        only=lambda: _unconsented("visitor__"),
        visitor="visitor",
    ),
    Rule(
        name="visitors.assessments",
        kind="applications",
        model=Assessment,
        keeps=APPLICATION,
        since="application__last_event_at",
        why=_RECORD,
        visitor="application__visitor",
    ),
    Rule(
        name="visitors.applications",
        kind="applications",
        model=Application,
        keeps=APPLICATION,
        since="last_event_at",
        why=_RECORD,
        visitor="visitor",
    ),
    Rule(
        name="visitors.unconsented_applications",
        kind="unconsented sessions",
        model=Application,
        keeps=TRACES,
        since="visitor__last_seen_at",
        why=_NEVER_SAVED,
        only=lambda: Q(status=Application.STARTED) & _unconsented("visitor__"),
        visitor="visitor",
    ),
    Rule(
        name="visitors.withdrawals",
        kind="proof",
        model=ConsentWithdrawal,
        keeps=PROOF,
        since="at",
        why=_PROOF,
        visitor="consent__visitor",
    ),
    Rule(
        name="visitors.consents",
        kind="proof",
        model=Consent,
        keeps=PROOF,
        since="given_at",
        why=_PROOF,
        visitor="visitor",
    ),
    Rule(
        name="visitors.sale_opt_outs",
        kind="proof",
        model=SaleOptOut,
        keeps=PROOF,
        since="at",
        why=_("Kept like an opt-out from mail, Cal. Civ. Code 1798.135: 7 years"),
        visitor="visitor",
        held=(
            Held(
                reason=_("The address or the browser is still in use"),
                rows=lambda now: Q(visitor__last_seen_at__gte=PROOF.before(now)),
            ),
        ),
    ),
    Rule(
        name="visitors.contact",
        kind="vault",
        model=Visitor,
        keeps=APPLICATION,
        since="last_seen_at",
        why=_("Contact data: as long as an application or a transcript that it belongs to is on record"),
        empties=NO_CONTACT,
        filled=~Q(email="") | ~Q(phone="") | ~Q(first_name="") | ~Q(last_name="") | ~Q(zip_code=""),
        visitor="pk",
        held=(Held(reason=_("An application is still on record"), rows=_on_record),),
    ),
    Rule(
        name="visitors.unconsented",
        kind="unconsented sessions",
        model=Visitor,
        keeps=TRACES,
        since="last_seen_at",
        why=_NEVER_SAVED,
        only=lambda: Q(erased_at__isnull=True) & _unconsented(),
        visitor="pk",
    ),
    Rule(
        name="visitors.erased",
        kind="requests",
        model=Visitor,
        keeps=TRACES,
        since="erased_at",
        why=_("The empty row of somebody who was forgotten, once no held record points to it"),
        visitor="pk",
    ),
]
