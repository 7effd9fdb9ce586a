"""Who needs a second factor does not get in without it; codes are right, fresh and used once; tries are slowed."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.auth import get_user_model
from django.test import Client
from django_otp.oath import TOTP

from carloans.core.models import AuditEntry
from dashboard import access, factors, roles
from dashboard.models import Authenticator, RecoveryCode

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
PAGES = ["/ops/", "/ops/leads/", "/admin/", "/admin/leads/lead/", "/ops/account/"]


@pytest.fixture
def required(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def ann(db):
    user = get_user_model().objects.create_user("ann", password=PASSWORD, is_staff=True)
    roles.assign(user, "admin")
    return user


def give_password(client, path="/ops/leads/"):
    return client.post("/ops/sign-in/", {"username": "ann", "password": PASSWORD, "next": path})


def code_of(device, *, step=0):
    totp = TOTP(bytes.fromhex(device.secret))
    totp.time = time.time() + step * 30
    return f"{totp.token():06d}"


def app_of(user):
    return Authenticator.objects.create(user=user, name="app", secret="3132333435363738393031323334353637383930")


def actions():
    return list(AuditEntry.objects.filter(action__startswith="staff.second").values_list("action", flat=True))


def test_a_password_alone_opens_nothing_where_a_second_factor_is_required(client, ann, required):
    assert give_password(client)["Location"].startswith("/ops/sign-in/second-factor/")
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 302, page
        assert "sign-in" in answer["Location"] or "login" in answer["Location"], page
    assert client.get("/api/v1/leads/").status_code == 403
    assert client.get("/api/v1/leads/export").status_code == 403


def test_even_a_session_made_behind_the_door_is_nobodys(ann, required):
    client = Client()
    client.force_login(ann)
    assert client.get("/ops/").status_code == 302
    assert client.get("/admin/leads/lead/").status_code == 302
    assert client.get("/api/v1/leads/").status_code == 403


def test_the_first_sign_in_sets_up_an_app_and_shows_recovery_codes_once(client, ann, required):
    give_password(client)
    page = client.get("/ops/sign-in/second-factor/?next=/ops/leads/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/ops/account/enrol/")
    waiting = Authenticator.objects.get(user=ann, confirmed=False)
    assert factors.typed_secret(waiting) in page.content.decode()
    picture = client.get("/ops/account/enrol/picture.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    assert client.post("/ops/account/enrol/", {"code": "000000"}).status_code == 400
    Authenticator.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    done = client.post("/ops/account/enrol/", {"code": code_of(waiting), "next": "/ops/leads/"})
    assert done["Location"] == "/ops/account/codes/"
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", client.post("/ops/account/codes/").content.decode())
    assert len(set(codes)) == 10
    assert client.get("/ops/leads/").status_code == 200
    assert not re.search(r"<code>\w{5}-\w{5}</code>", client.get("/ops/account/codes/").content.decode())
    assert actions() == ["staff.second_factor_added"]


def test_a_right_code_opens_the_door_once(client, ann, required):
    device = app_of(ann)
    give_password(client)
    before = client.session.session_key
    code = code_of(device)
    answer = client.post("/ops/sign-in/second-factor/", {"code": code, "next": "/ops/leads/"})
    assert answer["Location"] == "/ops/leads/"
    assert client.session.session_key != before
    assert client.get("/ops/leads/").status_code == 200
    other = Client()
    give_password(other)
    assert other.post("/ops/sign-in/second-factor/", {"code": code}).status_code == 403
    assert other.get("/ops/leads/").status_code == 302


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_clock_half_a_minute_off_is_forgiven(client, ann, required, step):
    device = app_of(ann)
    give_password(client)
    assert client.post("/ops/sign-in/second-factor/", {"code": code_of(device, step=step)}).status_code == 302


@pytest.mark.parametrize("code", ["", "000000", "12345", "1234567", "abcdef", "１２３４５６", "-00001"])
def test_a_wrong_code_opens_nothing_and_is_written_down(client, ann, required, code):
    app_of(ann)
    give_password(client)
    assert client.post("/ops/sign-in/second-factor/", {"code": code}).status_code == 403
    assert client.get("/ops/").status_code == 302
    assert actions() == ["staff.second_factor_failed"]


def test_after_a_wrong_code_the_right_one_waits(client, ann, required):
    device = app_of(ann)
    give_password(client)
    client.post("/ops/sign-in/second-factor/", {"code": "000000"})
    assert client.post("/ops/sign-in/second-factor/", {"code": code_of(device)}).status_code == 403
    Authenticator.objects.update(throttling_failure_timestamp=None)
    assert client.post("/ops/sign-in/second-factor/", {"code": code_of(device)}).status_code == 302


def test_too_many_wrong_codes_end_the_session(client, ann, required):
    app_of(ann)
    give_password(client)
    for _ in range(access.MOST_TRIES - 1):
        assert client.post("/ops/sign-in/second-factor/", {"code": "000000"}).status_code == 403
    assert client.post("/ops/sign-in/second-factor/", {"code": "000000"})["Location"] == "/ops/sign-in/"
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_works_once_and_is_kept_as_a_hash(client, ann, required):
    app_of(ann)
    codes = factors.new_codes(ann)
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not {code for code in codes if code in kept or code.replace("-", "") in kept}
    give_password(client)
    assert client.post("/ops/sign-in/second-factor/", {"code": f" {codes[0].upper()} "}).status_code == 302
    other = Client()
    give_password(other)
    assert other.post("/ops/sign-in/second-factor/", {"code": codes[0]}).status_code == 403
    assert factors.codes_left(ann) == 9


def test_nobody_adds_a_device_to_an_account_that_has_one_without_showing_it(client, ann, required):
    app_of(ann)
    give_password(client)
    assert "second-factor" in client.get("/ops/account/enrol/")["Location"]
    assert client.post("/ops/account/enrol/key/begin/", "{}", content_type="application/json").status_code == 403
    assert client.post("/ops/account/codes/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/ops/sign-in/key/begin/", "/ops/sign-in/key/complete/", "/ops/account/enrol/key/begin/"]
)
def test_a_stranger_begins_no_ceremony(client, path):
    assert client.post(path, "{}", content_type="application/json").status_code == 403


def test_who_has_enrolled_is_asked_even_where_nothing_is_required(client, ann):
    app_of(ann)
    assert "second-factor" in give_password(client)["Location"]
    assert client.get("/ops/").status_code == 302


def test_revealing_and_exporting_ask_again_after_a_while(client, ann, required, settings):
    device = app_of(ann)
    give_password(client)
    client.post("/ops/sign-in/second-factor/", {"code": code_of(device)})
    session = client.session
    session[access.PASSED_AT] -= settings.STAFF_FRESH_SECONDS + 1
    session.save()
    assert client.get("/ops/leads/").status_code == 200
    assert client.get("/api/v1/leads/export").status_code == 403
    assert "second-factor" in client.get("/admin/auth/user/add/")["Location"]
    assert "second-factor" in client.get(f"/admin/auth/user/{ann.pk}/password/")["Location"]
    asked = client.post("/ops/reveal/mail/6f1f9f0e-6a3f-4a6b-9a66-0f1d8c1c9d11/", {"reason": "demo"})
    assert "second-factor" in asked["Location"]


def test_the_only_device_stays_where_one_is_required(client, ann, required):
    device = app_of(ann)
    give_password(client)
    client.post("/ops/sign-in/second-factor/", {"code": code_of(device)})
    path = f"/ops/account/factors/app/{device.pk}/remove/"
    assert client.post(path).status_code == 400
    second = app_of(ann)
    assert client.post(path).status_code == 302
    assert [one.pk for one in factors.listing(ann)] == [second.pk]


def test_the_secret_is_not_in_the_database(ann):
    from django.db import connection

    device = app_of(ann)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM dashboard_authenticator")
        assert device.secret not in cursor.fetchone()[0]


_ASK = (
    "from django.conf import settings as s; "
    "print(s.REQUIRE_SECOND_FACTOR, s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_NAME, "
    "s.SECURE_HSTS_SECONDS)"
)


def test_production_requires_it_and_keeps_cookies_to_itself(tmp_path):
    secrets = {"SECRET_KEY": "x" * 60, "BLIND_INDEX_KEY": "y" * 60, "FIELD_ENCRYPTION_KEYS": "M" * 43 + "="}
    environment = {"DJANGO_SETTINGS_MODULE": "carloans.settings", "ENV_FILE": "", "ENVIRONMENT": "production"}
    told = subprocess.run(
        [sys.executable, "-c", _ASK],
        env={**environment, **secrets, "PATH": "", "PYTHONPATH": str(project.BASE_DIR), "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.split() == ["True", "__Host-session", "True", "__Host-csrf", "31536000"], told.stderr
