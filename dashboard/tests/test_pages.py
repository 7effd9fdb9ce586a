"""Every page renders without a row and with many, in a constant number of queries, and shows contact data masked."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carloans.core.clock import utc_now
from dashboard.models import StaffSession
from dashboard.tests.rows import SECRETS, story

pytestmark = pytest.mark.django_db

LISTS = ["/ops/", "/ops/leads/", "/ops/applications/", "/ops/mail/", "/ops/conversations/", "/ops/runs/"]
PARTS = [
    *(f"/ops/?part={part}" for part in ("figures", "flow", "agents", "feed")),
    *(f"{path}?part=rows" for path in LISTS[1:]),
]
#: What a page may ask at most, whatever it shows. The overview asks for all its figures at once.
MOST_QUERIES = {"/ops/": 100, "/ops/?part=figures": 40, "/ops/?part=flow": 40, "/ops/?part=agents": 45}


def queries(client, path: str) -> int:
    # Use of the session is noted once a minute: between two measurements a minute may pass or not.
    StaffSession.objects.update(seen_at=utc_now())
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def details(told) -> list[str]:
    return [
        f"/ops/leads/{told.lead}/",
        f"/ops/mail/{told.mail}/",
        f"/ops/mail/{told.mail}/body/",
        f"/ops/conversations/{told.conversation}/",
        f"/ops/conversations/{told.conversation}/?part=talk",
        f"/ops/runs/{told.run}/",
    ]


@pytest.mark.parametrize("path", LISTS + PARTS)
def test_without_a_row_a_page_says_so(staff, path):
    answer = staff.get(path)
    assert answer.status_code == 200
    if "part=rows" in path or "part=feed" in path:
        assert 'class="empty"' in answer.content.decode()


@pytest.mark.parametrize("path", PARTS)
def test_a_part_is_a_fragment(staff, path):
    assert "<html" not in staff.get(path).content.decode()


def test_with_rows_every_page_shows_them_and_nobodys_contact_data(staff, now):
    told = story(now)
    shown = {path: staff.get(path) for path in LISTS + PARTS + details(told)}
    for path, answer in shown.items():
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert not [secret for secret in SECRETS if secret in page], path
    assert str(told.lead) in shown["/ops/leads/?part=rows"].content.decode()
    assert str(told.mail) in shown["/ops/mail/?part=rows"].content.decode()
    assert str(told.conversation) in shown["/ops/conversations/?part=rows"].content.decode()
    assert str(told.run) in shown["/ops/runs/?part=rows"].content.decode()
    assert "2021 Toyota Corolla" in shown["/ops/applications/?part=rows"].content.decode()
    assert "Something happened" in shown["/ops/?part=feed"].content.decode()
    assert "[PHONE_1]" in shown[f"/ops/conversations/{told.conversation}/"].content.decode()


@pytest.mark.slow
def test_no_page_asks_more_for_thirty_rows_than_for_one(staff, now):
    told = story(now)
    paths = LISTS + PARTS + details(told)
    [staff.get(path) for path in paths]
    few = {path: queries(staff, path) for path in paths}
    for _ in range(29):
        story(now)
    assert {path: queries(staff, path) for path in paths} == few
    assert not {path: asked for path, asked in few.items() if asked > MOST_QUERIES.get(path, 15)}


@pytest.mark.parametrize("kind", ["leads", "mail", "conversations", "runs"])
def test_an_unknown_id_is_not_found(staff, kind):
    assert staff.get(f"/ops/{kind}/{uuid4()}/").status_code == 404


def test_a_mail_that_is_not_there_has_no_body(staff):
    assert staff.get(f"/ops/mail/{uuid4()}/body/").status_code == 404


def test_the_mail_may_run_nothing_and_load_nothing(staff, now):
    answer = staff.get(f"/ops/mail/{story(now).mail}/body/")
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert '<base target="_blank">' in answer.content.decode()


def test_the_frame_around_a_mail_is_sandboxed_without_scripts(staff, now):
    page = staff.get(f"/ops/mail/{story(now).mail}/").content.decode()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page


@pytest.mark.parametrize(
    "query", ["offset=-1", "offset=²", "offset=9999999999", "status=nonsense", "q=%00", "q=' OR 1=1"]
)
def test_nonsense_in_the_address_finds_nothing_and_breaks_nothing(staff, query):
    assert staff.get(f"/ops/leads/?{query}").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["leads/?status=%00", "applications/?status=%00", "mail/?state=%00", "conversations/?owner=%00", "runs/?agent=%00"],
)
def test_a_choice_that_there_is_not_shows_all(staff, now, address):
    story(now)
    answer = staff.get(f"/ops/{address}&part=rows")
    assert answer.status_code == 200
    assert 'class="empty"' not in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "matching", "other"),
    [
        ("/ops/applications/", "status=abandoned", "status=submitted"),
        ("/ops/mail/", "state=pending", "state=done"),
        ("/ops/conversations/", "owner=ai", "owner=closed"),
        ("/ops/runs/", "agent=RealtimeChat", "agent=CreditCheck"),
    ],
)
def test_a_filter_keeps_what_it_names(staff, now, path, matching, other):
    story(now)
    assert 'class="empty"' not in staff.get(f"{path}?{matching}&part=rows").content.decode()
    assert 'class="empty"' in staff.get(f"{path}?{other}&part=rows").content.decode()
    assert f'href="?{matching}" aria-current="true"' in staff.get(f"{path}?{matching}").content.decode()


def test_leads_are_found_by_id_and_paged(staff, now):
    told = story(now)
    assert str(told.lead) in staff.get(f"/ops/leads/?q={told.visitor}").content.decode()
    assert str(told.lead) not in staff.get(f"/ops/leads/?q={uuid4()}").content.decode()
    assert "Older" not in staff.get("/ops/leads/").content.decode()
    assert "Newer" in staff.get("/ops/leads/?offset=50").content.decode()
