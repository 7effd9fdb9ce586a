"""The inbox in a browser: axe, the keyboard, the linter while writing, no script."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from carloans.core.clock import utc_now
from chat import services
from chat.models import CannedReply, Conversation
from chat.tests.factories import open_conversation, say

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def elsewhere(work: Any, *args: Any, **kwargs: Any) -> Any:
    """In a thread of its own: Playwright's loop runs in this one."""

    def run() -> Any:
        try:
            return work(*args, **kwargs)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def queued(text: str = "I want to talk to a person, my number is 512-867-5309", reason: str = "asked") -> Any:
    now = utc_now()
    opened = open_conversation(now=now).conversation_id
    say(opened, text, now=now)
    services.hand_off(conversation_id=opened, reason=reason, now=now)
    return opened


def path(conversation: Any) -> str:
    return f"/ops/inbox/{conversation}/"


def axe(page: Any) -> list[str]:
    source = Path(pytest.importorskip("axe_playwright_python").__file__).with_name("axe.min.js").read_text()
    page.evaluate(source)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(signed_in, troubles, scheme, width):
    conversation = elsewhere(queued)
    elsewhere(CannedReply.objects.create, key="hi", title="Hello", text_en="Hello.", text_es="Hola.")
    signed_in.emulate_media(color_scheme=scheme)
    signed_in.set_viewport_size({"width": width, "height": 900})
    signed_in.goto("/ops/inbox/")
    problems = axe(signed_in)
    signed_in.goto(path(conversation))
    signed_in.get_by_role("button", name="Take it").click()
    signed_in.wait_for_selector("#editor")
    problems += axe(signed_in)
    assert problems == []
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= width
    assert troubles == []


def test_the_keyboard_alone_takes_answers_and_closes(signed_in, troubles):
    conversation = elsewhere(queued)
    signed_in.goto("/ops/inbox/")
    signed_in.keyboard.press("j")
    signed_in.keyboard.press("Enter")
    signed_in.wait_for_url(f"**{path(conversation)}")
    signed_in.keyboard.press("c")
    signed_in.wait_for_selector("#editor")
    signed_in.keyboard.press("r")
    signed_in.keyboard.type("Hello, how can I help? It is me, c and e and u.")
    signed_in.keyboard.press("Control+Enter")
    signed_in.wait_for_selector("#talk li.staff")
    signed_in.keyboard.press("n")
    signed_in.keyboard.type("a note")
    signed_in.keyboard.press("Tab")
    signed_in.keyboard.press("Enter")
    signed_in.get_by_text("a note").first.wait_for()
    signed_in.keyboard.press("?")
    assert signed_in.locator("#keys dl").is_visible()
    signed_in.locator("#keys-on").uncheck()
    signed_in.locator("h1").click()
    signed_in.keyboard.press("u")
    assert path(conversation) in signed_in.url
    assert troubles == []


def test_the_linter_speaks_while_somebody_writes_and_the_draft_outlives_a_reload(signed_in, troubles):
    conversation = elsewhere(queued)
    signed_in.goto(path(conversation))
    signed_in.get_by_role("button", name="Take it").click()
    signed_in.locator("#text").fill("You are guaranteed to be approved.")
    signed_in.locator("#lint").get_by_text("guaranteed approval").wait_for()
    assert signed_in.locator("#text").get_attribute("aria-invalid") == "true"
    signed_in.reload()
    assert signed_in.locator("#text").input_value() == "You are guaranteed to be approved."
    signed_in.locator("#text").fill("Let me look at that with you.")
    signed_in.locator("#lint li").first.wait_for(state="detached")
    signed_in.get_by_role("button", name="Send", exact=True).click()
    signed_in.wait_for_selector("#talk li.staff")
    assert signed_in.locator("#text").input_value() == ""
    assert troubles == []


def test_without_script_everything_is_done_with_plain_forms(chromium, live_server, signed_in):
    conversation = elsewhere(queued)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(signed_in.context.cookies())
    page = context.new_page()
    page.goto(path(conversation))
    page.get_by_role("button", name="Take it").click()
    page.locator("#text").fill("You are guaranteed to be approved.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator("#lint").get_by_text("guaranteed approval").wait_for()
    page.locator("#text").fill("Hello.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator("#talk li.staff").wait_for()
    page.locator("#outcome").select_option("solved")
    page.get_by_role("button", name="Close").click()
    page.wait_for_url("**/ops/inbox/")
    assert elsewhere(Conversation.objects.get, pk=conversation).outcome == "solved"
    context.close()
