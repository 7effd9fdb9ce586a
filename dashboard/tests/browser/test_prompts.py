"""The prompt pages in a browser: axe, widths, the lab by keyboard, and a version's page under the admin's policy."""

from __future__ import annotations

from typing import Any

import pytest

from carloans.core.clock import utc_now
from cathy.prompts import versions
from cathy.prompts.wishes import BUILT_IN
from dashboard.tests.browser.test_inbox import axe, elsewhere

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def draft() -> Any:
    content = BUILT_IN.content()
    raw = {**content, "en": {**content["en"], "length": 40, "avoid": ["usually"]}}
    return versions.draft(raw=raw, note="Shorter", based_on=None, actor="staff:1", staff="ann", now=utc_now())


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_the_lab_works_by_keyboard_and_axe_finds_nothing(signed_in, troubles, scheme, width):
    version = elsewhere(draft)
    signed_in.emulate_media(color_scheme=scheme)
    signed_in.set_viewport_size({"width": width, "height": 900})
    signed_in.goto(f"/ops/prompts/lab/?version={version.number}")
    assert axe(signed_in) == []
    signed_in.focus("#lab-locale")
    signed_in.keyboard.press("Tab")
    signed_in.keyboard.press("Enter")
    signed_in.wait_for_selector("#lab-say")
    assert signed_in.evaluate("document.activeElement.id") == "lab-text"
    signed_in.keyboard.type("What rate will I get?")
    signed_in.keyboard.press("Tab")
    signed_in.keyboard.press("Enter")
    # The first line of a process reads the linter's rules.
    signed_in.wait_for_selector(".lab li:nth-child(2)", timeout=30_000)
    assert signed_in.locator(".lab li:nth-child(2) article").count() == 2
    assert axe(signed_in) == []
    assert fits(signed_in)
    for path in ("/ops/prompts/", "/ops/prompts/compare/"):
        signed_in.goto(path)
        assert axe(signed_in) == []
        assert fits(signed_in)
    assert troubles == []


def test_the_page_of_a_version_fits_a_telephone_and_obeys_the_policy(signed_in, troubles):
    version = elsewhere(draft)
    signed_in.set_viewport_size({"width": 390, "height": 900})
    signed_in.goto(f"/admin/cathy/promptversion/{version.pk}/change/")
    signed_in.wait_for_selector(".prompt-page")
    assert fits(signed_in)
    signed_in.click("text=Put aside")
    signed_in.wait_for_selector("text=Put aside.")
    assert troubles == []
