"""A bare Channels echo: the floor under every figure of `chat.bench`, served by the same daphne on the same machine."""

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path


class Echo(AsyncWebsocketConsumer):  # type: ignore[misc]
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data=text_data or "")


application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/chat/", Echo.as_asgi())])})
