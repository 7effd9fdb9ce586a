"""Staff access: each role opens what its line of the table says, masks hold for everybody, and each reveal is recorded.

The tables below are written by hand on purpose. A route or a table of the database that is new and not listed here
fails the test, so that nobody forgets to decide who may see it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from import_export.mixins import BaseExportMixin

from carloans.core.models import AuditEntry
from dashboard import roles
from dashboard.tests.rows import SECRETS, story
from leads.export import cell
from leads.tests.factories import make_lead
from visitors.tests.factories import KnownVisitorFactory

pytestmark = pytest.mark.django_db

VIEWERS = ("viewer", "agent", "manager", "compliance", "admin")
WORKERS = ("agent", "manager", "compliance", "admin")
LEADERS = ("manager", "compliance", "admin")
EDITORS = ("manager", "admin")
WATCHERS = ("compliance", "admin")
ADMIN = ("admin",)
#: Any signed-in staff: the own account, with a role or without.
STAFF = (*VIEWERS, "none")
#: Open to strangers, who get in by what they bring: a signature, a token, a password.
OPEN = ("open",)

#: Every route that is neither the admin's nor a simulated provider's.
ROUTES: dict[str, tuple[str, ...]] = {
    "/healthz": OPEN,
    "/readyz": OPEN,
    "/metrics": OPEN,
    "/favicon.ico": OPEN,
    "/i18n/setlang/": OPEN,
    "/api/schema/": OPEN,
    "/": OPEN,
    "/start-over": OPEN,
    "/embed.js": OPEN,
    "/r/<str:token>": OPEN,
    "/u/<str:token>": OPEN,
    "/privacy/<str:token>": OPEN,
    "/privacy/confirm/<str:token>": OPEN,
    "/webhooks/mailgun/": OPEN,
    "/webhooks/flexpath/": OPEN,
    "/webhooks/buyers/<slug:slug>/": OPEN,
    "/api/v1/events": OPEN,
    "/api/v1/applications": OPEN,
    "/api/v1/conversations": OPEN,
    "/api/v1/conversations/<uuid:conversation_id>/messages": OPEN,
    "/api/v1/conversations/tickets": OPEN,
    "/api/v1/leads/": VIEWERS,
    "/api/v1/leads/<uuid:lead_id>/": VIEWERS,
    "/api/v1/leads/export": LEADERS,
    "/ops/sign-in/": OPEN,
    "/ops/sign-in/second-factor/": OPEN,
    "/ops/sign-in/key/begin/": OPEN,
    "/ops/sign-in/key/complete/": OPEN,
    "/ops/sign-out/": OPEN,
    "/ops/account/": STAFF,
    "/ops/account/enrol/": STAFF,
    "/ops/account/enrol/picture.svg": STAFF,
    "/ops/account/enrol/key/begin/": STAFF,
    "/ops/account/enrol/key/complete/": STAFF,
    "/ops/account/codes/": STAFF,
    "/ops/account/factors/<slug:kind>/<int:pk>/remove/": STAFF,
    "/ops/account/sessions/<uuid:session_id>/end/": STAFF,
    "/ops/account/sessions/end/": STAFF,
    "/ops/account/password/": STAFF,
    "/ops/": VIEWERS,
    "/ops/leads/": VIEWERS,
    "/ops/leads/<uuid:lead_id>/": VIEWERS,
    "/ops/applications/": VIEWERS,
    "/ops/mail/": VIEWERS,
    "/ops/mail/<uuid:message_id>/": VIEWERS,
    "/ops/mail/<uuid:message_id>/body/": VIEWERS,
    "/ops/conversations/": VIEWERS,
    "/ops/conversations/<uuid:conversation_id>/": VIEWERS,
    "/ops/inbox/": VIEWERS,
    "/ops/inbox/rows/": VIEWERS,
    "/ops/inbox/search/": WORKERS,
    "/ops/inbox/desk/": WORKERS,
    "/ops/inbox/check/": WORKERS,
    "/ops/inbox/<uuid:conversation_id>/": VIEWERS,
    "/ops/inbox/<uuid:conversation_id>/print/": WORKERS,
    "/ops/inbox/<uuid:conversation_id>/<slug:act>/": WORKERS,
    "/ops/runs/": VIEWERS,
    "/ops/runs/<uuid:run_id>/": VIEWERS,
    "/ops/runs/<uuid:run_id>/replay/": EDITORS,
    "/ops/prompts/": VIEWERS,
    "/ops/prompts/compare/": VIEWERS,
    "/ops/prompts/lab/": EDITORS,
    "/ops/reveal/<slug:kind>/<uuid:subject>/": WORKERS,
    "/ops/notices/": VIEWERS,
    "/ops/notices/<uuid:duty_id>/": VIEWERS,
    "/ops/notices/<uuid:duty_id>/<slug:act>/": LEADERS,
    "/ops/switches/": VIEWERS,
    "/ops/switches/flip/": LEADERS,
    "/ops/audit/": WATCHERS,
    "/ops/people/<uuid:visitor_id>/": WATCHERS,
    "/ops/leads/<uuid:lead_id>/timeline/": WATCHERS,
    "/ops/conversations/<uuid:conversation_id>/timeline/": WATCHERS,
    "/ops/consents/<uuid:consent_id>.json": WATCHERS,
    "/ops/consents/<uuid:consent_id>.html": WATCHERS,
}

#: Every table of the admin: who reads it, and who may add or change rows.
TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "auth.group": (ADMIN, ()),
    "auth.user": (ADMIN, ADMIN),
    "axes.accessattempt": (ADMIN, ()),
    "axes.accessfailurelog": (ADMIN, ()),
    "axes.accesslog": (ADMIN, ()),
    "campaigns.campaign": (VIEWERS, EDITORS),
    "campaigns.enrollment": (VIEWERS, ()),
    "campaigns.message": (VIEWERS, ()),
    "campaigns.messageevent": (VIEWERS, ()),
    "campaigns.pace": (VIEWERS, ()),
    "campaigns.step": (VIEWERS, EDITORS),
    "campaigns.suppression": (LEADERS, ()),
    "campaigns.webhooktoken": (ADMIN, ()),
    "cathy.agentrun": (VIEWERS, ()),
    "cathy.dailyspending": (VIEWERS, ()),
    "cathy.runrecording": (VIEWERS, ()),
    "cathy.compiledprompt": (VIEWERS, ()),
    "cathy.promptevaluation": (VIEWERS, ()),
    "cathy.promptversion": (VIEWERS, EDITORS),
    "cathy.toolcall": (VIEWERS, ()),
    "cathy.verdict": (VIEWERS, ()),
    "chat.cannedreply": (VIEWERS, EDITORS),
    "chat.conversation": (VIEWERS, ()),
    "chat.conversationtag": (VIEWERS, ()),
    "chat.desk": (VIEWERS, ()),
    "chat.handoff": (VIEWERS, ()),
    "chat.message": (VIEWERS, ()),
    "chat.servicehours": (VIEWERS, EDITORS),
    "chat.rating": (VIEWERS, ()),
    "chat.sessionitem": (VIEWERS, ()),
    "chat.staffnote": (VIEWERS, ()),
    "chat.viewing": (VIEWERS, ()),
    "core.auditentry": (WATCHERS, ()),
    "core.auditseal": (WATCHERS, ()),
    "core.auditsealmember": (WATCHERS, ()),
    "core.erasure": (WATCHERS, ()),
    "core.erasurekey": (WATCHERS, ()),
    "core.errorrecord": (VIEWERS, ()),
    "core.feedevent": (VIEWERS, ()),
    "core.heartbeat": (VIEWERS, ()),
    "core.legalhold": (WATCHERS, WATCHERS),
    "core.purgerun": (WATCHERS, ()),
    "core.switch": (VIEWERS, ()),
    "core.vaultvalue": (WATCHERS, ()),
    "credit.creditcheck": (VIEWERS, ()),
    "credit.creditconsent": (VIEWERS, ()),
    "credit.noticeduty": (VIEWERS, ()),
    "credit.noticemail": (VIEWERS, ()),
    "credit.noticepolicy": (VIEWERS, WATCHERS),
    "credit.noticeproof": (VIEWERS, ()),
    "credit.providerevent": (VIEWERS, ()),
    "dashboard.authenticator": (ADMIN, ()),
    "dashboard.recoverycode": (ADMIN, ()),
    "dashboard.recoveryset": (ADMIN, ()),
    "dashboard.staffsession": (ADMIN, ()),
    "django_celery_beat.clockedschedule": (ADMIN, ()),
    "django_celery_beat.crontabschedule": (ADMIN, ()),
    "django_celery_beat.intervalschedule": (ADMIN, ()),
    "django_celery_beat.periodictask": (ADMIN, ADMIN),
    "django_celery_beat.solarschedule": (ADMIN, ()),
    "django_otp_webauthn.webauthnattestation": (ADMIN, ()),
    "django_otp_webauthn.webauthncredential": (ADMIN, ()),
    "leads.buyer": (VIEWERS, EDITORS),
    "leads.disposition": (VIEWERS, ()),
    "leads.lead": (VIEWERS, ()),
    "leads.submission": (VIEWERS, ()),
    "leads.submissionattempt": (VIEWERS, ()),
    "visitors.application": (VIEWERS, ()),
    "visitors.assessment": (VIEWERS, ()),
    "visitors.consent": (VIEWERS, ()),
    "visitors.consentwithdrawal": (VIEWERS, ()),
    "visitors.event": (VIEWERS, ()),
    "visitors.privacylink": (WATCHERS, ()),
    "visitors.privacyproof": (WATCHERS, ()),
    "visitors.privacyrequest": (WATCHERS, ()),
    "visitors.saleoptout": (WATCHERS, ()),
    "visitors.returnlink": (VIEWERS, ()),
    "visitors.site": (VIEWERS, EDITORS),
    "visitors.visitor": (VIEWERS, ()),
}
_INSIDE = ("/admin/", "/^sandbox")


def routes(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        else:
            yield here


def ours() -> set[str]:
    return {route for route in routes(get_resolver().url_patterns) if not route.startswith(_INSIDE)}


def browser(role: str) -> Client:
    """The browser of somebody in this role; "none" is staff without one."""
    user = get_user_model().objects.create_user(role, is_staff=True)
    if role != "none":
        roles.assign(user, role)
    client = Client()
    client.force_login(user)
    return client


def address(route: str) -> str:
    for mark, value in (
        ("uuid", str(UUID(int=7))),
        ("int", "7"),
        ("slug:kind", "mail"),
        ("slug", "nothing"),
        ("str", "x"),
    ):
        route = re.sub(rf"<{mark}[^>]*>", value, route)
    return route


# Roles


def test_every_route_stands_in_the_table():
    assert ours() - set(ROUTES) == set()


def test_every_table_of_the_admin_stands_in_the_table():
    assert {model._meta.label_lower for model in django_admin.site._registry} - set(TABLES) == set()


@pytest.mark.parametrize("role", STAFF)
def test_each_role_opens_what_the_table_says_and_nothing_else(role):
    client, wrong = browser(role), []
    for route in sorted(ours()):
        allowed = ROUTES[route]
        if allowed == OPEN:
            continue
        refused = {client.get(address(route)).status_code, client.post(address(route)).status_code} == {403}
        if refused == (role in allowed):
            wrong.append((route, role))
    assert wrong == []


@pytest.mark.slow
def test_a_stranger_opens_none_of_it():
    for route in sorted(ours()):
        if ROUTES[route] == OPEN:
            continue
        for answer in (Client().get(address(route)), Client().post(address(route))):
            assert answer.status_code in {302, 403}, route
            assert answer.status_code == 403 or answer["Location"].startswith("/ops/sign-in/"), route


@pytest.mark.slow
@pytest.mark.parametrize("role", STAFF)
def test_each_role_reads_and_edits_the_tables_that_it_should(role):
    client, wrong = browser(role), []
    for model in django_admin.site._registry:
        label = model._meta.label_lower
        readers, editors = TABLES[label]
        name = f"admin:{label.replace('.', '_')}"
        if (client.get(reverse(f"{name}_changelist")).status_code == 200) != (role in readers):
            wrong.append(("read", label))
        if client.get(reverse(f"{name}_add")).status_code == 200 and role not in editors:
            wrong.append(("edit", label))
    assert wrong == []


@pytest.mark.parametrize(
    ("role", "label"),
    [
        ("manager", "campaigns.campaign"),
        ("manager", "cathy.promptversion"),
        ("manager", "leads.buyer"),
        ("manager", "visitors.site"),
        ("admin", "auth.user"),
    ],
)
def test_those_who_should_edit_can(role, label):
    assert browser(role).get(reverse(f"admin:{label.replace('.', '_')}_add")).status_code == 200


def test_the_roles_are_groups_and_making_them_again_changes_nothing(django_assert_num_queries):
    before = {group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()}
    assert set(roles.ROLES) <= set(before)
    Group.objects.get(name="viewer").permissions.clear()
    roles.sync("default")
    roles.sync("default")
    assert {group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()} == before


def test_an_account_is_made_from_the_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    call_command("create_staff", "bea", role="compliance", stdout=io.StringIO())
    user = get_user_model().objects.get(username="bea")
    assert (user.is_staff, user.is_superuser, roles.roles_of(user)) == (True, False, ["compliance"])
    assert user.check_password("a long enough password")
    call_command("create_staff", "bea", role="viewer", stdout=io.StringIO())
    assert roles.roles_of(user) == ["viewer"]
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError):
        call_command("create_staff", "cy", role="viewer", stdout=io.StringIO())
    assert not get_user_model().objects.filter(username="cy").exists()


def test_an_administrator_makes_no_superuser_and_touches_none(django_user_model):
    root = django_user_model.objects.create_superuser("root", password="a long enough password")
    client = browser("admin")
    page = client.get(f"/admin/auth/user/{root.pk}/change/")
    assert 'name="_save"' not in page.content.decode()
    assert client.post(f"/admin/auth/user/{root.pk}/change/", {"username": "mine"}).status_code == 403
    ann = django_user_model.objects.create_user("ann", is_staff=True)
    form = {"username": "ann", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert client.post(f"/admin/auth/user/{ann.pk}/change/", form).status_code == 302
    ann.refresh_from_db()
    assert not ann.is_superuser


# Masks and reveals


def staff_pages(client: Client) -> Iterator[str]:
    """Every page that this browser can open: those of the room, and each table of the admin with a row of it."""
    told = story_ids()
    for route in sorted(ours()):
        if ROUTES[route] != OPEN and "account" not in route:
            yield from (fill(route, one) for one in told)
    for model in django_admin.site._registry:
        name = f"admin:{model._meta.label_lower.replace('.', '_')}"
        yield reverse(f"{name}_changelist")
        row = model._default_manager.first()
        if row is not None:
            yield reverse(f"{name}_change", args=[row.pk])


def story_ids() -> list[Any]:
    from carloans.core.clock import utc_now

    told = story(utc_now())
    return [told.lead, told.mail, told.conversation, told.run, told.visitor]


def fill(route: str, one: UUID) -> str:
    return address(re.sub(r"<uuid[^>]*>", str(one), route))


@pytest.mark.slow
@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_no_page_shows_contact_data_that_nobody_revealed(role):
    client, opened, leaks = browser(role), 0, []
    for path in dict.fromkeys(staff_pages(client)):
        if path == "/api/v1/leads/export":
            continue
        answer = client.get(path)
        if answer.status_code != 200 or answer.streaming:
            continue
        opened += 1
        leaks += [(path, secret) for secret in SECRETS if secret in answer.content.decode()]
    assert leaks == []
    assert opened > 60
    assert not AuditEntry.objects.filter(action="pii.revealed").exists()


@pytest.mark.parametrize(
    ("kind", "secret"), [("lead", "+15551234567"), ("mail", "@gmail.com"), ("conversation", "555-123-4567")]
)
def test_every_reveal_has_a_reason_and_a_row_and_a_viewer_has_none(now, kind, secret):
    subject = getattr(story(now), kind)
    page = reverse(f"dashboard:{'inbox_talk' if kind == 'conversation' else kind}", args=[subject])
    path = f"/ops/reveal/{kind}/{subject}/"
    viewer, agent = browser("viewer"), browser("agent")
    assert viewer.post(path, {"reason": "complaint"}).status_code == 403
    assert 'class="reveal"' not in viewer.get(page).content.decode()
    assert 'class="reveal"' in agent.get(page).content.decode()
    assert agent.post(path, {"reason": ""}).status_code == 400
    assert not AuditEntry.objects.filter(action="pii.revealed").exists()
    agent.post(path, {"reason": "complaint"})
    [row] = AuditEntry.objects.filter(action="pii.revealed")
    assert (row.subject, row.facts) == (f"{kind}:{subject}", {"reason": "complaint"})
    shown = agent.get(page).content.decode() + agent.get(f"{page}body/").content.decode()
    assert secret in shown
    assert secret not in viewer.get(page).content.decode()


# Exports


def test_an_export_is_for_those_who_may_and_says_how_much_of_what_left():
    make_lead(visitor=KnownVisitorFactory())
    for role in ("viewer", "agent"):
        assert browser(role).get("/api/v1/leads/export").status_code == 403
    assert not AuditEntry.objects.filter(action="lead.exported").exists()
    answer = browser("manager").get("/api/v1/leads/export?format=jsonl&status=accepted&since=2020-01-01T00:00:00Z")
    assert answer.status_code == 200
    [row] = AuditEntry.objects.filter(action="lead.exported")
    filters = {"format": "jsonl", "status": "accepted", "since": "2020-01-01T00:00:00+00:00"}
    assert row.facts == {**filters, "rows": 0, "via": "api"}
    browser("compliance").get("/api/v1/leads/export?format=csv")
    assert AuditEntry.objects.filter(action="lead.exported").latest("id").facts["rows"] == 1


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("text", FORMULAS, ids=range(len(FORMULAS)))
def test_no_exported_cell_begins_as_a_formula(text):
    buffer = io.StringIO()
    csv.writer(buffer).writerow([cell(text)])
    [[shown]] = csv.reader(io.StringIO(buffer.getvalue(), newline=""))
    assert shown.startswith("'")
    assert shown[1:] == text


def test_no_table_of_the_admin_has_an_export_of_its_own():
    """The library's own escape knows "=" alone: a table that gets an export must pass its cells through ours."""
    exporting = [model for model, shown in django_admin.site._registry.items() if isinstance(shown, BaseExportMixin)]
    assert exporting == []


# Headers


@pytest.mark.parametrize(
    "route", [*sorted(route for route, who in ROUTES.items() if who != OPEN), "/admin/", "/admin/leads/lead/"]
)
def test_pages_of_staff_are_kept_by_nobody_framed_by_nobody_and_run_no_inline_script(route):
    answer = browser("admin").get(address(route))
    policy = answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert "unsafe" not in policy or (route.endswith("/body/") and "default-src 'none'" in policy)
    assert "default-src 'self'" in policy or "default-src 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Frame-Options"] == "DENY" or route.endswith("/body/")


def test_cookies_stay_with_the_browser_and_this_site(client):
    password = "a long enough password"
    get_user_model().objects.create_user("ann", password=password, is_staff=True)
    client.get("/ops/sign-in/")
    client.post("/ops/sign-in/", {"username": "ann", "password": password})
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def test_json_of_the_api_is_masked_for_everybody(now):
    told = story(now)
    for role in ("viewer", "admin"):
        client = browser(role)
        for path in ("/api/v1/leads/", f"/api/v1/leads/{told.lead}/"):
            text = json.dumps(client.get(path).json())
            assert not [secret for secret in SECRETS if secret in text]
