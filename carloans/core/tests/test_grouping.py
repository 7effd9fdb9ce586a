"""Units that share a commit: each caller gets its own outcome, and one bad unit harms no other."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from carloans.core import grouping
from carloans.core.errors import BadInput
from carloans.core.models import FeedEvent

pytestmark = pytest.mark.django_db(transaction=True)


def store(now, name: str) -> int:
    return FeedEvent.objects.create(kind=name, room="core", summary="s", at=now).pk


def refuse() -> None:
    raise BadInput(code="refused")


def stumble(now) -> None:
    store(now, "half")
    raise ValueError("half done")


def stored() -> list[str]:
    return sorted(FeedEvent.objects.values_list("kind", flat=True))


async def test_what_waits_together_is_stored_once_each(now):
    numbers = await asyncio.gather(*(grouping.together(str(n), store, now, f"k{n}") for n in range(20)))
    assert len(set(numbers)) == 20


def test_a_refusal_concerns_its_own_caller(now):
    results = grouping.do_together([lambda: store(now, "a"), refuse, lambda: store(now, "b")])
    assert isinstance(results[1].error, BadInput)
    assert stored() == ["a", "b"]


def test_a_fault_rolls_back_its_own_unit_alone(now):
    results = grouping.do_together([lambda: store(now, "a"), lambda: stumble(now), lambda: store(now, "b")])
    assert isinstance(results[1].error, ValueError)
    assert stored() == ["a", "b"]


def test_a_database_error_is_the_culprits_alone(now):
    first = store(now, "first")
    double = lambda: FeedEvent.objects.create(pk=first, kind="x", room="core", summary="s", at=now)  # noqa: E731
    results = grouping.do_together([lambda: store(now, "a"), double, lambda: store(now, "b")])
    assert isinstance(results[1].error, DatabaseError)
    assert stored() == ["a", "b", "first"]


async def test_an_error_reaches_its_caller(now):
    with pytest.raises(BadInput):
        await grouping.together("x", refuse)


async def test_a_cancelled_caller_leaves_its_work_done(now):
    waiting = asyncio.create_task(grouping.together("x", store, now, "kept"))
    await asyncio.sleep(0)
    waiting.cancel()
    await grouping.together("x", store, now, "next")
    assert sorted([kind async for kind in FeedEvent.objects.values_list("kind", flat=True)]) == ["kept", "next"]


async def test_units_of_one_key_keep_their_order(now):
    seen: list[int] = []
    await asyncio.gather(*(grouping.together("same", seen.append, n) for n in range(50)))
    assert seen == list(range(50))


def test_a_unit_joins_its_callers_transaction(now):
    @grouping.in_one
    def unit() -> bool:
        store(now, str(uuid.uuid4()))
        return connection.in_atomic_block

    assert unit()
    with transaction.atomic():
        unit()
        transaction.set_rollback(True)
    assert len(stored()) == 1
