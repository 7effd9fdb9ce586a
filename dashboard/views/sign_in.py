"""The door: name and password, then the second factor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp.models import Device
from django_otp_webauthn import exceptions, views

from carloans.core.clock import utc_now
from dashboard import access, factors
from dashboard.views.guards import in_english


@method_decorator(in_english, name="dispatch")
class SignIn(LoginView):
    """Name and password. Whoever has a second factor, or needs one, goes on to it."""

    template_name = "dashboard/sign_in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if hasattr(request, "half_signed_in"):
            return HttpResponseRedirect(_second_step(self.get_redirect_url()))
        if request.user.is_authenticated and request.user.is_staff and not self.get_redirect_url():
            return HttpResponseRedirect(reverse("dashboard:overview"))
        return super().get(request, *args, **kwargs)

    def get_success_url(self) -> str:
        wanted = super().get_success_url()
        return _second_step(wanted) if self.request.session.get(access.NEEDED) else wanted


def _second_step(wanted: str) -> str:
    return (
        f"{reverse('dashboard:second_factor')}?{urlencode({'next': wanted})}"
        if wanted
        else reverse("dashboard:second_factor")
    )


def next_of(request: HttpRequest) -> str:
    """Where the person was going, on this site; the overview otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else resolve_url("dashboard:overview")


@never_cache
@in_english
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """The code of an app, a recovery code or a security key; whoever has none yet enrols one first."""
    user = access.person(request)
    if user is None:
        return HttpResponseRedirect(reverse("dashboard:sign_in"))
    if not factors.has_any(user):
        return HttpResponseRedirect(f"{reverse('dashboard:enrol')}?{urlencode({'next': next_of(request)})}")
    if request.method == "POST":
        return _check(request, user)
    return _ask(request, user)


def _ask(request: HttpRequest, user: Any, *, wrong: bool = False) -> HttpResponse:
    context = {"next": next_of(request), "wrong": wrong, "has_key": factors.has_key(user)}
    return render(request, "dashboard/second_factor.html", context, status=403 if wrong else 200)


def _check(request: HttpRequest, user: Any) -> HttpResponse:
    now = utc_now()
    device = factors.check(user, request.POST.get("code", ""))
    if device is not None:
        access.pass_second_factor(request, user, device, now=now)
        return HttpResponseRedirect(next_of(request))
    if access.second_factor_failed(request, user, now=now):
        return _ask(request, user, wrong=True)
    return HttpResponseRedirect(reverse("dashboard:sign_in"))


class ForThisPerson:
    """The library's ceremonies, for whoever has shown the password."""

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        user = access.person(request)
        if user is None:
            raise exceptions.NotAuthenticated
        request.user = user
        super().initial(request, *args, **kwargs)  # type: ignore[misc]


class KeyBegin(ForThisPerson, views.BeginCredentialAuthenticationView):  # type: ignore[misc]
    """The challenge for a security key."""


class KeyComplete(ForThisPerson, views.CompleteCredentialAuthenticationView):  # type: ignore[misc]
    """The key's answer: the session becomes a full one."""

    def complete_auth(self, device: Device) -> Any:
        access.pass_second_factor(self.request, self.request.user, device, now=utc_now())
        return self.request.user

    def handle_exception(self, exc: Exception) -> HttpResponse:
        user = access.person(self.request)
        if user is not None and isinstance(exc, exceptions.OTPWebAuthnApiError):
            access.second_factor_failed(self.request, user, now=utc_now())
        answer: HttpResponse = super().handle_exception(exc)
        return answer

    def get_success_url(self) -> str:
        return next_of(self.request)
