"""The operations room's sockets. The origin is checked: the session cookie alone must not open it from another site."""

from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from dashboard.consumers import OpsConsumer

websocket_urlpatterns = [path("ws/ops/", AllowedHostsOriginValidator(OpsConsumer.as_asgi()))]
