"""The operations room's sockets."""

from typing import Any

websocket_urlpatterns: list[Any] = []
