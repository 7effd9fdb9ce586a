"""Whatever staff changes in the admin is in the trail: who, which row, which fields, and never what they hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign, Step
from carloans.core.admin import Recorded
from carloans.core.models import AuditEntry
from chat.models import CannedReply
from dashboard import roles
from dashboard.admin import Removable
from visitors.models import Site
from visitors.tests.factories import SiteFactory

pytestmark = pytest.mark.django_db
#: Which write entries of their own, with more than the fields' names.
_BY_THEMSELVES = {"auth.User", "cathy.PromptVersion", "leads.Buyer", "core.LegalHold", "credit.NoticePolicy"}


@pytest.fixture
def manager() -> Client:
    user = get_user_model().objects.create_user("meg", is_staff=True)
    roles.assign(user, "manager")
    client = Client()
    client.force_login(user)
    client.user = user  # type: ignore[attr-defined]
    return client


def entry(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=action)


def test_every_table_that_a_role_may_edit_is_recorded() -> None:
    for model, page in admin.site._registry.items():
        label, name = model._meta.app_label, model._meta.model_name
        if any(roles.holders(f"{label}.{act}_{name}") for act in ("add", "change", "delete")):
            assert isinstance(page, Recorded | Removable) or model._meta.label in _BY_THEMSELVES, model._meta.label


def test_new_origins_of_a_site_are_in_the_trail_without_their_values(manager: Client) -> None:
    site = SiteFactory.create()
    form = {
        "key": site.key, "name": site.name, "company_name": "Other Lender", "origins": '["https://evil.example"]',
        "abandon_after_seconds": 3600, "initial-abandon_after_seconds": 3600, "is_demo": "on", "active": "on",
    }  # fmt: skip
    address = reverse("admin:visitors_site_change", args=[site.pk])
    assert manager.post(address, form).status_code == 302
    assert Site.objects.get(pk=site.pk).origins == ["https://evil.example"]
    found = entry("site.changed")
    assert (found.actor, found.subject) == (f"staff:{manager.user.pk}", f"site:{site.pk}")  # type: ignore[attr-defined]
    assert found.facts == {"fields": ["Company name", "Origins"]}


def test_a_deleted_step_and_a_deleted_reply_are_in_the_trail(manager: Client) -> None:
    step = Step.objects.create(
        campaign=Campaign.objects.create(slug="x", name="X"), order=1, delay_minutes=1, purpose="x"
    )
    reply = CannedReply.objects.create(key="hi", title="Hi", text_en="Hello.", text_es="Hola.")
    manager.post(reverse("admin:campaigns_step_delete", args=[step.pk]), {"post": "yes"})
    chosen: dict[str, Any] = {"action": "delete_selected", "_selected_action": [reply.pk], "post": "yes"}
    manager.post(reverse("admin:chat_cannedreply_changelist"), chosen)
    assert not Step.objects.exists()
    assert not CannedReply.objects.exists()
    assert entry("step.deleted").subject == f"step:{step.pk}"
    assert entry("cannedreply.deleted").subject == f"cannedreply:{reply.pk}"


def test_an_inline_tells_its_name(manager: Client) -> None:
    campaign = Campaign.objects.create(slug="x", name="X")
    form = {
        "slug": "x", "name": "X", "active": "on", "steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0",
        "steps-0-order": "1", "steps-0-delay_minutes": "60", "steps-0-purpose": "the way back",
        "steps-0-campaign": str(campaign.pk),
    }  # fmt: skip
    assert manager.post(reverse("admin:campaigns_campaign_change", args=[campaign.pk]), form).status_code == 302
    assert entry("campaign.changed").facts == {"fields": ["step"]}
