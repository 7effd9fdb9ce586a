"""What somebody may do on their own page: withdraw, opt out, ask for a person, prove their address, correct.

Whoever holds the link may end agreements: that harms nobody, and a right must not hide behind a hurdle. Reading values,
correcting and deleting take a proof: a second link, mailed to the address on file, that works once within half an hour.
Withdrawals, opt-outs and deletion reach every row of the person; values are read and corrected in the link's own row
alone, because an address that somebody typed into another browser proves nothing (`visitors.services.people`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Q

from carloans.core import audit, feed
from carloans.core.errors import BadInput, NotFound
from visitors import consent_texts, disclosures, selectors, signals
from visitors.details import read_details
from visitors.models import Application, PrivacyLink, PrivacyProof, PrivacyRequest, SaleOptOut, Site, Visitor
from visitors.services.consents import withdraw_consent
from visitors.services.people import lock_people, lock_visitor, write_contact
from visitors.services.returning import revoke_return_links
from visitors.tokens import hash_of, privacy_token, proof_token

ROOM = "visitors"
#: A mail lies in a mailbox for long, and so must the way to one's rights; a chat's card is asked for anew.
LIFETIMES = {PrivacyLink.Origin.MAIL: timedelta(days=365), PrivacyLink.Origin.CHAT: timedelta(days=7)}
PROOF_LIFETIME = timedelta(minutes=30)
#: The button may be pressed by anybody with a link; the address's owner is mailed at most so often.
PROOF_GAP, MOST_PROOFS = timedelta(minutes=2), 5
#: Cal. Civ. Code 1798.130(a)(2): a request is answered within 45 days.
ANSWER_WITHIN = timedelta(days=45)
#: What can be withdrawn by itself. The privacy notice was information; its opposite is deletion.
WITHDRAWABLE = (consent_texts.MARKETING_EMAIL, consent_texts.DEALER_CONTACT, consent_texts.SOFT_PULL)
_LINKS = UUID("0b0ff8a4-5c0c-4c55-8f1e-2d2b3b6a7c11")
_PROOFS = UUID("0b0ff8a4-5c0c-4c55-8f1e-2d2b3b6a7c12")


class PrivacyLinkUnknown(NotFound):
    code = "privacy_link_unknown"
    message = "This link is not one of ours, or it is not complete. Please check that you copied all of it."


class ProofUnusable(BadInput):
    status, code = 410, "proof_unusable"
    message = "This link was used before or is older than 30 minutes. Your page can send you a new one."


def issue_privacy_link(*, visitor_id: UUID, source_id: UUID, origin: str, now: datetime) -> str:
    """The token of the page of this visitor, as the mail or card `source_id` carries it; the same one on every repeat.

    Raises PrivacyLinkUnknown for an unknown or erased visitor.
    """
    link_id = uuid5(_LINKS, source_id.hex)
    if PrivacyLink.objects.filter(pk=link_id).exists():
        return privacy_token(link_id)
    if not Visitor.objects.filter(pk=visitor_id, erased_at__isnull=True).exists():
        raise PrivacyLinkUnknown
    try:
        with transaction.atomic():
            _write_link(link_id, visitor_id, source_id, PrivacyLink.Origin(origin), now)
    except IntegrityError:
        # Another worker renders the same mail at this moment: it issued the same link.
        pass
    return privacy_token(link_id)


def _write_link(link_id: UUID, visitor_id: UUID, source_id: UUID, origin: PrivacyLink.Origin, now: datetime) -> None:
    PrivacyLink.objects.create(
        pk=link_id, visitor_id=visitor_id, origin=origin, source_id=source_id,
        token_hash=hash_of(privacy_token(link_id)), created_at=now, expires_at=now + LIFETIMES[origin],
    )  # fmt: skip
    audit.record(
        action="privacy.link_issued", actor="system", subject=f"visitor:{visitor_id}", now=now,
        facts={"link": str(link_id), "origin": str(origin)},
    )  # fmt: skip


def revoke_privacy_links(*, visitor_id: UUID, now: datetime, besides: UUID | None = None) -> int:
    """Close every page of a visitor, but the one of the link `besides`. Returns how many."""
    links = PrivacyLink.objects.filter(visitor_id=visitor_id, revoked_at__isnull=True)
    return (links.exclude(pk=besides) if besides else links).update(revoked_at=now)


def request_proof(*, link_id: UUID, now: datetime) -> bool:
    """Ask for the mail that proves the address on file. False when there is none, or too many were asked for.

    The caller's answer must not tell: whoever holds a link learns nothing about the mailbox.
    """
    rested = Q(proof_requested_at__isnull=True) | Q(proof_requested_at__lte=now - PROOF_GAP)
    with transaction.atomic():
        link = PrivacyLink.objects.select_related("visitor").filter(pk=link_id, visitor__erased_at__isnull=True).first()
        if link is None or not link.visitor.email or _proofs_today(link, now) >= MOST_PROOFS:
            return False
        if not PrivacyLink.objects.filter(rested, pk=link_id, revoked_at__isnull=True).update(proof_requested_at=now):
            return False
        _tell(link.visitor_id, "privacy.proof_requested", "A customer asked to prove their address", now)
        signals.after_commit(
            signals.privacy_proof_requested, link_id=link_id, visitor_id=link.visitor_id, requested_at=now, now=now
        )
        return True


def _proofs_today(link: PrivacyLink, now: datetime) -> int:
    """By address, not by link: ten links to one mailbox must not mean ten times as many mails."""
    since = now - timedelta(days=1)
    links = PrivacyLink.objects.filter(visitor__email_index=link.visitor.email_index)
    proofs = PrivacyProof.objects.filter(link__in=links, created_at__gt=since)
    return max(links.filter(proof_requested_at__gt=since).count(), proofs.count())


def issue_proof(*, link_id: UUID, message_id: UUID, now: datetime) -> str:
    """The token that proves the address, good for half an hour from its first issue; one for each mail.

    Raises PrivacyLinkUnknown when the page is gone.
    """
    proof_id = uuid5(_PROOFS, message_id.hex)
    if PrivacyProof.objects.filter(pk=proof_id).exists():
        return proof_token(proof_id)
    if not _open_links(now).filter(pk=link_id).exists():
        raise PrivacyLinkUnknown
    try:
        with transaction.atomic():
            PrivacyProof.objects.create(
                pk=proof_id, link_id=link_id, message_id=message_id, token_hash=hash_of(proof_token(proof_id)),
                created_at=now, expires_at=now + PROOF_LIFETIME,
            )  # fmt: skip
    except IntegrityError:
        pass
    return proof_token(proof_id)


def _open_links(now: datetime) -> Any:
    return PrivacyLink.objects.filter(revoked_at__isnull=True, expires_at__gt=now, visitor__erased_at__isnull=True)


def redeem_proof(*, token: str, now: datetime) -> UUID:
    """Use a proof, once. Returns the privacy link that it is good for. Raises PrivacyLinkUnknown or ProofUnusable."""
    with transaction.atomic():
        proof = PrivacyProof.objects.select_related("link").filter(token_hash=hash_of(token)).first()
        if proof is None:
            raise PrivacyLinkUnknown
        fresh = PrivacyProof.objects.filter(pk=proof.pk, used_at__isnull=True, expires_at__gt=now)
        if not _open_links(now).filter(pk=proof.link_id).exists() or not fresh.update(used_at=now):
            raise ProofUnusable
        visitor_id = proof.link.visitor_id
        Visitor.objects.filter(pk=visitor_id).update(identity=Visitor.Identity.KNOWN)
        _tell(visitor_id, "privacy.verified", "A customer proved their address", now)
    return proof.link_id


def withdraw_on_page(*, visitor_id: UUID, kind: str, now: datetime) -> int:
    """End the agreements of one kind in every row of the person. Returns how many ended; a repeat ends none.

    Effects follow from the ledger: journeys stop, checks and submissions find no standing consent. Raises BadInput for
    a kind that cannot be withdrawn by itself.
    """
    if kind not in WITHDRAWABLE:
        raise BadInput(code="unknown_consent_kind")
    with transaction.atomic():
        rows = selectors.person_ids(visitor_id=visitor_id)
        lock_people(rows)
        ended = sum(withdraw_consent(visitor_id=row, kind=kind, via="privacy_page", now=now) for row in rows)
        if ended:
            summary = "A customer withdrew an agreement"
            _tell(visitor_id, "privacy.consent_withdrawn", summary, now, kind=kind, ended=ended)
    return ended


def opt_out_of_sale(*, visitor_id: UUID, via: str, now: datetime) -> bool:
    """Nothing of this person is sold or shared from now on. `via` is "page" or "signal". False for a repeat."""
    with transaction.atomic():
        rows = selectors.person_ids(visitor_id=visitor_id)
        lock_people(rows)
        made = [_opt_out(row, via, now) for row in rows]
        if not any(made):
            return False
        _tell(visitor_id, "privacy.sale_opt_out", "A customer opted out of sale and sharing", now, via=via)
        signals.after_commit(signals.sale_opted_out, visitor_id=visitor_id, now=now)
    return True


def _opt_out(visitor_id: UUID, via: str, now: datetime) -> bool:
    index = Visitor.objects.filter(pk=visitor_id).values_list("email_index", flat=True).first()
    facts = {"email_index": index or "", "via": via, "at": now}
    return SaleOptOut.objects.get_or_create(visitor_id=visitor_id, defaults=facts)[1]


def note_privacy_signal(*, visitor_id: UUID, now: datetime) -> bool:
    """The browser sent Global Privacy Control or Do Not Track: an opt-out of sale and of marketing. False if known."""
    with transaction.atomic():
        rows = Visitor.objects.filter(pk=visitor_id, erased_at__isnull=True, gpc=False)
        lock_people(selectors.person_ids(visitor_id=visitor_id) if rows.exists() else ())
        return bool(rows.update(gpc=True)) and opt_out_of_sale(visitor_id=visitor_id, via="signal", now=now)


def ask_staff(*, visitor_id: UUID, kind: str, now: datetime) -> bool:
    """Put something on the staff's list that only a person can do. False when it is there already."""
    with transaction.atomic():
        lock_visitor(visitor_id)
        if PrivacyRequest.objects.filter(visitor_id=visitor_id, kind=kind, settled_at__isnull=True).exists():
            return False
        PrivacyRequest.objects.create(visitor_id=visitor_id, kind=kind, requested_at=now, due_at=now + ANSWER_WITHIN)
        _tell(visitor_id, f"privacy.{kind}", _ASKED[PrivacyRequest.Kind(kind)], now, severity="warn")
    return True


_ASKED = {
    PrivacyRequest.Kind.HUMAN_REVIEW: "A customer asks for a person to review what the AI did",
    PrivacyRequest.Kind.HUMAN_HELP: "A customer without an e-mail address asks for help with their data",
    PrivacyRequest.Kind.TELL_RECIPIENTS: "A customer corrected their data: please tell the dealers who have the old",
}


def settle_privacy_request(*, request_id: UUID, staff_id: int, now: datetime) -> bool:
    """A member of staff has done what was asked. False when it was settled before."""
    with transaction.atomic():
        row = PrivacyRequest.objects.filter(pk=request_id).first()
        open_rows = PrivacyRequest.objects.filter(pk=request_id, settled_at__isnull=True)
        if row is None or not open_rows.update(settled_at=now):
            return False
        audit.record(
            action="privacy.request_settled", actor=f"staff:{staff_id}", subject=f"visitor:{row.visitor_id}", now=now,
            facts={"request": str(request_id), "kind": row.kind},
        )  # fmt: skip
    return True


@dataclass(frozen=True, slots=True)
class Correction:
    """What was changed, by name, and how many dealers still hold the former values."""

    changed: list[str]
    dealers: int


#: Values that can be corrected, by their key in `visitors.details`, and where each of the second kind lives.
CORRECTABLE = ("first_name", "last_name", "email", "phone", "state", "zip")
CORRECTABLE_WORK = ("employer", "monthly_income_cents")


def correct(*, link_id: UUID, data: Mapping[str, Any], now: datetime) -> Correction:
    """Write corrected values to the link's own row, with the checks of the form; absent keys stay as they are.

    A new address closes every other way in, because those went to the old mailbox. Raises Refused for a value that
    cannot be taken, PrivacyLinkUnknown when the page is gone; neither changes anything.
    """
    with transaction.atomic():
        link = _open_links(now).filter(pk=link_id).first()
        visitor = lock_visitor(link.visitor_id) if link else None
        if visitor is None:
            raise PrivacyLinkUnknown
        changed = _write(visitor, {name: data[name] for name in (*CORRECTABLE, *CORRECTABLE_WORK) if name in data}, now)
        dealers = _dealers_of(visitor.pk) if changed else 0
        if changed:
            _tell(visitor.pk, "privacy.corrected", "A customer corrected their data", now, changed=changed)
        if "email" in changed:
            revoke_privacy_links(visitor_id=visitor.pk, besides=link_id, now=now)
            revoke_return_links(visitor_id=visitor.pk, now=now)
        if dealers:
            ask_staff(visitor_id=visitor.pk, kind=PrivacyRequest.Kind.TELL_RECIPIENTS, now=now)
    return Correction(changed, dealers)


def _write(visitor: Visitor, data: Mapping[str, Any], now: datetime) -> list[str]:
    allow = Site.objects.filter(pk=visitor.site_id, is_demo=True).exists()
    details = read_details(data, allow_test_numbers=allow)
    zip_before = visitor.zip_code
    changed = write_contact(visitor, details, application_id=None, now=now)
    if visitor.zip_code != zip_before:
        changed.append("zip")
    newest = Application.objects.select_for_update().filter(visitor=visitor).order_by("-created_at").first()
    work = details.given(*CORRECTABLE_WORK) if newest else {}
    differing = {name: value for name, value in work.items() if getattr(newest, name) != value}
    for name, value in differing.items():
        setattr(newest, name, value)
    if newest and differing:
        newest.save(update_fields=list(differing))
    return sorted([*changed, *differing])


def _dealers_of(visitor_id: UUID) -> int:
    found = disclosures.recipients(visitor_ids=[visitor_id])
    return len({one.name for one in found if one.kind == disclosures.DEALER})


def note_seen_in_full(*, visitor_id: UUID, now: datetime) -> None:
    """The person looked at their values in clear, after proving the address."""
    _tell(visitor_id, "privacy.viewed_in_full", "A customer looked at their own data", now)


def note_export(*, visitor_id: UUID, now: datetime) -> None:
    """The person took a copy of their data with them."""
    _tell(visitor_id, "privacy.exported", "A customer downloaded their own data", now)


def note_consent_copy(*, visitor_id: UUID, consent_id: UUID, now: datetime) -> None:
    """The person took a copy of the record of one of their consents."""
    _tell(
        visitor_id, "privacy.consent_copied", "A customer opened the record of a consent", now, consent=str(consent_id)
    )


def _tell(visitor_id: UUID, action: str, summary: str, now: datetime, *, severity: str = "info", **facts: Any) -> None:
    """Audit and feed: names and counts, never a value."""
    subject = f"visitor:{visitor_id}"
    audit.record(action=action, actor=subject, subject=subject, now=now, facts=facts)
    feed.publish(kind=action, room=ROOM, summary=summary, now=now, visitor=visitor_id, data=facts, severity=severity)
