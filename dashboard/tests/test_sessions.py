"""Sessions of staff end by themselves, by their owner, by a new password or role; tries at the door are counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.test import Client

from carloans.core.models import AuditEntry
from dashboard import access, roles
from dashboard.models import StaffSession

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def ann(db):
    user = get_user_model().objects.create_user("ann", password=PASSWORD, is_staff=True)
    roles.assign(user, "viewer")
    return user


def sign_in(client, name="ann", password=PASSWORD, **extra):
    return client.post("/ops/sign-in/", {"username": name, "password": password}, **extra)


def browser(user):
    client = Client()
    sign_in(client, user.username)
    return client


def is_in(client):
    return client.get("/ops/").status_code == 200


def trail(action):
    return AuditEntry.objects.filter(action=action)


def test_signing_in_takes_a_new_session_key(ann):
    client = Client()
    client.get("/ops/sign-in/")
    session = client.session
    session["marked"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    sign_in(client)
    assert client.session.session_key != session.session_key


@pytest.mark.parametrize("age", [{"seen_at": 31}, {"started_at": 12 * 60 + 1}], ids=["idle", "old"])
def test_a_session_ends_by_itself(ann, now, age):
    client = browser(ann)
    assert is_in(client)
    [(field, minutes)] = age.items()
    StaffSession.objects.update(**{field: now - timedelta(minutes=minutes)})
    assert not is_in(client)
    assert client.get("/api/v1/leads/").status_code == 403
    assert trail("staff.session_ended").get().facts["why"] == {"seen_at": "idle", "started_at": "too_old"}[field]


def test_use_keeps_it_and_what_a_page_fetches_by_itself_does_not(ann, now):
    client = browser(ann)
    long_ago = now - timedelta(minutes=20)
    StaffSession.objects.update(seen_at=long_ago)
    client.get("/ops/?part=figures")
    assert StaffSession.objects.get().seen_at == long_ago
    client.get("/ops/")
    assert StaffSession.objects.get().seen_at > long_ago


def test_the_door_leads_on_whoever_is_in(ann):
    assert browser(ann).get("/ops/sign-in/").headers["Location"] == "/ops/"


def test_the_oldest_of_too_many_ends(ann):
    clients = [browser(ann) for _ in range(4)]
    assert [is_in(client) for client in clients] == [False, True, True, True]


def test_a_person_ends_one_session_and_all_others(ann, now):
    here, phone, office = (browser(ann) for _ in range(3))
    page = here.get("/ops/account/").content.decode()
    assert page.count("End this one") == 2
    line = StaffSession.objects.order_by("-started_at")[1]
    here.post(f"/ops/account/sessions/{line.pk}/end/")
    assert [is_in(client) for client in (here, phone, office)] == [True, False, True]
    here.post("/ops/account/sessions/end/")
    assert [is_in(client) for client in (here, office)] == [True, False]


def test_nobody_ends_a_session_of_somebody_else(ann):
    eve = get_user_model().objects.create_user("eve", password=PASSWORD, is_staff=True)
    roles.assign(eve, "admin")
    ann_browser, eve_browser = browser(ann), browser(eve)
    line = StaffSession.objects.get(user=ann)
    assert eve_browser.post(f"/ops/account/sessions/{line.pk}/end/").status_code == 404
    assert is_in(ann_browser)


def test_a_new_password_ends_all_but_the_session_that_chose_it(ann):
    here, elsewhere = browser(ann), browser(ann)
    form = {
        "old_password": PASSWORD,
        "new_password1": "quite another pass phrase",
        "new_password2": "quite another pass phrase",
    }
    assert (
        here.post("/ops/account/password/", form | {"new_password1": "short", "new_password2": "short"}).status_code
        == 400
    )
    assert here.post("/ops/account/password/", form).status_code == 302
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert trail("staff.password_changed").get().actor == f"staff:{ann.pk}"


def test_another_role_ends_every_session_and_is_on_the_trail(ann):
    client = browser(ann)
    roles.assign(ann, "manager")
    assert not is_in(client)
    facts = [entry.facts for entry in trail("staff.role_changed").order_by("id")]
    assert {"change": "remove", "roles": ["viewer"]} in facts
    assert {"change": "add", "roles": ["manager"]} in facts


def test_signing_in_and_out_is_on_the_trail(ann):
    client = browser(ann)
    client.post("/ops/sign-out/")
    entries = AuditEntry.objects.filter(action__in=["staff.signed_in", "staff.signed_out"]).order_by("id")
    assert [(entry.action, entry.actor, entry.subject) for entry in entries] == [
        ("staff.signed_in", f"staff:{ann.pk}", f"account:{ann.pk}"),
        ("staff.signed_out", f"staff:{ann.pk}", f"account:{ann.pk}"),
    ]
    assert StaffSession.objects.get().ended_why == "signed_out"


# The door


@pytest.mark.parametrize("name", ["ann", "nobody-of-this-name"])
def test_too_many_tries_lock_the_name_from_that_address_whether_it_exists_or_not(ann, name, settings):
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert sign_in(client, name, "guess").status_code == 200
    locked = sign_in(client, name, "guess")
    assert locked.status_code == 429
    assert "too many tries" in locked.content.decode()
    assert sign_in(client, name).status_code == 429
    sign_in(client, name)
    assert trail("staff.locked_out").count() == 1
    assert trail("staff.sign_in_failed").count() == settings.AXES_FAILURE_LIMIT - 1


def test_a_lock_does_not_keep_the_owner_out_elsewhere(ann, settings):
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "ann", "guess")
    assert sign_in(Client(), REMOTE_ADDR="203.0.113.9").status_code == 302


def test_the_answer_does_not_tell_whether_a_name_exists(ann):
    gone = get_user_model().objects.create_user("gone", password=PASSWORD, is_staff=True, is_active=False)
    answers = {
        sign_in(Client(), name, "guess").content.decode().split("csrf")[0] for name in ("ann", "nobody", gone.username)
    }
    assert len(answers) == 1


def test_the_password_is_hashed_once_for_names_that_exist_and_for_those_that_do_not(ann, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    calls = []
    original = MD5PasswordHasher.encode

    def counted(self, password, salt):
        calls.append(password)
        return original(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    costs = []
    for name in ("ann", "nobody"):
        calls.clear()
        sign_in(Client(), name, "guess")
        costs.append(len(calls))
    assert costs[0] == costs[1] > 0


def test_what_strangers_type_is_kept_nowhere(ann):
    sign_in(Client(), "my-secret-passw0rd", "another-guess")
    stored = str(list(AccessAttempt.objects.values())) + str(list(AuditEntry.objects.values()))
    assert "my-secret-passw0rd" not in stored
    assert "another-guess" not in stored
    assert trail("staff.sign_in_failed").get().subject == "account:unknown"


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012345"])
def test_weak_passwords_are_refused(ann, password):
    form = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert browser(ann).post("/ops/account/password/", form).status_code == 400


def test_a_session_without_its_line_is_nobodys(ann):
    client = browser(ann)
    StaffSession.objects.all().delete()
    assert not is_in(client)


def test_visitors_cost_no_query(client, django_assert_num_queries, settings):
    from django.http import HttpResponse
    from django.test import RequestFactory

    with django_assert_num_queries(0):
        access.staff_sessions(lambda request: HttpResponse())(RequestFactory().get("/"))


_CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "shown"),
    [(_CHROME, "Chrome · Linux"), (f"{_CHROME} Edg/131.0", "Edge · Linux"), ("curl/8", "unknown")],
    ids=["chrome", "edge", "other"],
)
def test_the_list_of_sessions_names_the_browser(ann, agent, shown):
    client = Client(headers={"user-agent": agent})
    sign_in(client)
    assert shown in client.get("/ops/account/").content.decode()
