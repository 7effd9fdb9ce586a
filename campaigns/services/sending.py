"""One mail from the outbox to the provider, exactly once.

The order is the guarantee. A worker that claimed the row (1) asks the provider, if anybody ever began to hand this
mail over; (2) looks whether it is still wanted and allowed; (3) takes the address's turn; (4) writes the letter;
(5) looks again; (6) marks that it begins, which fails if the claim was lost; (7) hands over; (8) records. A crash
before (6) leaves nothing behind, a crash after it makes the next worker start with the question of (1).
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from campaigns import mail, pacing, people, selectors
from campaigns.letters import letter_for
from campaigns.models import Message
from campaigns.people import Reader
from campaigns.services.drafting import due_at
from campaigns.services.enrolment import ROOM, complete_if_done, refusal
from campaigns.services.events import TYPES, record_event
from campaigns.signals import message_sent
from carloans.core import audit, feed, outbox, switches
from carloans.core.errorlog import note_error
from carloans.core.mailing import SETTLE_SECONDS

MAX_ATTEMPTS = 8
LEASE_SECONDS = 60
#: How long to wait before a switch, or a missing postal address, is looked at again.
HOLD_SECONDS = 60


def deliver(*, message: Message, now: datetime) -> str:
    """Carry a mail to the provider if it is due and free, and return its state afterwards.

    Never raises for what can go wrong outside: the row keeps the reason, and is tried again or parked.
    """
    if not outbox.claim_one(message, now=now, lease_seconds=LEASE_SECONDS):
        return message.state
    try:
        _carry(message, now)
    except Exception as error:
        _failed(message, error, now)
    return message.state


def _carry(message: Message, now: datetime) -> None:
    if message.tried_at and _settled_by_provider(message, now):
        return
    reader = _reader(message, now)
    if _set_aside(message, reader, now) or reader is None:
        return
    if wait_until := pacing.take_turn(message=message, reader=reader, now=now):
        outbox.postpone(message, until=wait_until, reason="paced")
        return
    letter = letter_for(message=message, reader=reader, now=now)
    if _set_aside(message, _reader(message, now), now) or not _begin(message, reader, now):
        return
    started = time.perf_counter()
    provider_id = mail.send(letter)
    _record_sent(message, provider_id, round((time.perf_counter() - started) * 1000), now)


def _reader(message: Message, now: datetime) -> Reader | None:
    return people.reader_of_mail(message=message, now=now)


def _settled_by_provider(message: Message, now: datetime) -> bool:
    """Ask what became of an earlier try. True when nothing is left to do now; the answer is recorded."""
    known = mail.look_up(message.pk)
    if known:
        accepted = known[0]
        _record_sent(message, mail.message_header(message.pk), None, now, sent_at=accepted.at)
        for event in known:
            if event.type in TYPES:
                _event(message, event, now)
        return True
    assert message.tried_at is not None  # noqa: S101  the caller has asked
    settles = message.tried_at + timedelta(seconds=SETTLE_SECONDS[settings.MAIL_MODE])
    if now < settles:
        return outbox.postpone(message, until=settles, reason="outcome_unknown")
    return False


def _event(message: Message, event: mail.ProviderEvent, now: datetime) -> bool:
    return record_event(
        message=message, event_id=event.event_id, kind=event.type, severity=event.severity, at=event.at, now=now
    )


def reconcile(*, message: Message, now: datetime) -> int:
    """Fetch the reports of a sent mail whose webhooks may be lost; how many were news.

    Raises NetworkError or ExternalApiError when the provider cannot be asked.
    """
    known = mail.look_up(message.pk)
    return sum(_event(message, event, now) for event in known if event.type in TYPES)


def _set_aside(message: Message, reader: Reader | None, now: datetime) -> bool:
    """Whether this mail must not leave now: cancelled for good, or put off. Asked again at the last moment."""
    if reason := _unwanted(message, reader):
        return outbox.cancel(message, now=now, reason=reason) or True
    assert reader is not None  # noqa: S101  an unknown reader is unwanted
    if reason := _held(reader):
        return outbox.postpone(message, until=now + timedelta(seconds=HOLD_SECONDS), reason=reason) or True
    permitted = due_at(reader, now) if message.kind == "step" else now
    return permitted > now and (outbox.postpone(message, until=permitted, reason="quiet_hours") or True)


def _unwanted(message: Message, reader: Reader | None) -> str:
    """Why this mail will never leave; empty when nothing is in the way. Reads what is true at this moment."""
    if reader is None:
        return "erased"
    if message.kind == "privacy":
        # Asked for a moment ago, to use a right: no opt-out from advertisement stands in its way.
        return "" if reader.email_index == message.to_index else "no_address"
    if message.kind == "transcript":
        return _unwanted_transcript(message, reader)
    if message.kind == "fresh_link":
        return _unwanted_link(reader)
    if reason := refusal(reader):
        return reason
    message.journey.refresh_from_db(fields=["state", "stop_reason"])
    return (message.journey.stop_reason or "stopped") if message.journey.state == "stopped" else ""


def _unwanted_link(reader: Reader) -> str:
    """A link that the person asked for a moment ago is no advertisement; a suppressed address stays suppressed."""
    if reader.status in {"submitted", "closed"}:
        return "submitted"
    if not reader.email:
        return "no_address"
    return "suppressed" if selectors.is_suppressed(email_index=reader.email_index) else ""


def _unwanted_transcript(message: Message, reader: Reader) -> str:
    """Asked for by the customer, for the address that was on file then: another one may be somebody else's."""
    if not reader.email or reader.email_index != message.to_index:
        return "no_address"
    return "suppressed" if selectors.is_suppressed(email_index=reader.email_index) else ""


def _held(reader: Reader) -> str:
    if not switches.is_on("send", state=reader.state or None):
        return "switched_off"
    return "" if settings.COMPANY_POSTAL_ADDRESS else "no_postal_address"


def _begin(message: Message, reader: Reader, now: datetime) -> bool:
    """Mark that the hand-over begins; False when the claim was lost to another worker."""
    rows = Message.objects.filter(pk=message.pk, state=outbox.CLAIMED, attempts=message.attempts)
    if not rows.update(tried_at=now, to_index=reader.email_index):
        return False
    message.tried_at, message.to_index = now, reader.email_index
    return True


def _record_sent(
    message: Message, provider_id: str, send_ms: int | None, now: datetime, sent_at: datetime | None = None
) -> None:
    moment = sent_at or now
    with transaction.atomic():
        fields = {"sent_at": moment, "provider_message_id": provider_id, "send_ms": send_ms}
        if not outbox.finish(message, now=now, **fields):
            return
        pacing.confirm(message=message, at=moment)
        _complete_journey(message, now)
        _announce(message, now)
        ids = {"application_id": message.application_id, "visitor_id": message.reader_id}
        transaction.on_commit(lambda: message_sent.send(sender=Message, message_id=message.pk, now=now, **ids))


def _complete_journey(message: Message, now: datetime) -> None:
    if message.enrollment is not None:
        message.enrollment.refresh_from_db()
        complete_if_done(enrollment=message.enrollment, now=now)


def _announce(message: Message, now: datetime) -> None:
    facts = {"message": str(message.pk), "kind": message.kind, "source": message.source, "attempts": message.attempts}
    audit.record(action="email.sent", actor="system", subject=f"message:{message.pk}", now=now, facts=facts)
    feed.publish(
        kind="email.sent",
        room=ROOM,
        summary="E-mail sent",
        now=now,
        visitor=message.reader_id,
        application=message.application_id,
        data=facts | {"send_ms": message.send_ms},
    )


def _failed(message: Message, error: Exception, now: datetime) -> None:
    """Keep the reason, and try again where that can help."""
    note_error(exc=error, where="campaigns.deliver", now=now)
    outbox.retry_or_park(message, now=now, error=outbox.worth_a_retry(error), max_attempts=MAX_ATTEMPTS)
    if message.state == outbox.PARKED:
        pacing.release(message=message)
        Message.objects.filter(pk=message.pk).update(failure="failed")
        _complete_journey(message, now)
        feed.publish(
            kind="email.failed",
            room=ROOM,
            summary=f"E-mail not sent: {message.last_error_code}",
            now=now,
            visitor=message.reader_id,
            application=message.application_id,
            data={"message": str(message.pk), "code": message.last_error_code},
            severity="warn",
        )
