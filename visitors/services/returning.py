"""Return links: issued per message, redeemed once, asked for again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from carloans.core import audit
from carloans.core.errors import BadInput, NotFound
from visitors import signals
from visitors.models import Application, ReturnLink, Visitor
from visitors.services.applications import mark_returned
from visitors.services.people import lock_visitor
from visitors.tokens import ReturnClaim, hash_of, token_of

LIFETIME = timedelta(hours=24)
#: Names the link of a message, so that two workers who render one mail come to the same link.
_NAMESPACE = UUID("7d5f1c64-6a0e-4b0c-9f1e-3c7f6a6d2b11")


class LinkUnknown(NotFound):
    code = "link_unknown"
    message = "This link is not one of ours, or it is not complete. Please check that you copied all of it."


class LinkExpired(BadInput):
    status, code = 410, "link_expired"
    message = "This link is older than 24 hours. We can send you a fresh one."


class LinkUsed(BadInput):
    status, code = 410, "link_used"
    message = "This link has been used already. Each link works once; we can send you a fresh one."


@dataclass(frozen=True)
class Redemption:
    """Who came back to what. `claim` goes into the browser's signed cookie."""

    visitor_id: UUID
    application_id: UUID
    claim: ReturnClaim


def issue_return_link(*, application_id: UUID, message_id: UUID, now: datetime) -> str:
    """The token of the message's link to this application, valid for 24 hours from its first issue.

    The same message always has the same link. Raises LinkUnknown for an unknown application or an erased visitor.
    """
    # The id is derived with the message's, random itself; what makes the token secret is the HMAC in it.
    link_id = uuid5(_NAMESPACE, message_id.hex)
    if ReturnLink.objects.filter(message_id=message_id).exists():
        return token_of(link_id)
    application = Application.objects.filter(pk=application_id, visitor__erased_at__isnull=True).first()
    if application is None:
        raise LinkUnknown
    try:
        with transaction.atomic():
            _write_link(link_id, application, message_id, now)
    except IntegrityError:
        # Another worker renders the same mail at this moment: it issued the same link.
        pass
    return token_of(link_id)


def _write_link(link_id: UUID, application: Application, message_id: UUID, now: datetime) -> None:
    ReturnLink.objects.create(
        pk=link_id, visitor_id=application.visitor_id, application=application, message_id=message_id,
        token_hash=hash_of(token_of(link_id)), created_at=now, expires_at=now + LIFETIME,
    )  # fmt: skip
    audit.record(
        action="return_link.issued", actor="system", subject=f"application:{application.pk}", now=now,
        facts={"link": str(link_id), "message": str(message_id)},
    )  # fmt: skip


def redeem_return_link(*, token: str, now: datetime) -> Redemption:
    """Use a link: once, within its time. The application is the visitor's again and `visitor_returned` is sent.

    Raises LinkUnknown, LinkExpired or LinkUsed; each changes nothing.
    """
    with transaction.atomic():
        link = _usable_link(token, now)
        lock_visitor(link.visitor_id)
        fresh = ReturnLink.objects.filter(pk=link.pk, used_at__isnull=True, revoked_at__isnull=True)
        if not fresh.update(used_at=now):
            raise LinkUsed
        # Who opens a link from the mailbox has shown that the address is theirs.
        Visitor.objects.filter(pk=link.visitor_id).update(identity=Visitor.Identity.KNOWN, last_seen_at=now)
        audit.record(
            action="return_link.redeemed", actor=f"visitor:{link.visitor_id}",
            subject=f"application:{link.application_id}", now=now, facts={"link": str(link.pk)},
        )  # fmt: skip
        mark_returned(link.application, via="link", now=now)
        signals.after_commit(
            signals.return_link_used, link_id=link.pk, message_id=link.message_id,
            application_id=link.application_id, visitor_id=link.visitor_id, now=now,
        )  # fmt: skip
    claim = ReturnClaim(link.pk, link.visitor_id, link.application_id)
    return Redemption(link.visitor_id, link.application_id, claim)


def _usable_link(token: str, now: datetime) -> ReturnLink:
    found = ReturnLink.objects.select_related("application").filter(token_hash=hash_of(token)).first()
    if found is None:
        raise LinkUnknown
    if found.used_at:
        raise LinkUsed
    if found.revoked_at or found.expires_at <= now:
        raise LinkExpired
    return found


def request_fresh_link(*, token: str, now: datetime) -> bool:
    """Ask for a new link in a mail to the address on file: once per old link. False when it cannot be or was done.

    The new mail goes where the first one went, so whoever holds an old link learns and gains nothing.
    """
    with transaction.atomic():
        link = ReturnLink.objects.filter(token_hash=hash_of(token), visitor__erased_at__isnull=True).first()
        if link is None or not _is_spent(link, now):
            return False
        if link.application.status not in Application.OPEN:
            return False
        asked = ReturnLink.objects.filter(pk=link.pk, fresh_requested_at__isnull=True).update(fresh_requested_at=now)
        if asked:
            signals.after_commit(
                signals.return_link_requested, link_id=link.pk, application_id=link.application_id,
                visitor_id=link.visitor_id, now=now,
            )  # fmt: skip
        return bool(asked)


def _is_spent(link: ReturnLink, now: datetime) -> bool:
    return bool(link.used_at or link.revoked_at or link.expires_at <= now)


def revoke_return_links(*, visitor_id: UUID, now: datetime) -> int:
    """Close every open way back of a visitor. Returns how many."""
    links = ReturnLink.objects.filter(visitor_id=visitor_id, used_at__isnull=True, revoked_at__isnull=True)
    return links.update(revoked_at=now)
