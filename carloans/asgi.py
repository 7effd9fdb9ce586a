"""The ASGI entry: HTTP through Django, sockets through Channels, warmed up before the first customer."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloans.settings")

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402  models need the set-up above
from django.urls import get_resolver  # noqa: E402

from carloans.core.sqlite import keep_open  # noqa: E402
from chat.routing import websocket_urlpatterns as chat_sockets  # noqa: E402
from chat.warming import warm_up  # noqa: E402
from dashboard.routing import websocket_urlpatterns as dashboard_sockets  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AuthMiddlewareStack(URLRouter([*chat_sockets, *dashboard_sockets])),
    }
)

# Import what the first request would import, then keep the collector away from it: a third of the tail latency.
get_resolver().url_patterns  # noqa: B018
warm_up()
keep_open()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
