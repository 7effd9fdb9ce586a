"""Statements that are composed once give what the ORM gives, each time with the values of that time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, DateTimeField, Exists, F, JSONField, OuterRef, Q, UUIDField
from django.test.utils import CaptureQueriesContext

from carloans.core.composed import Change, Given, Insert, Rows, Tuples
from carloans.core.models import FeedEvent

pytestmark = pytest.mark.django_db

insert = Insert(FeedEvent)
alike = FeedEvent.objects.filter(visitor=OuterRef("visitor"), listed=Given("listed", BooleanField()))
newer = Rows(
    lambda: (
        FeedEvent.objects.filter(
            Q(at__gt=Given("since", DateTimeField())) | Q(conversation=Given("conversation", UUIDField()))
        )
        .annotate(has_listed=Exists(alike))
        .order_by("id")
    )
)
data_of = Tuples(lambda: FeedEvent.objects.filter(pk__gte=Given("first")).order_by("-id").values_list("data", "at")[:2])
rename = Change(
    lambda: FeedEvent.objects.filter(visitor=Given("visitor", UUIDField()), listed=False),
    {"lead": F("visitor"), "at": Given("at", DateTimeField()), "data": Given("data", JSONField())},
    returning=["kind", "id"],
)


def event(now: datetime, **fields: object) -> FeedEvent:
    row = FeedEvent(kind="test", room="core", summary="100 % sure", at=now, **fields)
    insert(row)
    return row


def test_a_row_is_stored_as_the_orm_would_store_it(now: datetime) -> None:
    visitor = uuid4()
    row = event(now, visitor=visitor, data={"one": [1, "é"]}, listed=False)
    stored = FeedEvent.objects.get(pk=row.pk)
    plain = FeedEvent.objects.create(
        kind="test", room="core", summary="100 % sure", at=now, visitor=visitor, data={"one": [1, "é"]}, listed=False
    )
    for field in FeedEvent._meta.concrete_fields[1:]:
        assert getattr(stored, field.attname) == getattr(plain, field.attname)
    assert not row._state.adding


def test_many_rows_are_one_statement(now: datetime, django_assert_num_queries: CaptureQueriesContext) -> None:
    rows = [FeedEvent(kind=f"test{number}", room="core", summary="", at=now) for number in range(3)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        insert(*rows)
        insert()
    assert list(FeedEvent.objects.order_by("id").values_list("kind", flat=True)) == ["test0", "test1", "test2"]


def test_a_query_is_filled_in_anew_each_time(now: datetime) -> None:
    conversation, visitor = uuid4(), uuid4()
    old = event(now - timedelta(days=1), conversation=conversation, visitor=visitor, data={"n": 1}, listed=False)
    young = event(now, visitor=visitor)

    def ask(since: datetime, conversation: UUID, listed: bool) -> list[tuple[FeedEvent, bool]]:
        found = newer(since=since, conversation=conversation, listed=listed)
        return [(one, one.has_listed) for one in found]  # type: ignore[attr-defined]

    assert ask(now, conversation, True) == [(old, True)]
    assert ask(now - timedelta(hours=1), uuid4(), False) == [(young, True)]
    assert ask(now, uuid4(), True) == []
    [(found, _)] = ask(now, conversation, True)
    assert (found.data, found.visitor, found.at) == ({"n": 1}, visitor, old.at)


def test_tuples_hold_the_values_of_python(now: datetime) -> None:
    first, second, third = (event(now, data={"n": number}) for number in range(3))
    assert data_of(first=first.pk) == [[{"n": 2}, now], [{"n": 1}, now]]
    assert data_of(first=third.pk) == [[{"n": 2}, now]]
    assert second.pk < third.pk


def test_a_change_tells_which_rows_it_changed(now: datetime) -> None:
    visitor = uuid4()
    row, _ = event(now, visitor=visitor, listed=False), event(now, visitor=visitor)
    later = now + timedelta(hours=1)
    assert rename(visitor=visitor, at=later, data={"now": None}) == [("test", row.pk)]
    row.refresh_from_db()
    assert (row.lead, row.at, row.data) == (visitor, later, {"now": None})
    assert rename(visitor=uuid4(), at=later, data={}) == []


def test_a_value_that_is_not_given_is_a_mistake(now: datetime) -> None:
    with pytest.raises(KeyError):
        newer(since=now)


def test_a_value_of_the_wrong_kind_is_refused_as_by_the_orm(now: datetime) -> None:
    with pytest.raises(ValidationError):
        newer(since=now, conversation="x' OR 1=1", listed=True)
