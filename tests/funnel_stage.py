"""A simulation within a test: providers on a free port, everything else as it is in the program."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.test import override_settings

from dashboard.funnel import providers, town
from dashboard.funnel.people import Person


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def simulated(
    count: int,
    *,
    seed: int = 1,
    days: float = 2,
    afterwards: timedelta = town.AFTERWARDS,
    crowd: list[Person] | None = None,
    **changes: Any,
) -> Iterator[town.Town]:
    """The town after so many visitors; the settings that it lived under stand within the block."""
    base = f"http://127.0.0.1:{_free_port()}/sandbox"
    addresses = {"SANDBOX_URL": base, "MAILGUN_API_URL": f"{base}/mail/v3", "FLEXPATH_API_URL": f"{base}/flexpath"}
    with override_settings(**addresses, **changes), providers.serving() as running:
        yield town.simulate(count=count, seed=seed, days=days, afterwards=afterwards, crowd=crowd, providers=running)
