"""The admin works in a browser without inline script, inline style and eval: each kind of its pages, used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.urls import reverse

from carloans.core.models import Switch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def address(model, kind, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


@pytest.mark.slow
def test_no_page_of_the_admin_breaks_the_policy(signed_in, troubles, told):
    Switch.objects.create(name="send", on=True)
    visits = ["/admin/"]
    for model in django_admin.site._registry:
        visits.append(address(model, "changelist"))
        row = model._default_manager.first()
        if row is not None:
            visits += [address(model, "change", row.pk), address(model, "history", row.pk)]
    visits += [f"/admin/{name}/" for name in ("leads", "auth", "campaigns")]
    visits += ["/admin/campaigns/campaign/add/", "/admin/leads/buyer/add/", "/admin/auth/user/add/"]
    for path in visits:
        signed_in.goto(path, wait_until="load")
    assert len(visits) > 40
    assert troubles == []


def test_the_sidebar_the_account_menu_and_the_theme_switch_work(signed_in, troubles):
    signed_in.goto("/admin/campaigns/campaign/")
    sidebar = signed_in.locator("#nav-sidebar")
    assert sidebar.is_visible()
    signed_in.locator("span[x-on\\:click*=sidebarDesktopOpen]").first.click()
    sidebar.wait_for(state="hidden")
    signed_in.reload()
    sidebar.wait_for(state="hidden")
    signed_in.locator("span[x-on\\:click*=sidebarDesktopOpen]").first.click()
    sidebar.wait_for(state="visible")
    signed_in.locator("[x-on\\:click*='openUserLinks = !openUserLinks']").click()
    signed_in.get_by_text("Dark", exact=True).click()
    signed_in.wait_for_selector("html.dark")
    signed_in.get_by_text("Log out").first.wait_for(state="visible")
    assert troubles == []


def test_filters_search_dates_and_actions_of_a_list_work(signed_in, troubles, told):
    signed_in.goto("/admin/leads/lead/")
    signed_in.locator("[x-on\\:click='filterOpen = true']").click()
    signed_in.get_by_text("By status").or_(signed_in.get_by_text("status", exact=False)).first.wait_for(state="visible")
    signed_in.keyboard.press("Escape")
    signed_in.goto("/admin/core/feedevent/")
    signed_in.locator("a[href*='at__day'], a[href*='at__year']").first.click()
    signed_in.wait_for_url(re.compile("at__"))
    search = signed_in.locator("#searchbar, input[name=q]").first
    search.fill("Something")
    search.press("Enter")
    signed_in.wait_for_url(re.compile("q=Something"))
    signed_in.get_by_text("Something happened").first.wait_for()
    assert troubles == []


def test_a_form_with_rows_below_it_and_tabs_works(signed_in, troubles):
    signed_in.goto("/admin/campaigns/campaign/add/")
    signed_in.fill("[name=name]", "Winter")
    signed_in.fill("[name=slug]", "winter")
    before = signed_in.locator("[name^='steps-'][name$='-purpose']").count()
    signed_in.locator(".add-row a, a.add-row, .add-row").first.click()
    signed_in.wait_for_function(
        "(n) => document.querySelectorAll(\"[name^='steps-'][name$='-purpose']\").length > n", arg=before
    )
    assert troubles == []


def test_the_command_palette_finds_and_goes_there(signed_in, troubles):
    signed_in.goto("/admin/")
    signed_in.keyboard.press("Control+k")
    signed_in.locator("input[x-ref=searchInputCommand]").press_sequentially("campaign", delay=30)
    signed_in.locator("#command-results").get_by_text("Campaigns").first.wait_for(state="visible")
    signed_in.keyboard.press("ArrowDown")
    signed_in.keyboard.press("Enter")
    signed_in.wait_for_url(re.compile("/admin/campaigns/campaign"))
    assert troubles == []


def test_the_colours_in_our_style_sheet_are_the_themes_own():
    from unfold.settings import CONFIG_DEFAULTS
    from unfold.utils import convert_color

    own = (Path(apps.get_app_config("dashboard").path) / "static/dashboard/admin.css").read_text()
    for name, weights in CONFIG_DEFAULTS["COLORS"].items():
        for weight, value in weights.items():
            assert f"--color-{name}-{weight}: {convert_color(value)};" in own
