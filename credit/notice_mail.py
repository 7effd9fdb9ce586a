"""Our notice of incompleteness, sent for the creditor: one mail for one duty, exactly once, if it can arrive.

It is no advertisement. So an opt-out does not stop it, and nothing of the marketing is asked; the switch `send` stops
it right before it leaves, and the duty stays open meanwhile. An address that mail cannot reach needs a letter by a
person. The order is the guarantee: claim, ask the provider if anybody ever began, look whether it may go, mark, hand
over, record the proof.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from carloans.core import audit, mailing, outbox, switches
from carloans.core.errorlog import note_error
from carloans.core.errors import NotAllowed, NotFound
from carloans.core.privacy.mask import mask_name
from credit import notice_text, notices, reach
from credit.models import NoticeDuty, NoticeMail, NoticeProof
from credit.signals import notice_queued
from visitors import selectors as visitors
from visitors.selectors import Contact

MAX_ATTEMPTS: Final = 8
LEASE_SECONDS: Final = 60
#: How long a mail that must not leave yet waits before it is looked at again.
HOLD: Final = timedelta(seconds=60)
MAILBOX: Final = "notices"


class NeedsLetter(NotAllowed):
    """Mail cannot do it: somebody must write a letter."""

    code = "needs_letter"
    message = "This applicant cannot be reached by e-mail: please send a letter and record it here."


def preview(*, duty_id: UUID, now: datetime) -> notice_text.Notice:
    """The notice as it would leave now, the name masked. Raises NotFound, NotAllowed for a duty without such a notice.

    NeedsLetter, when mail cannot reach the applicant.
    """
    duty = _sendable(duty_id)
    contact = visitors.visitor_contact(visitor_id=duty.visitor_id)
    if reason := _unreachable(contact):
        raise NeedsLetter(code=reason)
    masked = replace(contact, first_name=mask_name(contact.first_name), last_name=mask_name(contact.last_name))
    return _render(duty, masked, locale=contact.locale, complete_by=_complete_by(contact, now))


def queue(*, duty_id: UUID, staff_id: int, now: datetime) -> NoticeMail:
    """Have the notice sent, once. Pressed again it is the same mail; one that was given up is taken up again.

    Raises NotFound, NotAllowed for a duty that has no such notice, NeedsLetter when mail cannot reach the applicant.
    """
    duty = _sendable(duty_id)
    contact = visitors.visitor_contact(visitor_id=duty.visitor_id)
    if reason := _unreachable(contact):
        raise NeedsLetter(code=reason)
    with transaction.atomic():
        mail, fresh = NoticeMail.objects.get_or_create(
            duty=duty,
            defaults={
                "id": (mail_id := uuid4()),
                "idempotency_key": f"notice-{mail_id}",
                "staff_id": staff_id,
                "locale": notice_text.language(contact.locale),
                "missing": duty.missing,
                "complete_by": _complete_by(contact, now),
                "created_at": now,
                "due_at": now,
            },
        )
        if not fresh and not _again(mail, now):
            return mail
        _record("credit.notice_queued", mail, actor=f"staff:{staff_id}", now=now)
        transaction.on_commit(lambda: notice_queued.send(sender=NoticeMail, mail_id=mail.pk, now=now), robust=True)
    return mail


def _again(mail: NoticeMail, now: datetime) -> bool:
    rows = NoticeMail.objects.filter(pk=mail.pk, state__in=[outbox.PARKED, outbox.CANCELLED], bounced_at=None)
    return bool(rows.update(state=outbox.PENDING, attempts=0, due_at=now, done_at=None))


def _sendable(duty_id: UUID) -> NoticeDuty:
    duty = NoticeDuty.objects.filter(pk=duty_id, state__in=notices.OPEN).first()
    if duty is None:
        raise NotFound
    if duty.kind != NoticeDuty.Kind.INCOMPLETENESS or not duty.missing:
        raise NotAllowed("Our notice mail is for incomplete applications.", code="no_such_notice")
    return duty


def _complete_by(contact: Contact, now: datetime) -> date:
    days = notices.policy_of(site_id=contact.site_id).days_to_complete
    return (now + timedelta(days=days)).date()


def _unreachable(contact: Contact) -> str:
    if not contact.email:
        return "no_address"
    return "address_bounced" if _bounced(contact.email_index) else ""


def _bounced(email_index: str) -> bool:
    """Asked of both: the marketing mails' bounces, and those of our own notices."""
    ours = NoticeMail.objects.filter(to_index=email_index, bounced_at__isnull=False)
    return reach.has_bounced(email_index) or ours.exists()


def deliver(*, mail_id: UUID, now: datetime) -> str:
    """Carry a notice to the provider if it is due and free; its state afterwards, "" for an unknown one.

    Never raises for what can go wrong outside: the row keeps the reason, and is tried again or parked.
    """
    mail = NoticeMail.objects.select_related("duty").filter(pk=mail_id).first()
    if mail is None or not outbox.claim_one(mail, now=now, lease_seconds=LEASE_SECONDS):
        return mail.state if mail else ""
    try:
        _carry(mail, now)
    except Exception as error:
        _failed(mail, error, now)
    return mail.state


def _carry(mail: NoticeMail, now: datetime) -> None:
    if mail.tried_at and _settled_by_provider(mail, now):
        return
    contact = visitors.visitor_contact(visitor_id=mail.duty.visitor_id)
    if _set_aside(mail, contact, now):
        return
    # Counted from today: what a switch held for weeks must still give the applicant time.
    mail.complete_by = _complete_by(contact, now)
    notice = _render(mail.duty, contact, locale=mail.locale, complete_by=mail.complete_by)
    if _held(mail, contact, now) or not _begin(mail, notice, contact, now):
        return
    provider_id = mailing.send(_post(mail, notice, contact), timeout=mailing.TIMEOUT)
    _record_sent(mail, provider_id, now)


def _settled_by_provider(mail: NoticeMail, now: datetime) -> bool:
    """Ask what became of an earlier try. True when nothing is left to do now; the answer is recorded."""
    known = mailing.look_up(mail.pk, timeout=mailing.TIMEOUT)
    if known:
        _record_sent(mail, mailing.message_header(mail.pk), now, sent_at=known[0].at)
        return True
    assert mail.tried_at is not None  # noqa: S101  the caller has asked
    settles = mail.tried_at + timedelta(seconds=mailing.SETTLE_SECONDS[settings.MAIL_MODE])
    return now < settles and outbox.postpone(mail, until=settles, reason="outcome_unknown")


def _set_aside(mail: NoticeMail, contact: Contact, now: datetime) -> bool:
    """Whether it must not leave at all: nothing is owed any more, or a letter is needed."""
    if not NoticeDuty.objects.filter(pk=mail.duty_id, state__in=notices.OPEN).exists():
        return outbox.cancel(mail, now=now, reason="duty_ended") or True
    if reason := _unreachable(contact):
        notices.tell_letter_needed(duty=mail.duty, now=now)
        return outbox.park(mail, now=now, reason=reason, category="not_allowed") or True
    return False


def _held(mail: NoticeMail, contact: Contact, now: datetime) -> bool:
    """The last look before it leaves: the switch, and the address that a notice must carry."""
    if not switches.is_on("send", state=contact.state or None):
        return outbox.postpone(mail, until=now + HOLD, reason="switched_off") or True
    if not settings.COMPANY_POSTAL_ADDRESS:
        return outbox.postpone(mail, until=now + HOLD, reason="no_postal_address") or True
    return False


def _begin(mail: NoticeMail, notice: notice_text.Notice, contact: Contact, now: datetime) -> bool:
    """Mark that the hand-over begins, with the text that is handed over; False when the claim was lost."""
    rows = NoticeMail.objects.filter(pk=mail.pk, state=outbox.CLAIMED, attempts=mail.attempts)
    facts = {
        "tried_at": now,
        "text": notice.text,
        "text_sha256": notice.sha256,
        "to_index": contact.email_index,
        "complete_by": mail.complete_by,
    }
    if not rows.update(**facts):
        return False
    for name, value in facts.items():
        setattr(mail, name, value)
    return True


def _render(duty: NoticeDuty, contact: Contact, *, locale: str, complete_by: date) -> notice_text.Notice:
    return notice_text.render(
        notice_text.Facts(
            locale=locale,
            name=f"{contact.first_name} {contact.last_name}".strip(),
            company=contact.company_name,
            postal_address=settings.COMPANY_POSTAL_ADDRESS,
            reference=str(duty.application_id or duty.pk)[:8].upper(),
            received_on=duty.opened_at.date(),
            complete_by=complete_by,
            missing=duty.missing,
        )
    )


def _post(mail: NoticeMail, notice: notice_text.Notice, contact: Contact) -> mailing.Post:
    return mailing.Post(
        message_id=mail.pk,
        to=contact.email,
        sender=contact.company_name,
        mailbox=MAILBOX,
        subject=notice.subject,
        text=notice.text,
        tag="notice",
    )


def _record_sent(mail: NoticeMail, provider_id: str, now: datetime, sent_at: datetime | None = None) -> None:
    """It left: the proof, and the duty settled with it, in one transaction. A duty that ended meanwhile stays ended."""
    moment = sent_at or now
    proof = notices.Proof(
        method=NoticeProof.Method.OUR_MAIL,
        sent_on=moment.date(),
        text_sha256=mail.text_sha256,
        reference=provider_id[: notices.REFERENCE_MAX],
    )
    with transaction.atomic():
        if not outbox.finish(mail, now=now, sent_at=moment, provider_message_id=provider_id[:200]):
            return
        _record("credit.notice_sent", mail, actor="system", now=now)
        notices.settle_by_mail(duty=mail.duty, proof=proof, staff_id=mail.staff_id, now=now)


def _failed(mail: NoticeMail, error: Exception, now: datetime) -> None:
    """Keep the reason; the duty stays open, and its owner is told when nothing tries it again by itself."""
    note_error(exc=error, where="credit.notice_mail", now=now)
    outbox.retry_or_park(mail, now=now, error=outbox.worth_a_retry(error), max_attempts=MAX_ATTEMPTS)
    if mail.state == outbox.PARKED:
        notices.tell_letter_needed(duty=mail.duty, now=now)


def reconcile(*, mail_id: UUID, now: datetime) -> bool:
    """Ask what became of a notice that left. A bounce brings its duty back: it needs a letter. True when it was news.

    Raises NetworkError or ExternalApiError when the provider cannot be asked.
    """
    mail = NoticeMail.objects.select_related("duty").filter(pk=mail_id, state=outbox.DONE).first()
    if mail is None:
        raise NotFound
    known = mailing.look_up(mail.pk, timeout=mailing.TIMEOUT)
    bounce = next((one for one in known if one.type == "failed" and one.severity == "permanent"), None)
    arrived = next((one for one in known if one.type == "delivered"), None)
    if bounce:
        # In one: a bounce that is noted is not asked about again, so its duty must be back by then.
        with transaction.atomic():
            return _note(mail, bounced_at=bounce.at) and notices.reopen(duty=mail.duty, reason="bounced", now=now)
    return bool(arrived) and _note(mail, delivered_at=arrived.at if arrived else None)


def _note(mail: NoticeMail, **moment: datetime | None) -> bool:
    unknown = NoticeMail.objects.filter(pk=mail.pk, bounced_at=None, delivered_at=None)
    return bool(unknown.update(**moment))


def _record(action: str, mail: NoticeMail, *, actor: str, now: datetime) -> None:
    facts = {"mail": str(mail.pk), "attempts": mail.attempts, "text_sha256": mail.text_sha256}
    audit.record(action=action, actor=actor, subject=f"notice_duty:{mail.duty_id}", now=now, facts=facts)
