"""Bare Channels consumers: the floor under every figure of the bench, served by the same daphne on the same machine."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloans.settings")

import django

django.setup()

from channels.db import database_sync_to_async  # noqa: E402  models need the set-up above
from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from carloans.core.clock import utc_now  # noqa: E402
from carloans.core.models import FeedEvent  # noqa: E402


class Echo(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Sends back what it gets."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data=text_data or "")


class StoredEcho(Echo):
    """The same after one row is committed."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await database_sync_to_async(_store)()
        await self.send(text_data=text_data or "")


def _store() -> None:
    FeedEvent.objects.create(kind="bench.echo", room="bench", summary="An echo", listed=False, at=utc_now())


application = ProtocolTypeRouter(
    {"websocket": URLRouter([path("ws/chat/", Echo.as_asgi()), path("ws/stored/", StoredEcho.as_asgi())])}
)
