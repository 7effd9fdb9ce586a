"""Which buyer may have a lead: the one place that knows all the conditions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from carloans.core import outbox, switches
from credit import selectors as credit
from credit.outcomes import Outcome
from leads import holds
from leads.holds import Hold
from leads.models import Buyer, Lead, Submission
from visitors import consent_texts
from visitors import selectors as visitors
from visitors.selectors import ConsentInfo


@dataclass(frozen=True, slots=True)
class Chosen:
    """A buyer who may have the lead, and the consent that says so."""

    buyer: Buyer
    consent: ConsentInfo


def certified_buyers(*, state: str, now: datetime) -> list[Buyer]:
    """Buyers that are active, hold a certificate and serve a US state, in the order in which they are asked.

    With the state unknown, only those that serve every state.
    """
    rows = Buyer.objects.filter(active=True, certified_until__gt=now)
    return [buyer for buyer in rows if not buyer.states or state in buyer.states]


def choose_buyer(lead: Lead, *, now: datetime) -> Chosen | Hold:
    """The first buyer who may have the lead and has not said no, or why there is none."""
    if not _prequalified(lead):
        return holds.NO_OFFER
    if not visitors.sale_allowed(visitor_id=lead.visitor_id):
        return holds.OPTED_OUT
    contact = visitors.visitor_contact(visitor_id=lead.visitor_id)
    if contact.erased:
        return holds.ERASED
    if not (contact.email or contact.phone):
        return holds.NO_CONTACT
    buyers = certified_buyers(state=contact.state, now=now)
    if not buyers:
        return holds.NO_BUYER
    covered = [found for buyer in buyers if (found := _covered(lead, buyer, now=now))]
    if not covered:
        return _why_not_covered(lead, now=now)
    refused = set(_refused_by(lead))
    fresh = [found for found in covered if found.buyer.pk not in refused]
    if not fresh:
        return holds.ALL_TRIED
    allowed = [one for one in fresh if switches.is_on("post", state=contact.state or None, buyer=one.buyer.slug)]
    return allowed[0] if allowed else holds.SWITCHED_OFF


def may_still_have(submission: Submission, *, now: datetime) -> Hold | None:
    """The last look before a post: None when this buyer may still have the lead, else what changed."""
    lead, buyer = submission.lead, submission.buyer
    if not _prequalified(lead):
        return holds.NO_OFFER
    if not visitors.sale_allowed(visitor_id=lead.visitor_id):
        return holds.OPTED_OUT
    contact = visitors.visitor_contact(visitor_id=lead.visitor_id)
    if contact.erased:
        return holds.ERASED
    if buyer.pk not in {one.pk for one in certified_buyers(state=contact.state, now=now)}:
        return holds.NO_BUYER
    if _covered(lead, buyer, now=now) is None:
        return _why_not_covered(lead, now=now)
    on = switches.is_on("post", state=contact.state or None, buyer=buyer.slug)
    return None if on else holds.SWITCHED_OFF


def _prequalified(lead: Lead) -> bool:
    """The lead's own check ended in an offer, and no later one without."""
    own = credit.outcome_for(lead.credit_check_id)
    latest = credit.latest_outcome(visitor_id=lead.visitor_id)
    return all(one is not None and one.outcome == Outcome.PREQUALIFIED for one in (own, latest))


def _covered(lead: Lead, buyer: Buyer, *, now: datetime) -> Chosen | None:
    consent = visitors.active_consent(
        visitor_id=lead.visitor_id, kind=consent_texts.DEALER_CONTACT, buyer=buyer.slug, now=now
    )
    return Chosen(buyer, consent) if consent is not None else None


def _why_not_covered(lead: Lead, *, now: datetime) -> Hold:
    consent = visitors.active_consent(visitor_id=lead.visitor_id, kind=consent_texts.DEALER_CONTACT, now=now)
    return holds.NO_CONSENT if consent is None else holds.OTHER_BUYERS


def _refused_by(lead: Lead) -> list[int]:
    refused = lead.submissions.filter(result=Submission.Result.REJECTED, state=outbox.DONE)
    return list(refused.values_list("buyer_id", flat=True))
