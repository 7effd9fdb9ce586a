"""Where a simulation takes place: a fresh database and a child process of their own, removed afterwards."""

from __future__ import annotations

import os
import sys
from typing import Final

from django.conf import settings

from carloans.core.errors import Bug
from dashboard.scenarios import stack

#: Set in the child process, which alone may simulate: its database holds nobody else.
STAGE_VARIABLE: Final = "CARLOANS_FUNNEL_STAGE"
#: The model that the operator configured takes part; mail, credit and dealers never are real ones here.
_KEPT: Final = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "OPENAI_API")


def is_on_stage() -> bool:
    """Whether this process runs on a database of the simulation's own."""
    return os.environ.get(STAGE_VARIABLE) == "1"


def play() -> int:
    """Run this very command again on a stage of its own, with the configured model. Returns its exit status.

    Raises Bug when the fresh database cannot be prepared.
    """
    with stack.own_environment() as environment:
        own = {
            **environment,
            **{name: str(getattr(settings, name)) for name in _KEPT},
            STAGE_VARIABLE: "1",
            "REDIS_URL": "",
        }
        if stack.manage(own, "migrate", "--verbosity", "0", quiet=True):
            raise Bug("A fresh database could not be prepared.", code="stage_failed")
        return stack.manage(own, *sys.argv[1:])
