"""Every table of every room is in the admin, with something to read and to find; what only grows cannot be edited."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from carloans.core import appendonly, audit, feed
from carloans.core.models import Heartbeat, Switch
from carloans.core.privacy import vault
from cathy.models import DailySpending
from chat import services as chat
from chat.models import CannedReply
from dashboard.models import Authenticator
from dashboard.tests.rows import SECRETS, story
from tests import person
from visitors import services as visitors

pytestmark = pytest.mark.django_db

ROOMS = ("core", "cathy", "visitors", "campaigns", "credit", "chat", "leads", "dashboard")
#: What is read and edited on the page of the row that it belongs to.
INLINED = {inline.model for one in django_admin.site._registry.values() for inline in one.inlines}
MODELS = [model for room in ROOMS for model in apps.get_app_config(room).get_models() if model not in INLINED]
REGISTERED = list(django_admin.site._registry)
#: What no page may show; the masked number is what it shows instead.
HIDDEN = (*SECRETS, *(value for value in person.SEEDED if value != person.mask_phone(person.PHONE)))
APPEND_ONLY = [model for model in MODELS if issubclass(model, appendonly.AppendOnly)]


def changelist(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def named(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.fixture
def rows(now):
    """Rows in most tables: one person's story, and a second person about whom every room knows something."""
    told = story(now)
    person.make(now=now)
    vault.remember(owner=uuid4(), kind="PHONE", value="+15551234567", now=now)
    visitors.withdraw_consent(visitor_id=told.visitor, kind="dealer_contact", via="test", now=now)
    audit.seal(now=now + timedelta(hours=1))
    Heartbeat.objects.create(process="worker", at=now)
    staff = get_user_model().objects.create_user("desk", is_staff=True)
    chat.set_desk(staff_id=staff.pk, takes=True, now=now)
    chat.note_view(conversation_id=told.conversation, staff_id=staff.pk, now=now)
    CannedReply.objects.create(key="hours", title="Hours", text_en="We answer on weekdays.", text_es="Entre semana.")
    DailySpending.objects.create(day=now.date(), tokens=5, microcents=7)
    Authenticator.objects.create(user=staff, name="app", secret="3132333435363738393031323334353637383930")
    Switch.objects.create(name="send", on=True)
    return told


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_every_model_of_every_room_is_there(model):
    assert model in django_admin.site._registry


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_every_list_tells_more_than_a_name_and_can_be_searched(model):
    shown = django_admin.site._registry[model]
    assert len(shown.list_display) >= 2
    assert shown.list_display[0] != "__str__"
    assert shown.search_fields


def test_a_list_of_what_happened_begins_with_the_newest(admin, now):
    for minutes in (2, 0, 1):
        feed.publish(kind="k", room="leads", summary=f"Minute {minutes}", now=now + timedelta(minutes=minutes))
    page = admin.get("/admin/core/feedevent/").content.decode()
    places = [page.index(f"Minute {minutes}") for minutes in (2, 1, 0)]
    assert places == sorted(places)


def test_the_index_loads(admin):
    assert admin.get("/admin/").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("model", REGISTERED, ids=named)
def test_every_list_loads_and_searches_without_rows(admin, model):
    assert admin.get(changelist(model)).status_code == 200
    assert admin.get(changelist(model), {"q": "nobody@example.com"}).status_code == 200


@pytest.mark.slow
def test_every_list_and_page_shows_its_rows_and_nobodys_contact_data(admin, rows):
    empty = []
    for model in MODELS:
        listed = admin.get(changelist(model))
        assert listed.status_code == 200, model
        pages = [listed.content.decode()]
        row = model._default_manager.first()
        if row is None:
            empty.append(named(model))
        else:
            shown = admin.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]))
            assert shown.status_code == 200, model
            pages.append(shown.content.decode())
        for page in pages:
            assert not [secret for secret in HIDDEN if secret in page], model
    assert len(empty) <= len(MODELS) // 5, ", ".join(empty)


@pytest.mark.parametrize("model", APPEND_ONLY, ids=named)
def test_what_only_grows_can_be_read_and_nothing_else(admin, model):
    shown = django_admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = admin.get("/admin/").context["user"]
    assert shown.has_view_permission(request)
    assert not shown.has_add_permission(request)
    assert not shown.has_change_permission(request)
    assert not shown.has_delete_permission(request)


@pytest.mark.slow
def test_no_list_asks_more_for_ten_rows_than_for_one(admin, rows, now):
    def asked() -> dict[str, int]:
        found = {}
        for model in MODELS:
            with CaptureQueriesContext(connection) as queries:
                admin.get(changelist(model))
            found[named(model)] = len(queries)
        return found

    asked()
    few = asked()
    for _ in range(9):
        story(now)
    many = asked()
    assert {name: (few[name], count) for name, count in many.items() if count > few[name]} == {}
