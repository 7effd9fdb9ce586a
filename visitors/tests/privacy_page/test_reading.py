"""The page speaks the person's language and costs the same however much there is."""

from __future__ import annotations

from typing import Any

from django.test import Client

from visitors.models import Visitor
from visitors.tests.factories import ConsentFactory
from visitors.tests.privacy_page.pages import seen


def test_the_page_speaks_the_persons_language_and_can_be_switched(client: Client, ann: Visitor, path: str) -> None:
    Visitor.objects.update(locale="es")
    assert "Sus datos y opciones" in seen(client.get(path))
    assert "Your data and choices" in seen(client.get(f"{path}?lang=en"))
    assert "Your data and choices" in seen(client.get(path))


def test_the_page_asks_as_often_for_many_rows_as_for_one(
    client: Client, ann: Visitor, path: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        ConsentFactory.create(visitor=ann, kind="soft_pull", act=f"act {number}")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for number in range(20):
        ConsentFactory.create(visitor=ann, kind="soft_pull", act=f"more {number}")
    with django_assert_max_num_queries(len(few)):
        client.get(path)
