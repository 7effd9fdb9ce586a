"""The one way from async code to the ORM.

`await db(services.do_something)(visitor_id=..., now=...)` runs one synchronous unit of work in the thread that
owns the database connection and gives the connection back afterwards. It survives three worlds: a socket under
ASGI, a Celery task, and a test case inside a transaction (there it must not close the connection under the
transaction's feet).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, Protocol, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection

P = ParamSpec("P")
R = TypeVar("R")


class Unit(Protocol):
    """A way to have one unit of work done: `db`, or one that shares its transaction with others."""

    def __call__(self, work: Callable[P, R], /) -> Callable[P, Awaitable[R]]: ...


def db(work: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Return `work` as a coroutine function. A transaction lives inside `work`: it cannot span an await."""

    def unit(*args: P.args, **kwargs: P.kwargs) -> R:
        outer = connection.in_atomic_block
        if not outer:
            close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            if not outer and not connection.in_atomic_block:
                close_old_connections()

    return sync_to_async(unit, thread_sensitive=True)
