"""Who may open a page of the operations room, and in which language it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache

from carloans.core.clock import utc_now
from carloans.core.errors import TooFast
from dashboard import access

View = Callable[..., HttpResponse]


def in_english(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """This room speaks one language; a browser's wish for another would mix Django's own translations in."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override("en"):
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return spoken


def staff_only(view: View) -> Callable[..., HttpResponseBase]:
    """Signed-in staff, nobody else; pages are never cached."""

    @wraps(view)
    @never_cache
    @login_required
    @in_english
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff:
            return render(request, "dashboard/no_access.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def needs(permission: str, *, fresh: bool = False) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Staff whose role holds `dashboard.<permission>`, nobody else.

    `fresh` asks for the second factor again where it was shown too long ago: for what takes contact data out or
    changes who may do what.
    """

    def guard(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(f"dashboard.{permission}"):
                return render(request, "dashboard/no_right.html", status=403)
            if fresh and not access.is_fresh(request, now=utc_now()):
                return ask_again(request)
            return view(request, *args, **kwargs)

        return staff_only(allowed)

    return guard


#: What a colleague may ask of a model in one minute, by page.
PER_MINUTE: Final = 12


def slow_down(request: HttpRequest, page: str) -> None:
    """Count one request to a model. Raises TooFast for more of them in this minute than one colleague may ask."""
    key = f"ops:{page}:{request.user.pk}:{int(utc_now().timestamp() // 60)}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > PER_MINUTE:
        raise TooFast


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the second factor, and back to the page that the press came from."""
    back = request.path if request.method == "GET" else urlsplit(request.META.get("HTTP_REFERER", "")).path or "/ops/"
    return HttpResponseRedirect(f"{reverse('dashboard:second_factor')}?{urlencode({'next': back})}")
