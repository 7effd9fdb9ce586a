"""A browser, and a page with the widget on it that talks to the mock server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from chat.tests.browser.mock_server import MockChat

GREETING = "Hi, I'm Cathy, an AI assistant. How can I help?"
SUGGESTIONS = ["How does this work?", "I'd like to talk to a person"]
#: A socket that cannot be opened, and the plain requests that are tried in its place.
LINE_IS_DOWN = re.compile("WebSocket|/api/v1/conversations")
OpenPage = Callable[..., Page]


def told(line: ConsoleMessage) -> str:
    return f"{line.text} {line.location.get('url', '')}"


#: A busy machine takes its time; what is never shown fails all the same.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def server() -> Iterator[MockChat]:
    chat = MockChat()
    chat.store(role="cathy", name="Cathy", text=GREETING, suggestions=SUGGESTIONS)
    chat.start()
    yield chat
    chat.stop()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts whose pages may log nothing worse than a refused socket, nor break the content policy."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def make(**options: Any) -> BrowserContext:
        usual = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US", "reduced_motion": "reduce"}
        context = browser.new_context(**usual | options)
        context.set_default_timeout(30_000)
        context.on("console", lambda line: troubles.append(told(line)) if line.type in {"error", "warning"} else None)
        context.on("weberror", lambda error: troubles.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    violations = [page.evaluate("window.violations") for context in contexts for page in context.pages]
    for context in contexts:
        context.close()
    assert [line for line in troubles if not LINE_IS_DOWN.search(line)] == []
    assert [found for found in violations if found] == []


@pytest.fixture
def open_page(server: MockChat, new_context: Callable[..., BrowserContext]) -> OpenPage:
    """`open_page(context=None, opened=True, **query)`: a page with the widget, its window open if `opened`."""

    def visit(context: BrowserContext | None = None, *, opened: bool = True, origin: str = "", **query: str) -> Page:
        page = (context or new_context()).new_page()
        page.goto(f"{origin or server.origin}/?{urlencode(query)}")
        page.wait_for_selector("html[data-mounted]")
        if opened:
            page.click("#launcher")
            page.wait_for_selector(".disclosure")
        return page

    return visit


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
