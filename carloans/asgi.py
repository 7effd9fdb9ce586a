"""The ASGI entry: HTTP through Django, sockets through Channels, warmed up before the first customer."""

import gc
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloans.settings")

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402  models need the set-up above
from django.urls import get_resolver  # noqa: E402

from carloans.core import sockets  # noqa: E402
from carloans.core.sqlite import keep_open  # noqa: E402
from chat.routing import websocket_urlpatterns as chat_sockets  # noqa: E402
from chat.warming import warm_up  # noqa: E402
from dashboard.routing import websocket_urlpatterns as dashboard_sockets  # noqa: E402

_chat = URLRouter(chat_sockets)
_staff = AuthMiddlewareStack(URLRouter(dashboard_sockets))


async def _sockets(scope: Any, receive: Any, send: Any) -> None:
    """Customers' sockets pass no session: their ticket says who they are, and each look-up would cost them."""
    room = _chat if scope["path"].startswith("/ws/chat") else _staff
    await room(scope, receive, send)


application = ProtocolTypeRouter({"http": django_application, "websocket": _sockets})
sockets.install()

# Import what the first request would import, then keep the collector away from it: a third of the tail latency.
get_resolver().url_patterns  # noqa: B018
warm_up()
keep_open()
gc.freeze()
# Sockets and turns that are over leave few objects to the collector. What they do leave must not wait for thousands of
# others, as it would at thresholds that suit a short program: the oldest generation would hardly ever be looked at.
gc.set_threshold(10_000, 5, 5)
