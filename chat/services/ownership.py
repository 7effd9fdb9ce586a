"""Who answers: Cathy, the queue, a person, nobody. One writer at a time, each change one conditional UPDATE.

This is the only place that moves a conversation (an erasure, which closes it for good, aside).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from carloans.core import audit
from chat import cards, selectors, staffing, wording
from chat.errors import BadOutcome, Taken
from chat.limits import IDLE_CLOSE
from chat.models import OWNERSHIP, Conversation, Message
from chat.services import handing, store
from chat.signals import handed_off

#: Whoever takes over ends the running turn: its token no longer fits, so its reply is dropped.
_NO_TURN: dict[str, Any] = {"turn_token": None, "turn_until": None, "turn_attempts": 0}
_NOBODY: dict[str, Any] = {"staff": None, "staff_seen_at": None, "alarmed_at": None}


def _sources(to: str) -> Q:
    return Q(owner__in=OWNERSHIP.sources(to))


@transaction.atomic
def to_queue(
    conversation: Conversation,
    *,
    reason: str,
    now: datetime,
    say: str = "handed_off",
    only_if: Q | None = None,
    changes: dict[str, Any] | None = None,
    severity: str = "info",
    source: Q | None = None,
) -> bool:
    """Ask for a person. False when the conversation has one already or no longer fulfils `only_if`.

    The customer gets the words of `say` (none when empty) with a card that says when somebody answers, if that may be
    promised, and offers to go on with Cathy. `source` is where it comes from; Cathy if not given.
    """
    message = store.append(
        conversation,
        role=Message.Role.CATHY,
        text=wording.say(say, conversation.locale) if say else "",
        card=_handoff_card(conversation, now),
        now=now,
        only_if=_sources("queue") & (source or Q(owner="ai")) & (only_if or Q()),
        changes={**_waiting(reason, now), **(changes or {})},
    )
    if message is None:
        return False
    _retire_handoff_cards(conversation, now=now, but=message)
    handing.opened(conversation, reason=reason, now=now)
    store.announce(conversation, message, now=now)
    _call_for_people(conversation, reason=reason, now=now, severity=severity)
    return True


def _waiting(reason: str, now: datetime) -> dict[str, Any]:
    queued = {"owner": "queue", "note": reason[:200], "queued_at": now, "closed_at": None, "outcome": ""}
    return {**queued, **_NOBODY, **_NO_TURN}


def _call_for_people(conversation: Conversation, *, reason: str, now: datetime, severity: str) -> None:
    """Tell the sockets, the operations room and, after the commit, whoever wants to know."""
    store.announce_owner(conversation, "queue", now=now)
    summary = f"A conversation needs a person: {reason}"
    store.report(conversation, kind="chat.handed_off", summary=summary, now=now, severity=severity)
    # No partial: Django asks a hook that fails for its name, which a partial has not.
    ids = conversation.pk, conversation.visitor_id
    transaction.on_commit(lambda: _send_handed_off(*ids, reason, now), robust=True)


def _handoff_card(conversation: Conversation, now: datetime) -> cards.Content:
    promise = staffing.promise(site_id=conversation.site_id, locale=conversation.locale, now=now)
    return cards.handoff(locale=conversation.locale, promise=promise)


def _send_handed_off(conversation_id: UUID, visitor_id: UUID, reason: str, now: datetime) -> None:
    handed_off.send(None, conversation_id=conversation_id, visitor_id=visitor_id, reason=reason, now=now)


def hand_off(*, conversation_id: UUID, reason: str, now: datetime) -> bool:
    """Bring in a person for a stated reason (a code); False when one is there or in the queue already."""
    return to_queue(store.load(conversation_id), reason=reason, now=now)


@transaction.atomic
def claim(*, conversation_id: UUID, staff_id: int, staff_name: str, now: datetime) -> None:
    """Make a member of staff the only writer; a reply of Cathy that is on its way is dropped. Raises Taken.

    Claiming one's own conversation again changes nothing.
    """
    conversation = store.load(conversation_id)
    if conversation.owner == "human" and conversation.staff_id == staff_id:
        return
    _seat(conversation, staff_id, staff_name, only_if=_sources("human"), action="conversation.claimed", now=now)


@transaction.atomic
def take_over(*, conversation_id: UUID, staff_id: int, staff_name: str, now: datetime) -> None:
    """Take a conversation out of a colleague's hands, for those who may. Raises Taken when nobody else has it."""
    conversation = store.load(conversation_id)
    theirs = Q(owner="human") & ~Q(staff_id=staff_id)
    _seat(conversation, staff_id, staff_name, only_if=theirs, action="conversation.taken_over", now=now)


def _seat(
    conversation: Conversation, staff_id: int, staff_name: str, *, only_if: Q, action: str, now: datetime
) -> None:
    name = staff_name or wording.say("a_person", conversation.locale)
    changes = {"owner": "human", "staff_id": staff_id, "queued_at": None, "closed_at": None, "outcome": ""}
    message = store.append(
        conversation,
        role=Message.Role.SYSTEM,
        text=wording.say("staff_joined", conversation.locale, name=name),
        now=now,
        only_if=only_if,
        changes={**changes, "staff_seen_at": now, "alarmed_at": None, **_NO_TURN},
    )
    if message is None:
        raise taken(conversation.pk)
    _retire_handoff_cards(conversation, now=now)
    handing.claimed(conversation, staff_id=staff_id, now=now)
    store.announce(conversation, message, now=now)
    store.announce_owner(conversation, "human", now=now)
    _record(conversation, action, staff_id, now)


def taken(conversation_id: UUID) -> Taken:
    """The refusal that names who has it now."""
    found = selectors.snapshot(conversation_id)
    return Taken(holder=found.name) if found.owner == "human" else Taken()


def _retire_handoff_cards(conversation: Conversation, *, now: datetime, but: Message | None = None) -> None:
    open_cards = conversation.messages.filter(card_state=Message.CardState.OPEN, card__kind="handoff")
    for message in open_cards.exclude(seq=but.seq) if but else open_cards:
        Message.objects.filter(pk=message.pk).update(card_state=Message.CardState.REPLACED)
        store.announce_card(conversation, message, now=now)


@transaction.atomic
def return_to_ai(*, conversation_id: UUID, staff_id: int, now: datetime) -> None:
    """Give the conversation back to Cathy, without the questions that the person was asked. Raises Taken."""
    conversation = store.load(conversation_id)
    name = _first_name(conversation)
    message = store.append(
        conversation,
        role=Message.Role.SYSTEM,
        text=wording.say("staff_left", conversation.locale, name=name),
        now=now,
        only_if=Q(owner="human", staff_id=staff_id),
        changes={
            "owner": "ai", "note": "", "answered_seq": F("asked_seq"), "misunderstandings": 0, **_NOBODY, **_NO_TURN,
        },
    )  # fmt: skip
    if message is None:
        raise taken(conversation_id)
    handing.end(conversation, ended="returned", now=now)
    store.announce(conversation, message, now=now)
    store.announce_owner(conversation, "ai", now=now)
    _record(conversation, "conversation.returned", staff_id, now)


def put_back(*, conversation_id: UUID, staff_id: int, now: datetime) -> None:
    """Back into the queue, in the place that it had, for a colleague. Raises Taken."""
    conversation = store.load(conversation_id)
    mine = Q(owner="human", staff_id=staff_id)
    with transaction.atomic():
        kept = {"queued_at": handing.since(conversation) or now}
        if not to_queue(conversation, reason="put_back", now=now, say="still_with_people", source=mine, changes=kept):
            raise taken(conversation_id)
        _record(conversation, "conversation.put_back", staff_id, now)


def release_absent(*, conversation_id: UUID, since: datetime, now: datetime) -> bool:
    """Back into the queue, because whoever has it gave no sign of life since then; False if they did after all."""
    conversation = store.load(conversation_id)
    gone = Q(owner="human") & (Q(staff_seen_at__lt=since) | Q(staff_seen_at=None))
    with transaction.atomic():
        left = to_queue(
            conversation,
            reason="holder_away",
            now=now,
            say="still_with_people",
            source=gone,
            changes={"queued_at": handing.since(conversation) or now},
            severity="warn",
        )
        if left:
            subject = f"conversation:{conversation.pk}"
            audit.record(action="conversation.released", actor="system", subject=subject, now=now)
    return left


def reopen(conversation: Conversation, *, now: datetime) -> None:
    """The customer writes into a closed conversation. Needs the row's lock.

    It is with Cathy again; or, when a person closed it and still owes something, it waits for a person.
    """
    # Asked of the row under its lock: it may have been closed since it was read.
    owed = Q(owner="closed", outcome=Conversation.Outcome.FOLLOW_UP)
    if to_queue(conversation, reason="follow_up", now=now, say="follow_up", source=owed):
        return
    rows = Conversation.objects.filter(_sources("ai"), pk=conversation.pk, owner="closed")
    if rows.update(owner="ai", closed_at=None, outcome="", **_NOBODY):
        conversation.owner = "ai"
        store.announce_owner(conversation, "ai", now=now)


def _first_name(conversation: Conversation) -> str:
    name = conversation.staff.get_short_name() if conversation.staff else ""
    return name or wording.say("a_person", conversation.locale)


@transaction.atomic
def back_to_cathy(conversation: Conversation, *, now: datetime) -> bool:
    """The customer would rather go on with Cathy; possible while nobody has taken over."""
    message = store.append(
        conversation,
        role=Message.Role.CATHY,
        text=wording.say("with_cathy_again", conversation.locale),
        now=now,
        only_if=Q(owner="queue"),
        changes={"owner": "ai", "note": "", "queued_at": None, "misunderstandings": 0, **_NOBODY, **_NO_TURN},
    )
    if message is None:
        return False
    handing.end(conversation, ended="resumed", now=now)
    store.announce(conversation, message, now=now)
    store.announce_owner(conversation, "ai", now=now)
    return True


@transaction.atomic
def close(
    *, conversation_id: UUID, now: datetime, actor: str = "system", only_if: Q | None = None, outcome: str = ""
) -> bool:
    """End a conversation until the customer writes again; False when it is closed already or `only_if` fails."""
    conversation = store.load(conversation_id)
    message = store.append(
        conversation,
        role=Message.Role.SYSTEM,
        text=wording.say("closed", conversation.locale),
        card=cards.rating(locale=conversation.locale) if _may_ask(conversation) else None,
        now=now,
        only_if=_sources("closed") & (only_if or Q()),
        changes={
            "owner": "closed", "closed_at": now, "queued_at": None, "outcome": outcome, "answered_seq": F("asked_seq"),
            **_NOBODY, **_NO_TURN,
        },
    )  # fmt: skip
    if message is None:
        return False
    _retire_handoff_cards(conversation, now=now)
    handing.end(conversation, ended="closed", now=now)
    store.announce(conversation, message, now=now)
    store.announce_owner(conversation, "closed", now=now)
    facts = {"outcome": outcome} if outcome else {}
    subject = f"conversation:{conversation.pk}"
    audit.record(action="conversation.closed", actor=actor, subject=subject, now=now, facts=facts)
    return True


def close_by_staff(*, conversation_id: UUID, staff_id: int, outcome: str, now: datetime) -> None:
    """End one's own conversation, or one that waits, saying how it ended. Raises Taken, BadOutcome."""
    if outcome not in Conversation.Outcome.values:
        raise BadOutcome
    mine = Q(owner="queue") | Q(owner="human", staff_id=staff_id)
    actor = f"staff:{staff_id}"
    if not close(conversation_id=conversation_id, now=now, actor=actor, only_if=mine, outcome=outcome):
        raise taken(conversation_id)


def _may_ask(conversation: Conversation) -> bool:
    """Ask how it was once for each conversation, and only somebody who talked with us."""
    asked = conversation.messages.filter(card__kind="rating")
    return bool(conversation.asked_seq) and not conversation.rehearsal and not asked.exists()


def close_idle(*, conversation_id: UUID, now: datetime) -> bool:
    """Close one of Cathy's conversations that has been silent; False when somebody wrote in the meantime."""
    return close(conversation_id=conversation_id, now=now, only_if=Q(owner="ai", last_at__lt=now - IDLE_CLOSE))


def _record(conversation: Conversation, action: str, staff_id: int, now: datetime) -> None:
    audit.record(action=action, actor=f"staff:{staff_id}", subject=f"conversation:{conversation.pk}", now=now)
