"""The real program for the journeys: its ASGI application on the test's own database, tasks done at once.

`tests.journeys.conftest` starts daphne with it and says by JOURNEYS_DATABASE which database that is.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloans.settings_testing")

from django.conf import settings

settings.DATABASES["default"]["NAME"] = os.environ["JOURNEYS_DATABASE"]

from carloans.asgi import application  # noqa: E402  the database is named first

__all__ = ["application"]
