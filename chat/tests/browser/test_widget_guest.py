"""The widget as a guest on other people's pages: untouched by them, and leaving them as they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chat.tests.browser import cards
from chat.tests.browser.conftest import GREETING, OpenPage
from chat.tests.browser.mock_server import MockChat
from chat.tests.browser.test_widget import bubbles, events, send

pytestmark = pytest.mark.browser
NewContext = Callable[..., BrowserContext]
#: Everything about how the widget looks, but for what differs between two visits.
LOOK = """() => [...document.querySelectorAll('[data-car-loans-chat], [data-car-loans-launcher]')].flatMap((host) =>
  [...host.shadowRoot.querySelectorAll('button, .panel, .head, .badge, .bubble, textarea, .card, .field input, h3')]
    .map((node) => {
      const style = getComputedStyle(node);
      const { x, y, width, height } = node.getBoundingClientRect();
      const names = ['color', 'backgroundColor', 'fontFamily', 'fontSize', 'display', 'position', 'visibility',
        'opacity', 'letterSpacing', 'textTransform', 'direction', 'writingMode', 'pointerEvents', 'transform',
        'filter', 'zIndex'];
      return [node.className, x, y, width, height, ...names.map((name) => style[name])].join(' ');
    }))"""


def launcher(page: Page) -> Any:
    return page.locator("[data-car-loans-launcher] button")


def visit(context: BrowserContext, server: MockChat, path: str = "/", **query: str) -> Page:
    page = context.new_page()
    wishes = "&".join(f"{name}={value}" for name, value in query.items())
    page.goto(f"{server.origin}{path}?embed=1&{wishes}")
    page.wait_for_selector("html[data-mounted]", state="attached")
    return page


def talk(page: Page, server: MockChat) -> None:
    """Open, say something, and get a form."""
    launcher(page).click()
    expect(page.locator(".disclosure")).to_be_visible()
    send(page, "Hello")
    expect(page.locator(".state")).to_have_text("Delivered")
    server.say("Where can we reach you?", card=cards.contact_form())
    expect(page.locator(".card")).to_be_visible()


def test_no_style_and_no_prototype_of_the_page_reaches_it(server: MockChat, new_context: NewContext) -> None:
    looks = []
    for path in ("/", "/hostile.html"):
        del server.messages[1:]
        page = visit(new_context(), server, path)
        button = page.evaluate(LOOK)
        assert launcher(page).bounding_box()["height"] == 52
        talk(page, server)
        page.wait_for_timeout(100)
        looks.append([*button, *page.evaluate(LOOK)])
        page.get_by_role("textbox", name="Phone", exact=True).fill("512-867-5309")
        page.locator(".card").get_by_role("button", name="Send").click()
        fields = server.wait_for("action", len(looks))[-1]["fields"]
        assert fields == {"phone": "512-867-5309", "email": "", "dealer_contact": False}
    assert looks[0] == looks[1]
    assert "polluted" not in str(server.received)


def test_the_page_is_left_as_it_was(server: MockChat, open_page: OpenPage, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script("window.before = new Set(Object.getOwnPropertyNames(window))")
    page = context.new_page()
    page.goto(f"{server.origin}/?embed=1")
    page.wait_for_selector("html[data-mounted]")
    look = """() => [document.body.outerHTML, document.head.outerHTML, document.documentElement.className,
      document.documentElement.getAttribute('style'), document.styleSheets.length, document.adoptedStyleSheets.length,
      getComputedStyle(document.body).overflow, scrollX, scrollY]"""
    before = page.evaluate(look)
    talk(page, server)
    assert page.evaluate(look) == before
    own = "Object.getOwnPropertyNames(window).filter((name) => !window.before.has(name))"
    assert set(page.evaluate(own)) == {"before", "events", "violations", "call"}


def test_the_launcher_counts_what_is_unread_and_always_names_the_ai(server: MockChat, new_context: NewContext) -> None:
    page = visit(new_context(), server)
    assert server.received == []
    expect(launcher(page)).to_have_accessible_name("Chat with Cathy, AI assistant")
    expect(launcher(page).locator(".ai")).to_have_text("AI")
    launcher(page).click()
    expect(page.locator(".disclosure")).to_be_visible()
    expect(launcher(page)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(launcher(page)).to_be_focused()
    for number in range(12):
        server.say(f"News {number}")
    expect(launcher(page).locator(".unread")).to_have_text("9+")
    expect(launcher(page)).to_have_accessible_name("Chat with Cathy, AI assistant, 12 unread")
    page.reload()
    expect(launcher(page).locator(".unread")).to_have_text("9+")
    launcher(page).click()
    server.wait_for("read", 2)
    page.keyboard.press("Escape")
    expect(launcher(page).locator(".unread")).to_have_text("")


def test_the_page_chooses_words_colour_place_and_theme(server: MockChat, new_context: NewContext) -> None:
    texts = '{"en":{"launcher":"Ask us","placeholder":"Your question"},"es":{"launcher":"Pregunte"}}'
    page = visit(
        new_context(), server, texts=texts, colour="%23ffd400", position="left", theme="dark", bottom="90", lang="en"
    )
    expect(launcher(page)).to_have_accessible_name("Ask us, AI assistant")
    box = launcher(page).bounding_box()
    assert (box["x"], box["y"] + box["height"]) == (20, 810)
    launcher(page).click()
    expect(page.get_by_placeholder("Your question")).to_be_visible()
    assert page.locator(".panel").bounding_box()["x"] == 20
    style = "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    assert page.locator(".panel").evaluate(style)[0] == "rgb(18, 25, 27)"
    assert page.locator(".head").evaluate(style) == ["rgb(255, 212, 0)", "rgb(0, 0, 0)"]
    page.evaluate("window.call('locale', 'es-MX')")
    expect(page.locator(".head")).to_contain_text("Asistente de IA")
    page.evaluate("window.call('close')")
    expect(launcher(page)).to_have_accessible_name("Pregunte, asistente de IA")


def test_a_page_may_show_its_own_button(server: MockChat, new_context: NewContext) -> None:
    page = visit(new_context(), server, launcher="none")
    expect(launcher(page)).to_be_hidden()
    page.evaluate("window.call('open')")
    expect(page.locator(".panel")).to_be_visible()
    page.evaluate("window.call('toggle')")
    expect(page.locator(".panel")).to_be_hidden()
    expect(launcher(page)).to_be_hidden()
    assert [name for name, _ in page.evaluate("window.events") if name in {"open", "close"}] == ["open", "close"]


def test_reset_begins_anew_and_identify_takes_up_a_signed_chat(server: MockChat, new_context: NewContext) -> None:
    page = visit(new_context(), server)
    talk(page, server)
    ticket = page.evaluate("JSON.parse(localStorage.getItem('carloans.chat.demo')).ticket")
    server.conversation, kept = "5f0c7a52-3f6b-4a63-9a8e-0d4f0e2d9b12", server.messages[:]
    del server.messages[1:]
    page.evaluate("window.call('reset')")
    hello = server.wait_for("hello", 2)[1]
    assert "ticket" not in hello
    expect(page.locator(".bubble", has_text="Hello")).to_have_count(0)
    assert bubbles(page) == [GREETING]
    server.messages[:] = kept
    page.evaluate("ticket => window.call('identify', ticket)", ticket)
    assert server.wait_for("hello", 3)[2]["ticket"] == ticket
    expect(page.locator(".bubble", has_text="Hello")).to_be_visible()
    page.evaluate("window.call('identify', 'made up')")
    expect(page.get_by_text("This is a new chat.")).to_be_visible()


def test_a_reload_keeps_the_draft_and_what_has_not_gone_out(server: MockChat, new_context: NewContext) -> None:
    page = visit(new_context(), server)
    launcher(page).click()
    expect(page.locator(".disclosure")).to_be_visible()
    server.deaf = True
    send(page, "On its way")
    sent = server.wait_for("message")[0]
    page.fill("textarea", "Half a thou")
    page.reload()
    launcher(page).click()
    expect(page.locator("textarea")).to_have_value("Half a thou")
    server.deaf = False
    server.drop()
    expect(page.locator(".state")).to_have_text("Delivered")
    assert {frame["id"] for frame in server.frames("message")} == {sent["id"]}
    assert bubbles(page) == [GREETING, "On its way"]
    page.fill("textarea", "my number 123-45-6789")
    kept = page.evaluate("sessionStorage.getItem('carloans.chat.demo')")
    assert "45-6789" not in kept
    assert "On its way" not in kept


def test_a_returner_is_greeted_once_for_each_tab(server: MockChat, new_context: NewContext) -> None:
    page = visit(new_context(), server, welcome="1")
    expect(page.locator(".panel")).to_be_visible()
    assert page.evaluate("document.activeElement === document.body")
    page.get_by_role("button", name="Close chat").click()
    expect(launcher(page)).to_be_focused()
    page.reload()
    expect(launcher(page)).to_be_visible()
    expect(page.locator(".panel")).to_be_hidden()
    assert [name for name, _ in page.evaluate("window.events")].count("open") == 0


def test_it_is_silent_until_the_customer_turns_the_sound_on(server: MockChat, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(
        "window.sounds = 0; window.AudioContext = class extends AudioContext { createOscillator() {"
        " window.sounds += 1; return super.createOscillator(); } }"
    )
    page = visit(context, server)
    launcher(page).click()
    expect(page.locator(".disclosure")).to_be_visible()
    page.keyboard.press("Escape")
    server.say("Quiet")
    expect(launcher(page).locator(".unread")).to_have_text("1")
    assert page.evaluate("window.sounds") == 0
    launcher(page).click()
    page.get_by_role("button", name="More").click()
    sound = page.get_by_role("button", name="Sound for new messages")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    heard = page.evaluate("window.sounds")
    assert heard > 0
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="More")).to_be_focused()
    page.keyboard.press("Escape")
    server.say("Hear me")
    expect(launcher(page).locator(".unread")).to_have_text("1")
    assert page.evaluate("window.sounds") > heard


def test_the_customer_keeps_a_copy(server: MockChat, page: Page) -> None:
    send(page, "Keep this")
    expect(page.locator(".state")).to_have_text("Delivered")
    server.say("I will.", role="staff", name="Dana")
    page.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save this chat").click()
    saved = download.value.path().read_text()
    order = [saved.index(text) for text in (GREETING, "Keep this", "I will.")]
    assert order == sorted(order)
    assert "Cathy (AI assistant)" in saved
    assert "Dana (Team member)" in saved
    page.evaluate("window.open = (...args) => { window.printed = args; return null; }")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Print this chat").click()
    assert page.evaluate("window.printed.length") == 3
    expect(page.get_by_role("button", name="More")).to_be_focused()


def test_one_question_after_the_end(server: MockChat, page: Page) -> None:
    server.push({"type": "owner", "owner": "closed"})
    server.say("This conversation is closed.", role="system", name="", card=cards.rating())
    expect(page.get_by_role("radiogroup", name="Your rating")).to_be_visible()
    page.get_by_role("radio", name="5 Very helpful").check()
    page.get_by_role("button", name="Send", exact=True).click()
    assert server.wait_for("action")[0]["fields"] == {"score": "5"}
    expect(page.get_by_text("Sent. Thank you.")).to_be_visible()


def test_every_colour_of_a_page_stays_readable(page: Page) -> None:
    lowest = page.evaluate(
        """async () => {
          const { known, textOn } = await import("/static/chat/widget/colour.js");
          const part = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
            .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
          const light = (hex) => part(hex).reduce((sum, c, index) => sum + c * [0.2126, 0.7152, 0.0722][index], 0);
          const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          let lowest = 21;
          for (let colour = 0; colour < 0x1000; colour += 1) {
            const full = known("#" + colour.toString(16).padStart(3, "0"));
            lowest = Math.min(lowest, ratio(light(full), light(textOn(full))));
          }
          return [lowest, known("red"), known("#12345"), known(null)];
        }"""
    )
    assert lowest[0] >= 4.5
    assert lowest[1:] == ["#0b5d4e"] * 3


def test_other_tabs_follow_what_was_read_and_the_language(
    server: MockChat, open_page: OpenPage, new_context: NewContext
) -> None:
    context = new_context()
    one, two = open_page(context), open_page(context)
    for tab in (one, two):
        tab.keyboard.press("Escape")
    server.say("News")
    expect(one.locator(".bubble", has_text="News")).to_have_count(1)
    two.click("#launcher")
    server.wait_for("read", 2)
    one.wait_for_timeout(200)
    assert events(one, "unread")[-1] == {"count": 0}
    two.get_by_role("button", name="Cambiar a español").click()
    expect(one.locator(".frame")).to_have_attribute("lang", "es")
