"""The composition root: settings, URLs, ASGI and Celery, the only files that see every floor.

`agents/` is a plain folder on the import path and not a package: a package of that name would shadow the
OpenAI Agents SDK, whose import name is `agents`. So its parent is appended to the path here.
"""

import sys
from pathlib import Path

_AGENTS = str(Path(__file__).resolve().parent.parent / "agents")
if _AGENTS not in sys.path:
    sys.path.append(_AGENTS)

from carloans.celery import app as celery_app  # noqa: E402  the path comes first

__all__ = ["celery_app"]
