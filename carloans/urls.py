"""Every room's addresses, the simulated providers where they are switched on, the admin and the probes."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from carloans.core import probes
from carloans.sandboxes import mounted_sandbox

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", probes.healthz),
    path("readyz", probes.readyz),
    path("metrics", probes.metrics),
    path("favicon.ico", RedirectView.as_view(url=static("visitors/mark.svg"), permanent=True)),
    path("i18n/", include("django.conf.urls.i18n")),
    # One door and one place for the password: those that ask for the second factor.
    path("admin/login/", RedirectView.as_view(pattern_name="dashboard:sign_in", query_string=True)),
    path("admin/password_change/", RedirectView.as_view(pattern_name="dashboard:account")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
]
urlpatterns += [
    path("", include(f"{room}.urls"))
    for room in ("campaigns", "credit", "chat", "leads", "dashboard", "visitors")
    if find_spec(f"{room}.urls")
]
if "simulated" in (settings.MAIL_MODE, settings.FLEXPATH_MODE):
    urlpatterns.append(re_path(r"^sandbox/(?P<provider>[a-z]+)(?P<rest>/.*)$", mounted_sandbox))
