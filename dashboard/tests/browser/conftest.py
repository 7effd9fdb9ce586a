"""A headless Chromium in the hands of a staff member, whose console and policy violations are written down."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from carloans.core.clock import utc_now
from dashboard import roles
from dashboard.tests.rows import story

#: A busy machine takes its time; what is never shown fails all the same.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread; the ORM calls of the tests around it are synchronous all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def troubles() -> list[str]:
    """What the console of every page said at error or warning level."""
    return []


def _notes(troubles: list[str]) -> Callable[[Any], None]:
    def note(line: Any) -> None:
        if line.type in {"error", "warning"} and "WebSocket" not in line.text:
            troubles.append(f"{line.page.url if line.page else ''}: {line.text}")

    return note


@pytest.fixture
def page(chromium: Browser, live_server: Any, settings: Any, troubles: list[str]) -> Iterator[Page]:
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [live_server.url]
    context = chromium.new_context(base_url=live_server.url, locale="en-US", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    context.on("console", _notes(troubles))
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    yield context.new_page()
    context.close()


@pytest.fixture
def administrator(live_server: Any) -> Any:
    user = get_user_model().objects.create_user("ann", password="a long enough password", is_staff=True)
    roles.assign(user, "admin")
    return user


@pytest.fixture
def signed_in(page: Page, administrator: Any, live_server: Any, settings: Any) -> Page:
    """The page of an administrator who is signed in."""
    client = Client()
    client.force_login(administrator)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return page


def _tell() -> Any:
    try:
        with transaction.atomic():
            told = story(utc_now())
            # Rows to look at: what their commit would set going is not wanted here.
            connection.run_on_commit = []
        return told
    finally:
        connection.close()


@pytest.fixture
def told(live_server: Any) -> Any:
    """Rows in most tables, written in a thread of their own: Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_tell).result()
