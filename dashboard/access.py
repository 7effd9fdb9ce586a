"""Sessions of staff: how they begin, what they need, how they end. The trail keeps each of these.

A session that lacks its second factor is nobody's: the middleware takes the user off the request, so that pages, API,
admin and sockets all refuse it without knowing why. Only the pages of the second factor ask `person`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.db.models.signals import m2m_changed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.decorators import sync_and_async_middleware
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as otp_login
from django_otp.models import Device

from carloans.core import audit
from carloans.core.clock import utc_now
from carloans.core.middleware import client_ip
from carloans.core.privacy.index import blind_index
from dashboard import factors
from dashboard.models import StaffSession

SESSION = "staff_session"
NEEDED = "second_factor_needed"
PASSED_AT = "second_factor_at"
TRIES = "second_factor_tries"
#: Wrong codes after which the password has to be typed again; the devices slow their tries down besides.
MOST_TRIES = 10
#: A password alone keeps a session this long: time enough to fetch the telephone.
HALF_SIGNED_IN = timedelta(minutes=10)
#: A session that is in use is written down as seen once in this time and not with every request.
_NOTED_EVERY = timedelta(minutes=1)

#: Whom the trail names for what signals tell of: set for the length of a request.
_actor: ContextVar[str] = ContextVar("staff_actor", default="system")
_spared: ContextVar[str | None] = ContextVar("spared_session", default=None)


def actor_of(user: Any) -> str:
    return f"staff:{user.pk}"


def _note(action: str, user: Any, now: datetime, *, actor: str | None = None, **facts: Any) -> None:
    audit.record(action=action, actor=actor or _actor.get(), subject=f"account:{user.pk}", now=now, facts=facts)


# Beginning


def _began(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    now = utc_now()
    line = StaffSession.objects.create(user=user, started_at=now, seen_at=now, device=_device(request))
    request.session[SESSION] = str(line.pk)
    request.session[NEEDED] = settings.REQUIRE_SECOND_FACTOR or factors.has_any(user)
    request.session.pop(PASSED_AT, None)
    request.session.pop(DEVICE_ID_SESSION_KEY, None)
    if not request.session[NEEDED]:
        _signed_in(user, line, now, "none")


#: Told from the user agent, the more special word first, so that a person knows the own browsers again.
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")
_NAMES = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "Mac"}


def _device(request: HttpRequest) -> str:
    agent = str(request.META.get("HTTP_USER_AGENT", ""))
    found = [next((word for word in words if word in agent), "") for words in (_BROWSERS, _SYSTEMS)]
    return " · ".join(_NAMES.get(word, word) for word in found if word)


def _signed_in(user: Any, line: StaffSession, now: datetime, factor: str) -> None:
    _note("staff.signed_in", user, now, actor=actor_of(user), session=str(line.pk), second_factor=factor)
    running = StaffSession.objects.filter(user=user, ended_at=None).exclude(pk=line.pk).order_by("-started_at")
    for surplus in running[max(settings.STAFF_SESSIONS - 1, 0) :]:
        end(surplus, why="too_many", now=now)


def pass_second_factor(request: HttpRequest, user: Any, device: Device, *, now: datetime) -> None:
    """The session becomes a full one, under a new key."""
    again = PASSED_AT in request.session
    request.user = user
    otp_login(request, device)
    request.session.cycle_key()
    request.session[PASSED_AT] = int(now.timestamp())
    request.session[NEEDED] = True
    request.session.pop(TRIES, None)
    if again:
        _note("staff.second_factor_passed", user, now, actor=actor_of(user), kind=factors.kind_of(device))
    else:
        _signed_in(user, StaffSession.objects.get(pk=request.session[SESSION]), now, factors.kind_of(device))


def is_fresh(request: HttpRequest, *, now: datetime) -> bool:
    """Whether the second factor was shown lately enough for what takes data out or changes who may do what."""
    if not request.session.get(NEEDED):
        return True
    age = now.timestamp() - float(request.session.get(PASSED_AT, 0))
    return age < settings.STAFF_FRESH_SECONDS


# Holding


def person(request: HttpRequest) -> Any:
    """Who has shown the password, with or without the second factor; None for a stranger."""
    half = getattr(request, "half_signed_in", None)
    return half or (request.user if request.user.is_authenticated else None)


def why_ended(line: StaffSession | None, *, passed: bool, now: datetime) -> str:
    """Why this session is over, or nothing while it runs."""
    if line is None or line.ended_at:
        return line.ended_why if line else "unknown"
    if now - line.started_at > timedelta(seconds=settings.STAFF_SESSION_SECONDS):
        return "too_old"
    if now - line.seen_at > timedelta(seconds=settings.STAFF_IDLE_SECONDS):
        return "idle"
    return "" if passed or now - line.started_at < HALF_SIGNED_IN else "no_second_factor"


def _line(session: Any, user: Any) -> StaffSession | None:
    key = session.get(SESSION)
    return StaffSession.objects.filter(pk=key, user_id=user.pk).first() if key else None


def hold(request: HttpRequest, *, now: datetime) -> None:
    """End what is over; take the user off a request whose session lacks its second factor."""
    user: Any = request.user
    if not user.is_authenticated:
        return
    line, passed = _line(request.session, user), _has_passed(request.session, user)
    why = why_ended(line, passed=passed, now=now)
    if why:
        _drop(request, line, why, now)
        return
    if line and now - line.seen_at > _NOTED_EVERY and "part" not in request.GET:
        StaffSession.objects.filter(pk=line.pk).update(seen_at=now)
    request.second_factor_is_fresh = is_fresh(request, now=now)  # type: ignore[attr-defined]
    if not passed:
        request.half_signed_in = user  # type: ignore[attr-defined]
        _nobody(request)


def _has_passed(session: Any, user: Any) -> bool:
    return not session.get(NEEDED, True) or bool(user.is_verified() and session.get(PASSED_AT))


def _drop(request: HttpRequest, line: StaffSession | None, why: str, now: datetime) -> None:
    if line and not line.ended_at:
        end(line, why=why, now=now)
    request.session.flush()
    _nobody(request)


def _nobody(request: HttpRequest) -> None:
    nobody = AnonymousUser()

    async def auser() -> AnonymousUser:
        return nobody

    request.user, request.auser = nobody, auser  # type: ignore[method-assign]


@sync_and_async_middleware
def staff_sessions(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Hold every request that brings a session cookie to the limits above; others pass without a query."""

    def held(request: HttpRequest) -> None:
        if SESSION in request.session or "_auth_user_id" in request.session:
            hold(request, now=utc_now())
            _actor.set(actor_of(request.user) if request.user.is_authenticated else "system")

    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> Any:
            _actor.set("system")
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                await sync_to_async(held)(request)
            return await get_response(request)

        return asynchronous

    def synchronous(request: HttpRequest) -> Any:
        before = _actor.set("system")
        try:
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                held(request)
            return get_response(request)
        finally:
            _actor.reset(before)

    return synchronous


def socket_user(scope: Any, *, now: datetime) -> Any:
    """The staff member behind an open socket, asked anew from the database; None once the session is over."""
    session = scope.get("session")
    key = session.get(SESSION) if session else None
    line = StaffSession.objects.select_related("user").filter(pk=key).first() if key else None
    if line is None or why_ended(line, passed=not session.get(NEEDED, True) or PASSED_AT in session, now=now):
        return None
    user: Any = line.user
    known = constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    passed = not session.get(NEEDED, True) or PASSED_AT in session
    return user if known and passed and user.is_active and user.is_staff else None


# Ending


def end(line: StaffSession, *, why: str, now: datetime) -> None:
    """End one session; its next request and its open sockets find out."""
    if StaffSession.objects.filter(pk=line.pk, ended_at=None).update(ended_at=now, ended_why=why):
        audit.record(
            action="staff.session_ended",
            actor=_actor.get(),
            subject=f"account:{line.user_id}",
            now=now,
            facts={"session": str(line.pk), "why": why},
        )


def end_all(user: Any, *, why: str, now: datetime, but: str | UUID | None = None) -> int:
    """End all sessions of an account, or all but one. Returns how many."""
    running = list(StaffSession.objects.filter(user=user, ended_at=None).exclude(pk=but or UUID(int=0)))
    for line in running:
        end(line, why=why, now=now)
    return len(running)


def running(user: Any, *, now: datetime) -> list[StaffSession]:
    """The account's sessions that still hold, newest first."""
    since = Q(
        seen_at__gt=now - timedelta(seconds=settings.STAFF_IDLE_SECONDS),
        started_at__gt=now - timedelta(seconds=settings.STAFF_SESSION_SECONDS),
    )
    return list(StaffSession.objects.filter(since, user=user, ended_at=None).order_by("-started_at"))


def _signed_out(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    half = getattr(request, "half_signed_in", None)
    who, session = user or half, getattr(request, "session", {})
    if who is None:
        return
    now = utc_now()
    line = str(session.get(SESSION) or UUID(int=0))
    StaffSession.objects.filter(pk=line, ended_at=None).update(ended_at=now, ended_why="signed_out")
    _note("staff.signed_out", who, now, actor=actor_of(who))


# Failing


def axes_username(request: HttpRequest, credentials: Any = None) -> str:
    """What the throttle counts by: a keyed hash, because people type passwords into the wrong field."""
    typed = (credentials or {}).get("username") or request.POST.get("username") or ""
    return blind_index("sign_in", str(typed))


def axes_ip(request: HttpRequest) -> str:
    """The address that the throttle counts by."""
    return client_ip(request)


def _failed(sender: Any, credentials: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """What strangers type is not kept: the trail says which account, if there is one, and nothing else."""
    if not getattr(request, "axes_locked_out", False):
        _record_failure("staff.sign_in_failed", str(credentials.get("username", "")))


def _record_failure(action: str, typed: str) -> None:
    found = get_user_model().objects.filter(username=typed).values_list("pk", flat=True).first()
    subject = f"account:{found}" if found else "account:unknown"
    audit.record(action=action, actor="system", subject=subject, now=utc_now(), facts={})


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """The answer to somebody who tried too often: the same for every name, whether it exists or not."""
    return render(request, "dashboard/locked_out.html", {"minutes": round(settings.AXES_COOLOFF_TIME * 60)}, status=429)


def _locked(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Once, with the try that locks: those that follow while the lock holds would only fill the trail."""
    if getattr(request, "axes_failures_since_start", None):
        _record_failure("staff.locked_out", str(request.POST.get("username", "")))


def second_factor_failed(request: HttpRequest, user: Any, *, now: datetime) -> bool:
    """A wrong code: the trail knows, and after some the session is over. Returns whether it goes on."""
    _note("staff.second_factor_failed", user, now, actor=actor_of(user))
    tries = request.session[TRIES] = request.session.get(TRIES, 0) + 1
    if tries < MOST_TRIES:
        return True
    _drop(request, _line(request.session, user), "too_many_tries", now)
    return False


# Changing


@contextmanager
def spared(session: str | None) -> Iterator[None]:
    """Within it a change of the own password leaves this session running."""
    before = _spared.set(session)
    try:
        yield
    finally:
        _spared.reset(before)


def last_one_is_needed(user: Any) -> bool:
    """Whether the account would be left without the second factor that it must have."""
    return bool(settings.REQUIRE_SECOND_FACTOR) and len(factors.listing(user)) < 2


def forget_factor(request: HttpRequest, *, now: datetime) -> None:
    """After a device was removed: this session rests on one that is left, or on none where none is needed."""
    left = factors.listing(request.user)
    if not left:
        request.session[NEEDED] = settings.REQUIRE_SECOND_FACTOR
        request.session.pop(DEVICE_ID_SESSION_KEY, None)
        return
    device = factors.KINDS[left[0].kind].objects.get(pk=left[0].pk)
    request.session[DEVICE_ID_SESSION_KEY] = device.persistent_id


class EndsSessions:
    """Among the password rules because Django tells these of every change, whichever page or command makes it."""

    def validate(self, password: str, user: Any = None) -> None:
        """Any password is fine here; the other rules judge it."""

    def get_help_text(self) -> str:
        return ""

    def password_changed(self, password: str, user: Any = None) -> None:
        """A new password ends every session. The first one of a new account has nothing to end."""
        if user is None or user.last_login is None:
            return
        now = utc_now()
        _note("staff.password_changed", user, now)
        end_all(user, why="password_changed", now=now, but=_spared.get())


def _groups_changed(sender: Any, instance: Any, action: str, reverse: bool, pk_set: Any, **kwargs: Any) -> None:
    if not action.startswith(("post_", "pre_clear")) or (action == "post_clear"):
        return
    if action != "pre_clear" and not pk_set:
        return
    users = get_user_model().objects.filter(pk__in=pk_set or ()) if reverse else [instance]
    now = utc_now()
    for user in users:
        facts = {"change": action.removeprefix("post_").removeprefix("pre_")}
        groups = [instance.pk] if reverse else sorted(pk_set or ())
        _note("staff.role_changed", user, now, **facts, roles=_names(groups))
        end_all(user, why="role_changed", now=now)


def _names(groups: list[int]) -> list[str]:
    from django.contrib.auth.models import Group

    return sorted(Group.objects.filter(pk__in=groups).values_list("name", flat=True))


def connect() -> None:
    """Listen to Django and to the throttle; called once, when the app is ready."""
    from axes.signals import user_locked_out

    user_logged_in.connect(_began, dispatch_uid="staff began")
    user_logged_out.connect(_signed_out, dispatch_uid="staff signed out")
    user_login_failed.connect(_failed, dispatch_uid="staff failed")
    user_locked_out.connect(_locked, dispatch_uid="staff locked out")
    m2m_changed.connect(_groups_changed, sender=get_user_model().groups.through, dispatch_uid="staff roles")
