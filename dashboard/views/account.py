"""A staff member's own account: second factors, recovery codes, sessions and the password."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp_webauthn import exceptions, views

from carloans.core import audit
from carloans.core.clock import utc_now
from dashboard import access, factors, roles
from dashboard.models import StaffSession
from dashboard.views.guards import ask_again, in_english, staff_only
from dashboard.views.sign_in import ForThisPerson, next_of

View = Callable[..., HttpResponse]


def may_enrol(request: HttpRequest, user: Any) -> bool:
    """A first device needs the password; a further one needs the first, shown lately."""
    if not factors.has_any(user):
        return True
    return request.user.is_authenticated and bool(user.is_verified()) and access.is_fresh(request, now=utc_now())


def enrolling(view: View) -> Callable[..., HttpResponseBase]:
    """For whoever may add a device now; others sign in or show their second factor first."""

    @wraps(view)
    @never_cache
    @in_english
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = access.person(request)
        if user is None or not user.is_staff:
            return HttpResponseRedirect(reverse("dashboard:sign_in"))
        if not may_enrol(request, user):
            return ask_again(request)
        return view(request, user, *args, **kwargs)

    return guarded


@staff_only
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here: role, devices, sessions."""
    return _page(request, {})


def _page(request: HttpRequest, more: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = {
        "tab": "account",
        "roles": roles.roles_of(request.user),  # type: ignore[arg-type]
        "factors": factors.listing(request.user),
        "codes_left": factors.codes_left(request.user),
        "sessions": access.running(request.user, now=utc_now()),
        "this_session": request.session.get(access.SESSION),
        "password_form": PasswordChangeForm(cast(User, request.user)),
    }
    return render(request, "dashboard/account.html", context | more, status=status)


@enrolling
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, user: Any) -> HttpResponse:
    """Enrol an authenticator app with its first code, or a security key."""
    wrong = False
    if request.method == "POST":
        device = factors.confirm_app(user, request.POST.get("code", ""))
        if device is not None:
            return HttpResponseRedirect(_enrolled(request, user, device))
        wrong = True
    waiting = factors.waiting_app(user)
    context = {"typed": factors.typed_secret(waiting), "wrong": wrong, "next": next_of(request)}
    return render(request, "dashboard/enrol.html", context, status=400 if wrong else 200)


def _enrolled(request: HttpRequest, user: Any, device: Any) -> str:
    """Write it down; the first device comes with recovery codes. Returns where to go on."""
    now, first = utc_now(), not factors.codes_left(user)
    _note(request, user, "staff.second_factor_added", kind=factors.kind_of(device))
    access.end_all(user, why="second_factor_added", now=now, but=request.session.get(access.SESSION))
    if access.PASSED_AT not in request.session:
        access.pass_second_factor(request, user, device, now=now)
    request.session["after_codes"] = next_of(request)
    return reverse("dashboard:codes") if first else reverse("dashboard:account")


def _note(request: HttpRequest, user: Any, action: str, **facts: Any) -> None:
    audit.record(action=action, actor=access.actor_of(user), subject=f"account:{user.pk}", now=utc_now(), facts=facts)


@enrolling
@require_GET
def enrol_picture(request: HttpRequest, user: Any) -> HttpResponse:
    """The QR code of the app that waits for its first code."""
    answer = HttpResponse(factors.picture(factors.waiting_app(user)), content_type="image/svg+xml")
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer


class _Registration(ForThisPerson):
    def check_can_register(self) -> None:
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        if not may_enrol(request, request.user):
            raise exceptions.NotVerified


class KeyAddBegin(_Registration, views.BeginCredentialRegistrationView):  # type: ignore[misc]
    """The options for a new security key."""


class KeyAddComplete(_Registration, views.CompleteCredentialRegistrationView):  # type: ignore[misc]
    """The new key's answer; the page goes on to where it says."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        request = self.request
        before = set(factors.KINDS["key"].objects.filter(user=request.user).values_list("pk", flat=True))
        answer: HttpResponse = super().post(*args, **kwargs)
        device = factors.KINDS["key"].objects.filter(user=request.user).exclude(pk__in=before).latest("pk")
        device.name = "Security key"
        device.save(update_fields=["name"])
        answer["X-Next"] = _enrolled(request, request.user, device)
        return answer


@staff_only
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them once."""
    if not factors.listing(request.user):
        return HttpResponseRedirect(reverse("dashboard:enrol"))
    if not access.is_fresh(request, now=utc_now()):
        return ask_again(request)
    context: dict[str, Any] = {"tab": "account", "left": factors.codes_left(request.user)}
    if request.method == "POST":
        context["codes"] = factors.new_codes(request.user)
        context["next"] = request.session.pop("after_codes", reverse("dashboard:account"))
        _note(request, request.user, "staff.recovery_codes_made")
    return render(request, "dashboard/codes.html", context)


@staff_only
@require_POST
def factor_remove(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take a device away; the last one goes only where none is required."""
    if kind not in factors.KINDS:
        raise Http404
    if not access.is_fresh(request, now=utc_now()):
        return ask_again(request)
    if access.last_one_is_needed(request.user):
        return _page(request, {"refused": True}, status=400)
    if not factors.remove(request.user, kind, pk):
        raise Http404
    _note(request, request.user, "staff.second_factor_removed", kind=kind)
    access.forget_factor(request, now=utc_now())
    return HttpResponseRedirect(reverse("dashboard:account"))


@staff_only
@require_POST
def session_end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one of my sessions."""
    line = get_object_or_404(StaffSession, pk=session_id, user=request.user)
    access.end(line, why="ended_by_owner", now=utc_now())
    return HttpResponseRedirect(reverse("dashboard:account"))


@staff_only
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    access.end_all(request.user, why="ended_by_owner", now=utc_now(), but=request.session.get(access.SESSION))
    return HttpResponseRedirect(reverse("dashboard:account"))


@staff_only
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """A new password ends every other session; this one goes on under a new key."""
    form = PasswordChangeForm(cast(User, request.user), request.POST)
    if not form.is_valid():
        return _page(request, {"password_form": form}, status=400)
    with access.spared(request.session.get(access.SESSION)):
        form.save()
    update_session_auth_hash(request, form.user)
    return HttpResponseRedirect(reverse("dashboard:account"))
