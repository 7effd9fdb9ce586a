"""The form in a browser: nothing leaves the page before the press, and the way back restores it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from carloans.core.clock import utc_now
from visitors import services
from visitors.models import Application, Consent, Visitor
from visitors.tests.factories import KnownVisitorFactory, SiteFactory, make_abandoned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "john.doe@gmail.com"


def sent_by(page: Page) -> list[str]:
    """Every body that leaves the page from now on."""
    bodies: list[str] = []
    page.on("request", lambda request: bodies.append(request.post_data or ""))
    return bodies


def fill_to_contact(page: Page) -> None:
    page.goto("/")
    page.fill("#vehicle_make", "Toyota")
    page.fill("#vehicle_model", "Corolla")
    page.fill("#loan_amount", "18,500")
    page.press("#loan_amount", "Enter")
    page.fill("#monthly_income", "3200")
    page.click("[data-next]")
    page.fill("#employer", "Acme Foods")
    page.click("[data-next]")
    page.fill("#first_name", "John")
    page.fill("#email", EMAIL)


def test_no_contact_leaves_the_page_before_the_press(page: Page) -> None:
    bodies = sent_by(page)
    fill_to_contact(page)
    page.wait_for_timeout(2500)
    assert any("field_focus" in body for body in bodies)
    assert not [body for body in bodies if EMAIL in body or "Acme" in body or "John" in body]
    page.check("#marketing-email")
    page.click("#save-progress")
    expect(page.locator("[data-status]")).to_contain_text("Your progress is saved")
    assert any(EMAIL in body for body in bodies)
    assert Visitor.objects.get().email == EMAIL
    assert Application.objects.get().step_reached == 4
    assert Consent.objects.filter(kind="marketing_email").count() == 1


def test_a_disposable_address_is_refused_beside_its_field(page: Page) -> None:
    fill_to_contact(page)
    page.fill("#email", "john@mailinator.com")
    page.click("#save-progress")
    expect(page.locator("#email-error")).to_contain_text("that you will keep")
    assert not Consent.objects.exists()


def test_the_whole_form_works_by_keyboard(page: Page) -> None:
    fill_to_contact(page)
    page.fill("#last_name", "Doe")
    page.fill("#phone", "555-123-4567")
    page.press("#phone", "Enter")
    expect(page.locator("[data-review]")).to_contain_text("$18,500")
    page.locator("[data-submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?sent=1")
    assert Application.objects.get().status == "submitted"


def test_an_empty_step_holds_and_names_the_first_field(page: Page) -> None:
    page.goto("/")
    page.click("[data-next]")
    expect(page.locator("#vehicle_make")).to_be_focused()
    expect(page.locator("#vehicle_make")).to_have_attribute("aria-invalid", "true")


def test_a_privacy_signal_keeps_the_page_silent(chromium: Browser, server: str) -> None:
    context = chromium.new_context(base_url=server, extra_http_headers={"Sec-GPC": "1"})
    context.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    page = context.new_page()
    sent: list[str] = []
    # Not by the rows: what the page of the test before sent when it was closed may still arrive.
    page.on("request", lambda request: sent.append(request.url) if "/api/v1/events" in request.url else None)
    fill_to_contact(page)
    page.wait_for_timeout(2500)
    assert sent == []
    page.click("#save-progress")
    expect(page.locator("[data-status]")).to_contain_text("Your progress is saved")
    assert [one.gpc for one in Visitor.objects.all() if one.email == EMAIL] == [True]
    context.close()


def test_without_script_the_form_is_one_page_that_works(chromium: Browser, server: str) -> None:
    context = chromium.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.fill("#save_email", EMAIL)
    page.click("#save-progress")
    expect(page.locator("[data-status]")).to_contain_text("Your progress is saved")
    assert Visitor.objects.get().email == EMAIL
    context.close()


def test_the_link_in_a_mail_goes_on_by_itself_in_a_browser(page: Page) -> None:
    ann = KnownVisitorFactory.create(site=SiteFactory.create(key="demo"))
    application = make_abandoned(visitor=ann)
    token = services.issue_return_link(application_id=application.pk, message_id=uuid4(), now=utc_now())
    page.goto(f"/r/{token}")
    page.wait_for_url("**/?welcome=1", timeout=10_000)
    expect(page.locator("h1")).to_have_text("Welcome back, Ann")
    assert page.evaluate("window.CarLoans.visitor") == str(ann.pk)
    assert page.input_value("#email") == ""


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_sticks_out_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/")
    wide: Any = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width


def test_the_page_keeps_its_own_content_policy(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    page.goto("/")
    page.wait_for_timeout(500)
    assert not [line for line in complaints if "Content Security Policy" in line]
