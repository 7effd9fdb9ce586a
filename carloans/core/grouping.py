"""Units of work that share a commit.

A commit waits for the disk, and every unit that waits alone pays for it alone. So units that arrive while a
transaction runs are collected and done together in the next one: each caller goes on only after the commit that holds
its own work. One at a time is as quick as without; many at once cost a fraction.

Two lanes on PostgreSQL, one on SQLite (it has one writer). Units of one key never overtake each other.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial, wraps
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import DatabaseError, close_old_connections, connection, transaction

from carloans.core.errors import CarLoansError

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
Work = Callable[[], Any]

#: Units of one transaction: more would hold their rows for too long.
MOST = 32


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


@dataclass(frozen=True, slots=True)
class _Unit:
    key: str
    work: Work
    done: asyncio.Future[Any]


class _Lane:
    """One thread with its connection, and what waits for it in one event loop."""

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor
        self._waiting: list[_Unit] = []
        self._task: asyncio.Task[None] | None = None

    def put(self, unit: _Unit) -> None:
        self._waiting.append(unit)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="grouped writes")

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                units, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                units.sort(key=lambda unit: unit.key)
                results = await loop.run_in_executor(self._executor, do_together, [unit.work for unit in units])
                for unit, result in zip(units, results, strict=True):
                    _settle(unit.done, result)
        finally:
            self._task = None


def _settle(done: asyncio.Future[Any], result: Any) -> None:
    if done.done():
        return
    if isinstance(result, _Failed):
        done.set_exception(result.error)
    else:
        done.set_result(result)


def do_together(works: Sequence[Work]) -> list[Any]:
    """Do the works in one transaction; one that cannot be shared is done again, each work in its own."""
    close_old_connections()
    try:
        if len(works) == 1:
            return [_alone(works[0])]
        try:
            with transaction.atomic():
                return [_shared(work) for work in works]
        except DatabaseError:
            # A double, a deadlock, a lost connection: nothing was stored, and the one to blame fails by itself.
            return [_alone(work) for work in works]
    finally:
        close_old_connections()


def _shared(work: Work) -> Any:
    """A refusal concerns its own caller; it leaves nothing half done, because services refuse before they write."""
    try:
        return work()
    except CarLoansError as error:
        if connection.needs_rollback:
            raise DatabaseError from error
        return _Failed(error)
    except DatabaseError:
        raise
    except Exception as error:
        raise DatabaseError from error


def _alone(work: Work) -> Any:
    try:
        with transaction.atomic():
            return work()
    except Exception as error:
        return _Failed(error)


@cache
def _executors() -> list[ThreadPoolExecutor]:
    lanes = 1 if connection.vendor == "sqlite" else 2
    return [ThreadPoolExecutor(1, thread_name_prefix=f"writes-{number}") for number in range(lanes)]


_lanes: WeakKeyDictionary[asyncio.AbstractEventLoop, list[_Lane]] = WeakKeyDictionary()


def _lane(key: str) -> _Lane:
    lanes = _lanes.setdefault(asyncio.get_running_loop(), [_Lane(executor) for executor in _executors()])
    return lanes[zlib.crc32(key.encode()) % len(lanes)]


async def together(key: str, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do one synchronous unit of work in a shared transaction; returns after its commit, raises what it raised.

    `key` names what it changes (a conversation). The work must not rely on its own transaction's end, and it is done
    to its end even if the caller is cancelled. Not for code that runs inside a transaction already.
    """
    done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
    _lane(key).put(_Unit(key, partial(work, *args, **kwargs), done))
    return await done


def in_one(work: Callable[P, R]) -> Callable[P, R]:
    """Decorates a unit of work: it is done in its caller's transaction, else in one of its own.

    Unlike with `transaction.atomic`, a refusal that comes before anything was written leaves the caller's transaction
    as it was, and no savepoint is paid for.
    """

    @wraps(work)
    def unit(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return work(*args, **kwargs)
        with transaction.atomic():
            return work(*args, **kwargs)

    return unit


def under(key: str) -> Callable[[Callable[P, R]], Callable[P, Awaitable[R]]]:
    """`together` for one key, in the shape of `cathy.engine.db`."""

    def unit(work: Callable[P, R]) -> Callable[P, Awaitable[R]]:
        return partial(together, key, work)

    return unit
