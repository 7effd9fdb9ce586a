"""The world of a trial: rows that nobody else ever sees. All of it happens in a transaction that is taken back.

News that would go out when a transaction commits never does, so no worker of a running program hears of a trial.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from carloans.core import audit


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written within the block is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows(queryset: Any, *columns: str) -> list[list[Any]]:
    """The rows of a queryset as these columns alone, in an order that does not depend on ids or times."""
    return in_order(queryset.values_list(*columns))


def in_order(found: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """The same for rows that were read already."""
    return sorted(map(list, found), key=repr)


def audited(subjects: Iterable[str]) -> list[str]:
    """What the audit trail says of these subjects ("visitor:<uuid>"): each action with how often it stands there."""
    found = Counter(entry.action for entry in audit.about_any(subjects))
    return [f"{action} x{count}" for action, count in sorted(found.items())]
