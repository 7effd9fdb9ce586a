"""Credit checks and leads: only with permission, exactly once, and what is owed afterwards."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any, Final

from carloans.core.sandboxing import accepted_count
from credit.outcomes import PURPOSE
from credit.sandbox import PULLS
from dashboard.funnel.rows import rows
from dashboard.funnel.town import Town
from leads.sandbox import PROVIDER as BUYER

_NOTICE: Final = timedelta(days=30)
_NEVER_SHARED: Final = re.compile(rb'"(ssn|dob|date_of_birth|score|tier|bureau)"\s*:|<(ssn|dob|score)', re.IGNORECASE)


def no_pull_without_an_instruction(town: Town) -> list[str]:
    """Each pull rests on a written instruction for this purpose that stood when the request left"""
    wrong = []
    for check in rows("credit.CreditCheck").filter(sent_at__isnull=False).select_related("consent"):
        consent = check.consent
        stands = consent.given_at <= check.sent_at < consent.expires_at and consent.purpose == PURPOSE
        ledger = rows("visitors.Consent").filter(
            visitor=check.visitor_id, kind="soft_pull", given_at__lte=check.sent_at
        )
        withdrawn = ledger.filter(withdrawal__at__lte=check.sent_at)
        if not stands or consent.visitor_id != check.visitor_id or ledger.count() <= withdrawn.count():
            wrong.append(f"check {check.pk}")
    return wrong


def each_pull_happens_once(town: Town) -> list[str]:
    """The credit service pulled at most once for each check, and for none that it was not asked about"""
    checks = list(rows("credit.CreditCheck"))
    pulls = {check.pk: accepted_count(PULLS, check.idempotency_key) for check in checks}
    wrong = [f"check {pk} was pulled {times} times" for pk, times in pulls.items() if times > 1]
    for check in checks:
        if check.state == "done" and not check.served_from and pulls[check.pk] != 1:
            wrong.append(f"check {check.pk} has a result and {pulls[check.pk]} pulls")
        if check.sent_at is None and pulls[check.pk]:
            wrong.append(f"check {check.pk} was never sent and pulled")
    return wrong


def every_check_without_an_offer_has_a_notice_duty(town: Town) -> list[str]:
    """Each pull without an offer has one notice duty, due within 30 days; nobody else has one"""
    duties: dict[Any, list[Any]] = {}
    for duty in rows("credit.NoticeDuty"):
        duties.setdefault(duty.check_row_id, []).append(duty)
    wrong = []
    for check in rows("credit.CreditCheck"):
        owed = check.outcome == "needs_person" and not check.served_from
        found = duties.get(check.pk, [])
        if len(found) != int(owed) or any(duty.due_at - duty.opened_at > _NOTICE for duty in found):
            wrong.append(f"check {check.pk} ({check.outcome}) has {len(found)} duties")
    return wrong


def no_lead_without_a_consent_that_names_the_dealer(town: Town) -> list[str]:
    """Each submission left under a consent of this customer that named this dealer and stood at that moment"""
    wrong = []
    found = rows("leads.Submission").filter(sent_at__isnull=False)
    for one in found.select_related("consent__withdrawal", "buyer", "lead"):
        consent = one.consent
        ended = getattr(consent, "withdrawal", None)
        named = consent.kind == "dealer_contact" and one.buyer.slug in consent.scope.get("buyers", [])
        stands = consent.given_at <= one.sent_at and not (ended and ended.at <= one.sent_at)
        alive = consent.expires_at is None or one.sent_at < consent.expires_at
        if not (named and stands and alive and consent.visitor_id == one.lead.visitor_id):
            wrong.append(f"submission {one.pk}")
    return wrong


def nobody_is_shared_against_their_will(town: Town) -> list[str]:
    """No dealer gets somebody who did not tick his box, or who had said stop before"""
    people = {person.visitor_id: person for person in town.people if person.visitor_id}
    wrong = []
    for one in rows("leads.Submission").filter(sent_at__isnull=False).select_related("lead"):
        person = people.get(one.lead.visitor_id)
        stopped = person and person.opted_out_at and one.sent_at > person.opted_out_at
        if person and (not person.shares_with_dealer or stopped):
            wrong.append(f"submission {one.pk} of visitor {person.visitor_id}")
    return wrong


def each_lead_reaches_a_dealer_once(town: Town) -> list[str]:
    """The dealer took each lead at most once, and the accepted ones exactly once"""
    wrong = []
    for lead in rows("leads.Lead"):
        times = accepted_count(BUYER, str(lead.pk))
        if times > 1 or (lead.status == "accepted" and times != 1):
            wrong.append(f"lead {lead.pk} ({lead.status}) was taken {times} times")
    return wrong


def a_dealer_gets_no_more_than_he_may(town: Town) -> list[str]:
    """No package holds a social security number, a birthday, a score, a tier or bureau data"""
    never = {value for person in town.people for kind, value in person.secrets() if kind in {"ssn", "card", "birthday"}}
    wrong = []
    for number, package in enumerate(town.providers.packages):
        if _NEVER_SHARED.search(package) or any(value.encode() in package for value in never):
            wrong.append(f"package {number}")
        elif package.startswith(b"{") and not json.loads(package)["consent"]:
            wrong.append(f"package {number} names no consent")
    return wrong


CHECKS = (
    no_pull_without_an_instruction,
    each_pull_happens_once,
    every_check_without_an_offer_has_a_notice_duty,
    no_lead_without_a_consent_that_names_the_dealer,
    nobody_is_shared_against_their_will,
    each_lead_reaches_a_dealer_once,
    a_dealer_gets_no_more_than_he_may,
)
