"""Running turns: claim, let Cathy answer, store, and again while the customer has written more.

The same code runs in the web process (where the checked text streams to the sockets) and in a worker (which finishes
what a dead process left). It never holds a database connection while the model thinks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from asgiref.sync import ThreadSensitiveContext
from django.db import DatabaseError

from campaigns import services as campaigns
from carloans.core import switches
from carloans.core.clock import utc_now
from carloans.core.errorlog import note_error
from carloans.core.errors import AgentTimeout, CarLoansError, NotAllowed, known
from cathy.engine import InputBlockedError, Unit, db
from chat import agent, duties, selectors, services
from chat.limits import TURN_RENEW_SECONDS, TURN_SECONDS
from chat.services import Finished, Received, Reply, Turn

log = logging.getLogger(__name__)


class Sink(Protocol):
    """Where a turn shows itself while it goes on."""

    async def began(self, turn: Turn) -> None:
        """Cathy starts to type."""

    async def said(self, turn: Turn, text: str) -> None:
        """Another checked piece of the reply."""

    async def until_taken(self) -> None:
        """Return as soon as it is known that somebody else answers from now on; the turn is then dropped."""

    def keeps(self, turn: Turn) -> None:
        """The reply is being stored; `ended` follows."""

    async def ended(self, turn: Turn, finished: Finished | None) -> None:
        """The turn is over: its reply is stored, or (None) dropped, or a person was asked."""


class Silence:
    """For turns that nobody watches: sockets learn of the reply through the tail."""

    async def began(self, turn: Turn) -> None:
        return

    async def said(self, turn: Turn, text: str) -> None:
        return

    async def until_taken(self) -> None:
        """Only the lease tells."""
        await asyncio.get_running_loop().create_future()

    def keeps(self, turn: Turn) -> None:
        return

    async def ended(self, turn: Turn, finished: Finished | None) -> None:
        return


class SpentBudget(NotAllowed):
    code, message = "budget_spent", "Cathy has answered as often as she may today."


@dataclass(frozen=True, slots=True)
class Claimed:
    """A turn with what Cathy may know, or the reason why she may not answer it."""

    turn: Turn
    brief: agent.Brief
    refusal: CarLoansError | None = None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A stored message, and the turn that answers it where that was begun with it."""

    received: Received
    claimed: Claimed | None


def take_in(*, conversation_id: UUID, client_id: UUID, text: str, now: datetime) -> TakenIn:
    """Store a customer's message and claim its turn where that is free: one unit of work before the first word.

    Raises what `services.receive` raises.
    """
    got = services.receive(conversation_id=conversation_id, client_id=client_id, text=text, now=now, begin=True)
    return TakenIn(got, _prepare(got.turn, now) if got.turn else None)


async def answer_all(conversation_id: UUID, sink: Sink, *, first: Claimed | None = None, unit: Unit = db) -> int:
    """Answer until nothing waits; returns the number of turns. Two callers at once share the work, never a turn.

    `first` is a turn that the caller has claimed already; `unit` is how this process writes.
    """
    done = 0
    async with ThreadSensitiveContext():
        claimed = first or await unit(_claim)(conversation_id, utc_now())
        while claimed is not None:
            done += 1
            claimed = await _run_shown(claimed, sink, unit)
    return done


async def _run_shown(claimed: Claimed, sink: Sink, unit: Unit) -> Claimed | None:
    """Run a turn with its sink; returns the next one, claimed, if the customer has written on."""
    finished = None
    try:
        await sink.began(claimed.turn)
        finished = await _run(claimed, sink, unit)
    finally:
        await sink.ended(claimed.turn, finished)
    if finished and not finished.more:
        return None
    return await unit(_claim)(claimed.turn.conversation_id, utc_now())


def _claim(conversation_id: UUID, now: datetime) -> Claimed | None:
    """Claim and look up in one go: each way to the database is a wait before the first word."""
    turn = services.begin_turn(conversation_id=conversation_id, now=now)
    return _prepare(turn, now) if turn else None


def _prepare(turn: Turn, now: datetime) -> Claimed:
    """What a claimed turn needs. A fault of ours here must not lose the message that it came with."""
    try:
        facts, state = selectors.facts(turn.row, now=now)
        if turn.spent:
            return Claimed(turn, agent.Brief(facts=facts), SpentBudget())
        if not selectors.may_answer(turn.row, state=state, now=now):
            return Claimed(turn, agent.Brief(facts=facts), switches.SwitchedOff())
        return Claimed(turn, agent.begin(turn, facts=facts, state=state or "", now=now))
    except DatabaseError:
        raise
    except Exception as error:
        log.error("A turn could not be prepared: %s", type(error).__name__)
        return Claimed(turn, agent.Brief(facts={}), known(error))


async def _run(claimed: Claimed, sink: Sink, unit: Unit) -> Finished | None:
    """One turn to its end, and what was stored of it. A cancelled one gives its claim back."""
    turn = claimed.turn
    try:
        reply = await _while_ours(turn, _answer(claimed, sink, unit), sink)
    except asyncio.CancelledError:
        await asyncio.shield(db(services.release_turn)(conversation_id=turn.conversation_id, token=turn.token))
        raise
    except Exception as error:
        await _fail(turn, error)
        return None
    if reply is None:
        return None
    sink.keeps(turn)
    return await _keep(turn, reply, unit)


async def _keep(turn: Turn, reply: Reply, unit: Unit) -> Finished | None:
    """Store the reply and close its run in one transaction. Where that fails, the reply is worth more than the log."""
    try:
        return await unit(services.finish_turn)(turn=turn, reply=reply, now=utc_now())
    except DatabaseError as error:
        log.error("A turn is stored without its run (%s).", type(error).__name__)
        return await unit(services.finish_turn)(turn=turn, reply=replace(reply, close=None), now=utc_now())


async def _answer(claimed: Claimed, sink: Sink, unit: Unit) -> Reply:
    if claimed.refusal:
        raise claimed.refusal
    turn = claimed.turn
    try:
        async with asyncio.timeout(TURN_SECONDS):
            say = partial(sink.said, turn)
            reply = await agent.answer(turn, brief=claimed.brief, now=utc_now(), say=say, unit=unit)
    except TimeoutError as late:
        raise AgentTimeout(code="turn_timeout") from late
    finally:
        # Read after the reply, so that it costs the customer no wait, and also when there is none.
        owed = duties.owed(turn.text, before=turn.line_before)
        if owed.stop:
            await db(_stop_contact)(turn.visitor_id, utc_now())
    return replace(reply, hand_off=reply.hand_off or owed.person)


def _stop_contact(visitor_id: UUID, now: datetime) -> None:
    campaigns.suppress_visitor(visitor_id=visitor_id, reason="asked", source="chat", now=now)


async def _while_ours(turn: Turn, work: Awaitable[Reply], sink: Sink) -> Reply | None:
    """The work's result, or None as soon as the turn is no longer ours; the work is then stopped."""
    working = asyncio.ensure_future(work)
    losing = [asyncio.ensure_future(_keep_lease(turn)), asyncio.ensure_future(sink.until_taken())]
    try:
        await asyncio.wait({working, *losing}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        for task in (working, *losing):
            task.cancel()
        await asyncio.gather(working, *losing, return_exceptions=True)


async def _keep_lease(turn: Turn) -> None:
    """Returns when the lease is lost."""
    while True:
        await asyncio.sleep(TURN_RENEW_SECONDS)
        try:
            kept = await db(services.renew_turn)(conversation_id=turn.conversation_id, token=turn.token, now=utc_now())
        except Exception as error:
            # A database that is away for a moment must not end a good turn: the lease outlives a missed renewal.
            log.warning("A turn's lease could not be renewed (%s).", type(error).__name__)
            continue
        if not kept:
            return


async def _fail(turn: Turn, error: Exception) -> None:
    """Bring in a person with a note that holds the error's code, and keep the fault for the error rate."""
    ours = known(error)
    if ours is not error:
        log.error("A turn failed: %s", type(error).__name__)
    now = utc_now()
    await db(_record_failure)(turn, error, ours, now)


def _record_failure(turn: Turn, error: Exception, ours: CarLoansError, now: datetime) -> None:
    blocked = isinstance(error, InputBlockedError)
    note = f"{ours.category}: {error.kind if isinstance(error, InputBlockedError) else ours.code}"
    services.fail_to_human(turn=turn, note=note, now=now, forget=blocked)
    note_error(exc=error, where="chat.turn", now=now)
