"""A security key in a browser: set up at the first sign-in, asked for at the next. The key is Chromium's own."""

from __future__ import annotations

import pytest

from carloans.core.models import AuditEntry
from dashboard import factors

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def key(page):
    """A key that is plugged in and pressed at once."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = line.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def unplug():
        line.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": added["authenticatorId"]})

    return unplug


def give_password(page):
    page.goto("/ops/")
    page.fill("#id_username", "ann")
    page.fill("#id_password", "a long enough password")
    page.get_by_role("button", name="Sign in").click()


def enrol(page):
    give_password(page)
    page.wait_for_url("**/ops/account/enrol/**")
    page.click("#add-key")
    page.wait_for_url("**/ops/account/codes/")
    page.get_by_role("button", name="Make recovery codes").click()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/ops/")


def test_a_key_is_set_up_at_the_first_sign_in_and_opens_the_next(page, key, administrator, settings, troubles):
    settings.REQUIRE_SECOND_FACTOR = True
    enrol(page)
    assert page.locator("h1").first.is_visible()
    page.get_by_role("button", name="Sign out").click()
    give_password(page)
    page.wait_for_url("**/ops/sign-in/second-factor/**")
    page.goto("/ops/leads/")
    page.wait_for_url("**/ops/sign-in/second-factor/**")
    page.click("#use-key")
    page.wait_for_url("**/ops/leads/")
    [one] = factors.listing(administrator)
    assert (one.kind, one.name) == ("key", "Security key")
    entry = AuditEntry.objects.filter(action="staff.signed_in").latest("id")
    assert entry.facts["second_factor"] == "key"
    assert troubles == []


def test_without_the_key_nobody_gets_in(page, key, administrator, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    enrol(page)
    page.get_by_role("button", name="Sign out").click()
    key()
    give_password(page)
    page.wait_for_url("**/ops/sign-in/second-factor/**")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no key')); }")
    page.click("#use-key")
    page.get_by_text("The key did not answer").wait_for()
    page.goto("/ops/leads/")
    page.wait_for_url("**/ops/sign-in/second-factor/**")
