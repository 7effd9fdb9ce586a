"""The page about one's own data in a browser: from a mail's footer to the last "Yes, delete my data"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Browser, Page, expect

from carloans.core.clock import utc_now
from carloans.core.models import AuditEntry
from visitors import selectors, services
from visitors.models import Application, SaleOptOut, Visitor
from visitors.tests.factories import KnownVisitorFactory, SiteFactory, make_abandoned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """tags => axe.run(document, {runOnly: tags}).then(found =>
  found.violations.map(one => [one.id, one.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary)]))"""


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ann(server: str) -> Visitor:
    row = KnownVisitorFactory.create(site=SiteFactory.create(key="demo"), email="ann0@gmail.com")
    application = make_abandoned(visitor=row, consents=())
    for kind in ("privacy_notice", "marketing_email", "soft_pull"):
        services.record_consent(
            visitor_id=row.pk, kind=kind, locale="en", act="pressed Save my progress", element_id="x", page="/", ip="",
            user_agent="", shown_at=utc_now(), now=utc_now(), application_id=application.pk,
        )  # fmt: skip
    return row


@pytest.fixture
def letters(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every mail that leaves, as its reader gets it."""
    settings.PUBLIC_URL = server
    sent: list[Any] = []

    def take(letter: Any) -> str:
        sent.append(letter)
        return str(letter.message_id)

    monkeypatch.setattr("campaigns.mail.send", take)
    return sent


def path_of(visitor: Visitor) -> str:
    token = services.issue_privacy_link(visitor_id=visitor.pk, source_id=uuid4(), origin="mail", now=utc_now())
    return f"/privacy/{token}"


def link_in(letter: Any, kind: str) -> str:
    found = re.search(rf"http\S+/privacy/{kind}[\w-]{{43}}", letter.text)
    assert found is not None
    return found[0]


def first_mail(application: Application) -> None:
    services.record_assessment(
        application_id=application.pk, identity="known", channels=["email"], stop_reason="unknown", priority="normal",
        next_step="email", source="rule", now=utc_now(),
    )  # fmt: skip
    import_module("campaigns.seeds").seed(utc_now())

    def write() -> None:
        current_app.tasks["campaigns.enrol_application"](application_id=str(application.pk))
        connection.close()

    # The writer runs an event loop of its own, for which the browser's thread has no room.
    with ThreadPoolExecutor(1) as worker:
        worker.submit(write).result()


def test_from_the_mails_footer_to_the_deletion(page: Page, ann: Visitor, letters: list[Any]) -> None:
    first_mail(Application.objects.get())
    assert len(letters) == 1
    page.goto(link_in(letters[0], ""))
    expect(page.locator("h1")).to_have_text("Your data and choices")
    expect(page.locator("#stored")).to_contain_text("a***@g***.com")
    assert "ann0@gmail.com" not in page.content()

    page.get_by_role("button", name="E-mails about your application").click()
    page.get_by_role("button", name="Yes, withdraw").click()
    expect(page.locator("[role=status]")).to_contain_text("This agreement has ended")

    page.get_by_role("button", name="Send me the link").click()
    expect(page.locator("h1")).to_have_text("Please check your e-mail")
    assert len(letters) == 2
    page.goto(link_in(letters[1], "confirm/"))
    page.get_by_role("button", name="Yes, open my page").click()
    expect(page.locator("[role=status]")).to_contain_text("For 30 minutes")
    expect(page.locator("#stored")).to_contain_text("ann0@gmail.com")

    page.fill("#zip", "nonsense")
    page.get_by_role("button", name="Save corrections").click()
    expect(page.locator("#zip-error")).to_contain_text("five digits")
    page.fill("#zip", "94107")
    page.fill("#first_name", "Anna")
    page.get_by_role("button", name="Save corrections").click()
    expect(page.locator("[role=status]")).to_contain_text("Your corrections are saved")
    ann.refresh_from_db()
    assert (ann.first_name, ann.zip_code) == ("Anna", "94107")

    with page.expect_download() as download:
        page.get_by_role("button", name="Download my data").click()
    assert download.value.suggested_filename == "my-data.json"
    saved = json.loads(Path(download.value.path()).read_text())
    assert any(row.get("email") == "ann0@gmail.com" for one in saved["sections"] for row in one["rows"])

    page.get_by_role("button", name="Delete my data").click()
    expect(page.get_by_text("This stays")).to_be_visible()
    page.get_by_role("button", name="Yes, delete my data").click()
    expect(page.locator("h1")).to_contain_text("Your data is deleted")
    page.goto(link_in(letters[0], ""))
    expect(page.get_by_text("nothing left to show")).to_be_visible()
    assert Visitor.objects.get().email == ""
    done = set(AuditEntry.objects.filter(action__startswith="privacy.").values_list("action", flat=True))
    assert done >= {
        "privacy.consent_withdrawn", "privacy.verified", "privacy.viewed_in_full", "privacy.corrected",
        "privacy.exported", "privacy.erased",
    }  # fmt: skip


def test_a_browser_with_global_privacy_control_is_opted_out_by_opening_the_page(
    chromium: Browser, server: str, ann: Visitor
) -> None:
    context = chromium.new_context(base_url=server, extra_http_headers={"Sec-GPC": "1"})
    page = context.new_page()
    page.goto(path_of(ann))
    expect(page.locator("#sale")).to_contain_text("privacy signal")
    assert SaleOptOut.objects.get().via == "signal"
    context.close()


def test_by_keyboard_and_without_script_the_opt_out_is_three_presses(
    chromium: Browser, server: str, ann: Visitor
) -> None:
    context = chromium.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto(path_of(ann))
    page.get_by_role("button", name="Do not sell or share my data").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Yes, do not sell or share").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("not sold or shared")
    assert not selectors.sale_allowed(visitor_id=ann.pk)
    context.close()


def test_the_language_is_switched_on_the_page_and_stays(page: Page, ann: Visitor) -> None:
    page.goto(path_of(ann))
    page.get_by_role("link", name="Español").click()
    expect(page.locator("h1")).to_have_text("Sus datos y opciones")
    assert page.get_attribute("html", "lang") == "es"
    page.get_by_role("button", name="No vender ni compartir mis datos").click()
    expect(page.locator("h1")).to_have_text("¿No vender ni compartir mis datos?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_nothing_sticks_out(
    chromium: Browser, server: str, ann: Visitor, width: int, scheme: Any
) -> None:
    axe = Path(pytest.importorskip("axe_playwright_python").__file__).with_name("axe.min.js").read_text()
    context = chromium.new_context(
        base_url=server, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page, path = context.new_page(), path_of(ann)
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    link = selectors.privacy_link(token=path.split("/")[2], now=utc_now())
    assert link.link_id is not None
    proof = services.issue_proof(link_id=link.link_id, message_id=uuid4(), now=utc_now())

    def look() -> None:
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        page.evaluate(axe)
        assert page.evaluate(AXE, TAGS) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(f"{path}?lang=es")
    look()
    page.goto(f"{path}?lang=en")
    look()
    page.goto(f"/privacy/confirm/{proof}")
    look()
    page.get_by_role("button", name="Yes, open my page").click()
    look()
    page.fill("#email", "nonsense")
    page.get_by_role("button", name="Save corrections").click()
    expect(page.locator("#email-error")).to_be_visible()
    look()
    page.goto(path)
    page.get_by_role("button", name="Delete my data").click()
    look()
    assert [line for line in complaints if "422" not in line] == []
    context.close()
