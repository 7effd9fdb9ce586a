"""The widget for everybody: keyboard, screen readers, small screens, dark rooms, other people's pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chat.tests.browser import cards
from chat.tests.browser.conftest import GREETING, OpenPage
from chat.tests.browser.mock_server import DISCLOSURE, MockChat
from chat.tests.browser.test_widget import events, send

pytestmark = pytest.mark.browser
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def focused(page: Page) -> str:
    """The label or the words of the focused control."""
    find = "let node = document.activeElement; while (node.shadowRoot) node = node.shadowRoot.activeElement;"
    name = "node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent ?? node.textContent.trim()"
    return str(page.evaluate(f"() => {{ {find} return {name}; }}"))


def test_a_whole_talk_by_keyboard_alone(server: MockChat, open_page: OpenPage) -> None:
    page = open_page(opened=False)
    page.locator("#launcher").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message")).to_be_focused()
    expect(page.locator(".disclosure")).to_be_visible()
    page.keyboard.type("Hello")
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_have_text("Delivered")
    server.say("Here is the text.", card=cards.credit_consent())
    expect(page.get_by_role("button", name="I agree")).to_be_visible()
    walked = []
    for _ in range(4):
        page.keyboard.press("Shift+Tab")
        walked.append(focused(page))
    assert walked == ["No, thank you", "I agree", "Print", "Save a copy"]
    page.get_by_role("button", name="I agree").focus()
    page.keyboard.press("Space")
    assert server.wait_for("action")[0]["action"] == "agree"
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(page.locator("#launcher")).to_be_focused()
    assert [name for name, _ in page.evaluate("window.events") if name in {"open", "close"}] == ["open", "close"]


def test_fills_a_phone_and_keeps_the_focus_inside(
    server: MockChat, open_page: OpenPage, new_context: Callable[..., BrowserContext]
) -> None:
    page = open_page(new_context(**PHONE))
    assert page.locator(".panel").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(page.locator(".panel")).to_have_attribute("aria-modal", "true")
    assert focused(page) == "Close chat"
    for name in ("More", "Cambiar a español", "Send message"):
        page.keyboard.press("Shift+Tab")
        assert focused(page) == name
    page.keyboard.press("Tab")
    assert focused(page) == "Cambiar a español"
    server.say("", card=cards.contact_form())
    expect(page.get_by_role("textbox", name="Phone")).to_be_visible()
    assert page.locator(".scroller").evaluate("node => node.scrollWidth <= node.clientWidth")
    small = page.locator(".panel :is(button, input, textarea):visible").evaluate_all(
        "nodes => nodes.filter(n => Math.min(n.offsetHeight, n.offsetWidth) < 22).map(n => n.outerHTML)"
    )
    assert small == []


def test_the_keyboard_of_a_phone_leaves_composer_and_last_message_in_view(
    server: MockChat, open_page: OpenPage, new_context: Callable[..., BrowserContext]
) -> None:
    page = open_page(new_context(**PHONE))
    for number in range(20):
        server.say(f"Line {number}")
    expect(page.locator(".bubble", has_text="Line 19")).to_be_in_viewport()
    page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", { value: 420 });
          Object.defineProperty(visualViewport, "offsetTop", { value: 60 });
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    page.wait_for_timeout(100)
    assert page.locator(".panel").bounding_box() == {"x": 0, "y": 60, "width": 390, "height": 420}
    composer = page.locator("textarea").bounding_box()
    assert composer
    assert composer["y"] + composer["height"] < 480
    expect(page.locator(".bubble", has_text="Line 19")).to_be_in_viewport()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing(
    server: MockChat,
    open_page: OpenPage,
    new_context: Callable[..., BrowserContext],
    scheme: str,
    width: int,
) -> None:
    axe = Path(pytest.importorskip("axe_playwright_python").__file__).with_name("axe.min.js").read_text()
    page = open_page(new_context(viewport={"width": width, "height": 844}, color_scheme=scheme))
    server.refuse_next = {"code": "rate_limited", "message": "That was quite fast."}
    send(page, "Hello")
    for card in (
        cards.contact_form(),
        cards.credit_consent(),
        cards.callback(),
        cards.settled(cards.credit_consent(), "agree"),
    ):
        server.say("Please look at this.", card=card)
    server.say("Hi.", role="staff", name="Dana")
    server.push({"type": "owner", "owner": "queue"})
    server.push({"type": "typing", "who": "staff", "on": True})
    server.push({"type": "error", "code": "unavailable", "message": "We cannot do that right now."})
    server.say("It is closed.", role="system", name="", card=cards.rating(), suggestions=["One more question"])
    page.get_by_role("button", name="Send", exact=True).first.click()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_text("We cannot do that right now.")).to_be_visible()
    page.evaluate(axe)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate(
        "tags => axe.run('[data-car-loans-chat]', {runOnly: tags})"
        ".then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html + ' ' + n.failureSummary)]))",
        tags,
    )
    assert found == []


def test_a_screen_reader_meets_everything_in_the_order_in_which_it_is_meant(server: MockChat, page: Page) -> None:
    server.say("Where can we reach you?", card=cards.contact_form())
    expect(page.locator(".card")).to_be_visible()
    order = page.locator(".panel").aria_snapshot()
    wanted = [
        'dialog "Chat with Cathy"',
        'heading "Cathy AI assistant Simulated"',
        'button "Cambiar a español"',
        'button "More"',
        'button "Close chat"',
        'region "Conversation"',
        DISCLOSURE["en"],
        GREETING,
        "- text: Cathy AI",
        "Where can we reach you?",
        'heading "How can we reach you?"',
        'textbox "Phone"',
        'textbox "E-mail optional"',
        f'checkbox "{cards.DEALER_TEXT}"',
        'button "Send"',
        'button "Not now"',
        'textbox "Your message"',
        'button "Send message"',
    ]
    at = 0
    for text in wanted:
        at = order.index(text, at) + 1


@pytest.mark.parametrize(("width", "height"), [(320, 256), (320, 568)])
def test_works_at_400_percent_zoom(
    server: MockChat, open_page: OpenPage, new_context: Callable[..., BrowserContext], width: int, height: int
) -> None:
    page = open_page(new_context(viewport={"width": width, "height": height}))
    server.say("Where can we reach you?", card=cards.contact_form())
    server.say("And this.", card=cards.credit_consent())
    send(page, "A longer message that needs more than one line of a small window, for sure")
    expect(page.locator(".state")).to_have_text("Delivered")
    wide = (
        "node => [...node.querySelectorAll('*')].filter(n => n.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert page.locator(".panel").evaluate(wide) == 0
    assert page.locator(".scroller").evaluate("node => node.scrollWidth <= node.clientWidth && node.clientHeight >= 90")
    for control in (
        page.locator("textarea"),
        page.get_by_role("button", name="I agree"),
        page.get_by_label("Close chat"),
    ):
        control.scroll_into_view_if_needed()
        expect(control).to_be_in_viewport(ratio=0.9)


def test_dark_rooms_and_still_screens_are_respected(
    open_page: OpenPage, new_context: Callable[..., BrowserContext]
) -> None:
    page = open_page(new_context(color_scheme="dark"))
    style = "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).animationName]"
    assert page.locator(".panel").evaluate(style) == ["rgb(18, 25, 27)", "none"]
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    assert page.locator(".panel").evaluate(style) == ["rgb(247, 244, 238)", "rise"]


def test_the_hosts_colour_is_used_and_stays_readable(open_page: OpenPage) -> None:
    for colour, text in (("#ffd400", "rgb(0, 0, 0)"), ("#7a1f5c", "rgb(255, 255, 255)")):
        page = open_page(colour=colour, position="left")
        assert page.locator(".head").evaluate("node => getComputedStyle(node).color") == text
        box = page.locator(".panel").bounding_box()
        assert box
        assert box["x"] == 20


def test_the_host_page_neither_touches_nor_is_touched(open_page: OpenPage) -> None:
    page = open_page(opened=False)
    styles = "[document.body, document.documentElement].map((node) => node.getAttribute('style'))"
    look = f"() => [{styles}, document.styleSheets.length, document.adoptedStyleSheets.length]"
    before = page.evaluate(look)
    page.click("#launcher")
    page.wait_for_selector(".disclosure")
    assert page.evaluate(look) == before
    assert page.locator("[data-car-loans-chat]").evaluate("node => getComputedStyle(node).transform") == "none"
    assert page.locator(".notice").evaluate("node => getComputedStyle(node).color") == "rgb(88, 101, 106)"
    page.evaluate("window.chat.destroy()")
    expect(page.locator("[data-car-loans-chat]")).to_have_count(0)


def test_keys_pressed_in_the_chat_do_not_reach_the_page(page: Page) -> None:
    page.evaluate("window.heard = []; document.addEventListener('keydown', (event) => window.heard.push(event.key))")
    page.locator("textarea").press_sequentially("abc")
    assert page.evaluate("window.heard") == []


def test_events_tell_the_page_what_happened_and_never_what_was_said(server: MockChat, page: Page) -> None:
    server.say("A private sentence")
    server.push({"type": "owner", "owner": "human", "name": "Dana"})
    expect(page.locator(".head")).to_contain_text("Dana")
    assert events(page, "message") == [{"role": "cathy", "seq": 2}]
    assert events(page, "owner") == [{"owner": "human"}]
    assert set(events(page, "ready")[0]) == {"visitor", "conversation"}
    assert "private" not in str(page.evaluate("window.events"))


def test_opens_within_100_ms_on_a_warm_cache(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("Escape")
    spent = page.evaluate(
        """() => new Promise((resolve) => {
          const start = performance.now();
          window.chat.open();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
        })"""
    )
    assert spent < 100
