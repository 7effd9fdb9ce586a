"""The widget in a real browser: what a customer sees, and what leaves the page."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from chat.tests.browser.conftest import GREETING, OpenPage
from chat.tests.browser.mock_server import DISCLOSURE, MockChat

pytestmark = pytest.mark.browser


def send(page: Page, text: str) -> None:
    page.fill("textarea", text)
    page.keyboard.press("Enter")


def bubbles(page: Page) -> list[str]:
    return page.locator(".message:not(.from-system) .bubble").all_inner_texts()


def events(page: Page, name: str) -> list[dict[str, object]]:
    return [detail for kind, detail in page.evaluate("window.events") if kind == name]


def stored(server: MockChat) -> list[str]:
    return [str(message["text"]) for message in server.messages]


# --- opening


def test_nothing_is_sent_before_the_chat_is_opened(server: MockChat, open_page: OpenPage) -> None:
    page = open_page(opened=False)
    page.wait_for_timeout(300)
    assert server.received == []
    page.click("#launcher")
    hello = server.wait_for("hello")[0]
    assert hello == {"type": "hello", "after": 0, "lang": "en"}


def test_says_that_cathy_is_an_ai_assistant_and_simulated(page: Page) -> None:
    expect(page.locator(".disclosure")).to_have_text(DISCLOSURE["en"])
    expect(page.locator(".head")).to_contain_text(re.compile("Cathy.*AI assistant.*Simulated"))
    expect(page.locator(".message .tag")).to_have_text("AI")
    assert bubbles(page) == [GREETING]


def test_a_real_model_is_not_called_simulated(server: MockChat, open_page: OpenPage) -> None:
    server.mode = "live"
    expect(open_page().get_by_text("Simulated")).to_be_hidden()


def test_disclosure_comes_again_when_a_chat_is_taken_up(server: MockChat, open_page: OpenPage) -> None:
    page = open_page()
    send(page, "Hello")
    server.wait_for("message")
    page.reload()
    page.wait_for_selector("html[data-mounted]")
    page.click("#launcher")
    expect(page.locator(".list > li").last).to_have_text(DISCLOSURE["en"])
    assert bubbles(page) == [GREETING, "Hello"]


def test_a_returner_is_welcomed_without_a_press(open_page: OpenPage) -> None:
    page = open_page(opened=False, welcome="1")
    expect(page.locator(".panel")).to_be_visible()
    expect(page.get_by_text(GREETING)).to_have_count(2)  # once to see, once to hear
    assert page.evaluate("document.activeElement === document.body")


def test_works_on_another_origin(server: MockChat, open_page: OpenPage) -> None:
    page = open_page(origin=f"http://localhost:{server.port}", base=server.origin)
    send(page, "From afar")
    expect(page.locator(".state")).to_have_text("Delivered")


# --- writing


def test_a_message_is_sent_only_when_the_server_has_it(server: MockChat, page: Page) -> None:
    server.hold_acks = True
    send(page, "Is it stored?")
    server.wait_for("message")
    expect(page.locator(".state")).to_have_text("Sending…")
    frame = server.frames("message")[0]
    server.push({"type": "ack", "id": frame["id"], "seq": 2})
    expect(page.locator(".state")).to_have_text("Sent")
    for status, word in (("delivered", "Delivered"), ("read", "Read"), ("delivered", "Read")):
        server.push({"type": "status", "id": frame["id"], "status": status})
        expect(page.locator(".state")).to_have_text(word)


def test_no_keystroke_leaves_before_send(server: MockChat, page: Page) -> None:
    page.locator("textarea").press_sequentially("my secret 123-45-6789")
    server.wait_for("typing")
    assert server.frames("typing") == [{"type": "typing", "on": True}]
    assert "secret" not in str(server.received)
    assert {frame["type"] for frame in server.received} <= {"hello", "read", "typing"}


def test_a_refused_message_says_why_and_goes_again_with_the_same_id(server: MockChat, page: Page) -> None:
    server.refuse_next = {"code": "rate_limited", "message": "That was quite fast."}
    send(page, "Quick")
    expect(page.locator(".state-failed")).to_contain_text("That was quite fast.")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".state")).to_have_text("Delivered")
    first, second = server.frames("message")
    assert first == second
    assert stored(server) == [GREETING, "Quick"]


def test_a_message_that_cannot_go_returns_to_the_composer(server: MockChat, page: Page) -> None:
    server.refuse_next = {"code": "too_long", "message": "Please shorten it."}
    send(page, "A long story")
    page.get_by_role("button", name="Edit").click()
    expect(page.locator("textarea")).to_have_value("A long story")
    assert bubbles(page) == [GREETING]


def test_text_that_the_server_masked_replaces_our_copy(server: MockChat, page: Page) -> None:
    send(page, "It is 123-45-6789")
    server.wait_for("message")
    expect(page.locator(".state")).to_have_text("Delivered")
    server.messages[1]["text"] = "It is [removed]"
    server.update(server.messages[1])
    expect(page.locator(".from-customer .bubble")).to_have_text("It is [removed]")
    expect(page.locator(".state")).to_have_text("Delivered")


def test_too_long_a_text_stays_and_is_counted_in_code_points(server: MockChat, page: Page) -> None:
    page.fill("textarea", "🚗" * 4001)
    expect(page.get_by_text("That is 4001 characters.")).to_be_visible()
    page.keyboard.press("Enter")
    page.fill("textarea", "🚗" * 4000)
    page.keyboard.press("Enter")
    assert server.wait_for("message")[0]["text"] == "🚗" * 4000
    expect(page.locator(".state")).to_have_text("Delivered")


def test_shift_enter_breaks_the_line_and_empty_text_is_not_sent(server: MockChat, page: Page) -> None:
    send(page, "   \n ")
    page.fill("textarea", "one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    assert [frame["text"] for frame in server.wait_for("message")] == ["one\ntwo"]


def test_hostile_text_is_only_text(server: MockChat, page: Page) -> None:
    hostile = (
        '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\x00\x1b[31m'
        "\u202eevil {{constructor}} ${1} javascript:alert(1) Z̸̧̢͇͎̗͙̈́͆a̵͓͑l̶͓̈́g̷̫͑o̷͚͝ " + "x" * 3000
    )
    send(page, hostile)
    expect(page.locator(".state")).to_have_text("Delivered")
    server.say(hostile)
    server.say(
        "",
        card={
            "type": "card",
            "id": '"><b>',
            "kind": "privacy",
            "state": "open",
            "title": hostile,
            "body": [hostile],
            "actions": [],
        },
    )
    expect(page.locator(".card")).to_be_visible()
    assert page.locator(".panel img, .panel script, .panel b").count() == 0
    assert page.evaluate("window.hacked") is None
    assert server.frames("message")[0]["text"] == hostile.replace("\x00", "").replace("\x1b", "")
    assert (
        page.evaluate(
            "document.querySelector('[data-car-loans-chat]').shadowRoot.querySelector('.scroller').scrollWidth"
        )
        <= 400
    )


def test_quick_replies_help_to_start_and_then_leave(server: MockChat, page: Page) -> None:
    page.get_by_role("button", name="I'd like to talk to a person").click()
    assert server.wait_for("message")[0]["text"] == "I'd like to talk to a person"
    expect(page.locator(".starters")).to_be_hidden()


# --- reading


def test_a_reply_streams_and_is_heard_once(server: MockChat, page: Page) -> None:
    reply = str(uuid4())
    server.push({"type": "typing", "who": "cathy", "on": True})
    expect(page.locator(".typing")).to_contain_text("Cathy is typing")
    for piece in ("It is a soft ", "inquiry. "):
        server.push({"type": "delta", "id": reply, "text": piece})
    expect(page.locator(".streaming .bubble")).to_have_text("It is a soft inquiry.")
    expect(page.locator(".streaming")).to_have_attribute("aria-hidden", "true")
    expect(page.locator(".typing")).to_have_count(0)
    assert "inquiry" not in page.locator("[aria-live]").inner_text()
    server.say("It is a soft inquiry. It does not affect your score.", id=reply)
    expect(page.locator(".streaming")).to_have_count(0)
    assert bubbles(page) == [GREETING, "It is a soft inquiry. It does not affect your score."]
    assert page.locator("[aria-live]").inner_text().count("It is a soft inquiry.") == 1


def test_messages_stand_in_the_servers_order_whatever_order_they_come_in(server: MockChat, page: Page) -> None:
    first, second = (server.store(role="cathy", name="Cathy", text=text) for text in ("first", "second"))
    for frame in (second, first, second):
        server.push(frame)
    expect(page.get_by_text("first").first).to_be_visible()
    assert bubbles(page) == [GREETING, "first", "second"]


def test_unread_messages_are_counted_while_closed_and_read_when_opened(server: MockChat, page: Page) -> None:
    assert server.wait_for("read")[-1]["seq"] == 1
    page.keyboard.press("Escape")
    server.say("One more thing")
    server.say("And another")
    page.wait_for_timeout(150)
    assert events(page, "unread")[-1] == {"count": 2}
    assert server.frames("read")[-1]["seq"] == 1
    page.click("#launcher")
    assert server.wait_for("read", 2)[-1] == {"type": "read", "seq": 3}
    assert events(page, "unread")[-1] == {"count": 0}
    assert "One more" not in str(page.evaluate("window.events"))


def test_the_reader_is_not_torn_away_from_older_messages(server: MockChat, page: Page) -> None:
    for number in range(30):
        server.store(role="cathy", name="Cathy", text=f"Line {number}")
        server.push(server.messages[-1])
    page.locator(".scroller").evaluate("node => { node.scrollTop = 0; }")
    page.wait_for_timeout(100)
    server.say("News")
    expect(page.locator(".jump")).to_be_visible()
    assert page.locator(".scroller").evaluate("node => node.scrollTop") == 0
    page.locator(".jump").click()
    expect(page.locator(".jump")).to_be_hidden()
    expect(page.locator(".bubble", has_text="News")).to_be_in_viewport()


# --- who answers


def test_a_person_takes_over_with_their_own_name_and_sign(server: MockChat, page: Page) -> None:
    server.push({"type": "delta", "id": str(uuid4()), "text": "Half a rep"})
    server.push({"type": "owner", "owner": "queue"})
    expect(page.get_by_text("A team member has been asked to join.")).to_be_visible()
    expect(page.locator(".streaming")).to_have_count(0)
    promise = "Our team is here from 9 am."
    server.push({"type": "owner", "owner": "queue", "queue": {"position": 2, "promise": promise}})
    expect(page.locator(".owner-line")).to_contain_text(f"Your place in line: 2. {promise}")
    server.push({"type": "owner", "owner": "human", "name": "Dana Ruiz"})
    expect(page.locator(".head")).to_contain_text(re.compile("Dana Ruiz.*Team member"))
    expect(page.locator(".head")).not_to_contain_text("AI assistant")
    server.say("Hi, I'm Dana.", role="staff", name="Dana Ruiz")
    expect(page.locator(".from-staff .name")).to_have_text("Dana Ruiz")
    expect(page.locator(".from-staff .tag")).to_have_count(0)
    server.push({"type": "owner", "owner": "ai"})
    expect(page.locator(".head")).to_contain_text(re.compile("Cathy.*AI assistant"))


def test_the_place_in_line_moves_and_only_what_is_new_is_read_out(server: MockChat, page: Page) -> None:
    promise = "Our team is here from 9 am."
    server.push({"type": "owner", "owner": "queue", "queue": {"position": 3, "promise": promise}})
    line = page.locator(".owner-line")
    expect(line).to_contain_text(f"Your place in line: 3. {promise}")
    assert (line.get_attribute("role"), line.get_attribute("aria-atomic")) == ("status", "false")
    line.evaluate(
        """node => { window.changed = []; new MutationObserver((all) => window.changed.push(
          ...all.map(({ target }) => (target.closest?.('span') ?? target.parentNode).textContent)
        )).observe(node, { childList: true, characterData: true, subtree: true }) }"""
    )
    server.push({"type": "queue", "queue": {"position": 3, "promise": promise}})
    server.push({"type": "queue", "queue": {"position": 2, "promise": promise}})
    expect(line).to_contain_text(f"Your place in line: 2. {promise}")
    assert page.evaluate("window.changed") == ["Your place in line: 2."]
    page.get_by_role("button", name="Cambiar a español").click()
    expect(line).to_contain_text(f"Su turno en la fila: 2. {promise}")
    server.push({"type": "queue", "queue": {"position": 1}})
    expect(line).to_have_text(re.compile(r"Su turno en la fila: 1\.\s*$"))
    server.push({"type": "owner", "owner": "closed"})
    expect(page.get_by_text("Su turno en la fila")).to_be_hidden()


def test_a_closed_chat_says_so_and_can_be_written_to(server: MockChat, page: Page) -> None:
    server.push({"type": "owner", "owner": "closed"})
    expect(page.get_by_text("This chat is closed.")).to_be_visible()
    send(page, "One more question")
    expect(page.locator(".state")).to_have_text("Delivered")


# --- language


def test_speaks_spanish_from_the_pages_language(server: MockChat, open_page: OpenPage) -> None:
    page = open_page(lang="es-MX")
    assert server.frames("hello")[0]["lang"] == "es"
    expect(page.locator(".disclosure")).to_have_text(DISCLOSURE["es"])
    expect(page.get_by_label("Su mensaje")).to_be_visible()
    expect(page.get_by_text("Asistente de IA", exact=True)).to_be_visible()


def test_the_switch_changes_every_word_and_tells_the_server(server: MockChat, page: Page) -> None:
    send(page, "Hello")
    expect(page.locator(".state")).to_have_text("Delivered")
    page.get_by_role("button", name="Cambiar a español").click()
    hello = server.wait_for("hello", 2)[1]
    assert (hello["lang"], hello["after"], "ticket" in hello) == ("es", 2, True)
    expect(page.locator(".state")).to_have_text("Entregado")
    expect(page.locator(".frame")).to_have_attribute("lang", "es")
    english = ["Send message", "Close chat", "Delivered", "Write a message", "AI assistant", "This chat is saved"]
    expect(page.locator(".disclosure")).to_have_text(DISCLOSURE["es"])
    shown = "".join(page.locator(".head, .foot, .starters").evaluate_all("nodes => nodes.map(node => node.outerHTML)"))
    assert [word for word in english if word in shown] == []
    page.reload()
    page.wait_for_selector("html[data-mounted]")
    page.click("#launcher")
    expect(page.get_by_text("Asistente de IA", exact=True)).to_be_visible()
