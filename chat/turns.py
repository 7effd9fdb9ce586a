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
from typing import Any, Protocol
from uuid import UUID

from asgiref.sync import ThreadSensitiveContext

from campaigns import services as campaigns
from carloans.core import switches
from carloans.core.clock import utc_now
from carloans.core.errorlog import note_error
from carloans.core.errors import AgentTimeout, CarLoansError, NotAllowed, known
from cathy.engine import InputBlockedError, db
from chat import agent, duties, selectors, services
from chat.limits import TURN_RENEW_SECONDS, TURN_SECONDS
from chat.services import Reply, Turn

log = logging.getLogger(__name__)


class Sink(Protocol):
    """Where a turn shows itself while it goes on."""

    async def began(self, turn: Turn) -> None:
        """Cathy starts to type."""

    async def said(self, turn: Turn, text: str) -> None:
        """Another checked piece of the reply."""

    async def until_taken(self) -> None:
        """Return as soon as it is known that somebody else answers from now on; the turn is then dropped."""

    async def ended(self, turn: Turn, reply: Reply | None) -> None:
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

    async def ended(self, turn: Turn, reply: Reply | None) -> None:
        return


class SpentBudget(NotAllowed):
    code, message = "budget_spent", "Cathy has answered as often as she may today."


async def answer_all(conversation_id: UUID, sink: Sink) -> int:
    """Answer until nothing waits; returns the number of turns. Two callers at once share the work, never a turn."""
    done = 0
    async with ThreadSensitiveContext():
        while (claimed := await db(_claim)(conversation_id, utc_now())) is not None:
            done += 1
            reply = None
            try:
                await sink.began(claimed.turn)
                reply = await _run(claimed, sink)
            finally:
                await sink.ended(claimed.turn, reply)
    return done


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A turn with what Cathy may know, or the reason why she may not answer it."""

    turn: Turn
    facts: dict[str, Any]
    refusal: CarLoansError | None


def _claim(conversation_id: UUID, now: datetime) -> _Claimed | None:
    """Claim and look up in one go: each way to the database is a wait before the first word."""
    turn = services.begin_turn(conversation_id=conversation_id, now=now)
    if turn is None:
        return None
    facts, state = selectors.facts(turn.row, now=now)
    if turn.spent:
        return _Claimed(turn, facts, SpentBudget())
    return _Claimed(turn, facts, None if switches.is_on("ai", state=state) else switches.SwitchedOff())


async def _run(claimed: _Claimed, sink: Sink) -> Reply | None:
    """One turn to its end, and its reply if that was stored. A cancelled one gives its claim back."""
    turn = claimed.turn
    try:
        reply = await _while_ours(turn, _answer(claimed, sink), sink)
    except asyncio.CancelledError:
        await asyncio.shield(db(services.release_turn)(conversation_id=turn.conversation_id, token=turn.token))
        raise
    except Exception as error:
        await _fail(turn, error)
        return None
    stored = reply is not None and await db(services.finish_turn)(turn=turn, reply=reply, now=utc_now())
    return reply if stored else None


async def _answer(claimed: _Claimed, sink: Sink) -> Reply:
    if claimed.refusal:
        raise claimed.refusal
    turn = claimed.turn
    try:
        async with asyncio.timeout(TURN_SECONDS):
            reply = await agent.answer(turn, facts=claimed.facts, now=utc_now(), say=partial(sink.said, turn))
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
