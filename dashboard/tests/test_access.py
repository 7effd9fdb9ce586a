"""The operations room is for signed-in staff: nobody else sees a page, a fragment or the socket."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, reverse

from dashboard import roles, urls

pytestmark = pytest.mark.django_db
_OPEN = {"sign_in", "sign_out", "second_factor", "key_begin", "key_complete", "key_add_begin", "key_add_complete"}
#: Their own way to the door: tests of the second factor hold them.
_OPEN |= {"enrol", "enrol_picture"}


def address(pattern: URLPattern) -> str:
    values: dict[str, object] = {"kind": "mail", "pk": 7}
    names = pattern.pattern.converters
    return reverse(f"dashboard:{pattern.name}", kwargs={name: values.get(name, UUID(int=7)) for name in names})


def ann(**changes):
    user = get_user_model().objects.create_user("ann", is_staff=True, **changes)
    roles.assign(user, "viewer")
    return user


GUARDED = [address(pattern) for pattern in urls.urlpatterns if pattern.name not in _OPEN]


@pytest.mark.parametrize("path", GUARDED)
def test_a_stranger_is_sent_to_the_door(client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/ops/sign-in/?next={path}"


@pytest.mark.parametrize("path", GUARDED)
def test_a_user_who_is_not_staff_is_refused_and_told_so(path):
    client = Client()
    client.force_login(get_user_model().objects.create_user("bob"))
    answer = client.get(path)
    assert answer.status_code == 403
    assert "for staff only" in answer.content.decode()


def test_a_stranger_cannot_reveal(client):
    path = reverse("dashboard:reveal", args=["mail", uuid4()])
    assert client.post(path, {"reason": "demo"})["Location"].startswith("/ops/sign-in/")


def test_the_door_opens_with_the_password_and_only_with_it(client):
    ann(password="long-enough-1")
    wrong = client.post("/ops/sign-in/", {"username": "ann", "password": "guess"})
    assert wrong.status_code == 200
    assert "do not match" in wrong.content.decode()
    form = {"username": "ann", "password": "long-enough-1", "next": "/ops/leads/"}
    right = client.post("/ops/sign-in/", form)
    assert right["Location"] == "/ops/leads/"
    assert client.get("/ops/leads/").status_code == 200


def test_the_door_does_not_lead_to_another_site(client):
    ann(password="long-enough-1")
    form = {"username": "ann", "password": "long-enough-1", "next": "https://evil.example/"}
    assert client.post("/ops/sign-in/", form)["Location"] == "/ops/"


def test_signing_out_needs_a_press(staff):
    assert staff.get("/ops/sign-out/").status_code == 405
    assert staff.post("/ops/sign-out/")["Location"] == "/ops/sign-in/"
    assert staff.get("/ops/").status_code == 302


def test_pages_are_not_kept_by_caches_or_shown_in_other_sites_frames(staff):
    answer = staff.get("/ops/")
    assert "no-store" in answer["Cache-Control"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_the_room_speaks_one_language(staff):
    page = staff.get("/ops/", headers={"accept-language": "es"}).content.decode()
    assert "The five agents" in page
    assert "minutos" not in page
