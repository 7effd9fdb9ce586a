"""The widget when the line is bad: nothing is lost, nothing is shown twice."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chat.tests.browser.conftest import GREETING, OpenPage
from chat.tests.browser.mock_server import MockChat
from chat.tests.browser.test_widget import bubbles, send

pytestmark = pytest.mark.browser


def test_takes_up_a_chat_with_its_ticket_after_the_last_number(server: MockChat, page: Page) -> None:
    server.drop()
    hello = server.wait_for("hello", 2)[1]
    assert hello["after"] == 1
    assert hello["ticket"] in server.tickets
    assert "visitor" not in hello


def test_a_line_lost_midway_through_a_reply_leaves_no_half_and_no_double(server: MockChat, page: Page) -> None:
    reply = str(uuid4())
    server.push({"type": "delta", "id": reply, "text": "The first half "})
    expect(page.locator(".streaming")).to_be_visible()
    server.drop()
    expect(page.locator(".streaming")).to_have_count(0)
    server.wait_for("hello", 2)
    page.wait_for_timeout(100)
    server.push({"type": "delta", "id": reply, "text": "and the second"})
    expect(page.locator(".typing")).to_be_visible()
    expect(page.locator(".streaming")).to_have_count(0)
    server.say("The first half and the second", id=reply)
    expect(page.locator(".typing")).to_have_count(0)
    assert bubbles(page) == [GREETING, "The first half and the second"]


def test_a_reply_finished_while_the_line_was_down_is_shown_once(server: MockChat, page: Page) -> None:
    reply = str(uuid4())
    server.push({"type": "delta", "id": reply, "text": "Half "})
    server.down = True
    server.drop()
    final = server.store(role="cathy", name="Cathy", text="Half and whole", id=reply)
    server.down = False
    server.wait_for("hello", 2)
    expect(page.locator(".bubble", has_text="Half and whole")).to_have_count(1)
    server.push(final)
    page.wait_for_timeout(100)
    assert bubbles(page) == [GREETING, "Half and whole"]


def test_a_message_whose_acknowledgement_was_lost_goes_again_and_is_stored_once(server: MockChat, page: Page) -> None:
    server.hold_acks = True
    send(page, "Did you get this?")
    server.wait_for("message")
    server.hold_acks = False
    server.drop()
    expect(page.locator(".state")).to_have_text("Delivered")
    assert bubbles(page) == [GREETING, "Did you get this?"]
    assert len({frame["id"] for frame in server.frames("message")}) == 1
    assert [message["text"] for message in server.messages] == [GREETING, "Did you get this?"]


def test_messages_written_offline_wait_and_go_out_in_order(server: MockChat, page: Page) -> None:
    server.down = True
    server.drop()
    for text in ("one", "two", "three"):
        send(page, text)
    expect(page.locator(".state").first).to_have_text("Waiting for the connection…")
    expect(page.get_by_text("The connection was lost. Trying again…")).to_be_visible()
    server.down = False
    expect(page.get_by_text("Delivered")).to_be_visible(timeout=15_000)
    expect(page.locator(".state")).to_have_count(1)
    assert [message["text"] for message in server.messages] == [GREETING, "one", "two", "three"]
    assert bubbles(page) == [GREETING, "one", "two", "three"]
    expect(page.get_by_text("The connection was lost.")).to_have_count(0)


def test_an_acknowledgement_ahead_of_a_lost_message_does_not_skip_it(server: MockChat, page: Page) -> None:
    lost = server.store(role="cathy", name="Cathy", text="Sent into a hole")
    send(page, "Mine")
    expect(page.locator(".state")).to_have_text("Delivered")
    server.drop()
    assert server.wait_for("hello", 2)[1]["after"] == lost["seq"] - 1
    expect(page.locator(".bubble", has_text="Sent into a hole")).to_be_visible()
    assert bubbles(page) == [GREETING, "Sent into a hole", "Mine"]


@pytest.mark.slow
def test_a_silent_server_is_left_and_a_message_that_never_goes_is_failed(server: MockChat, page: Page) -> None:
    server.deaf = True
    send(page, "Anybody?")
    expect(page.locator(".state-failed")).to_be_visible(timeout=40_000)
    assert len(server.frames("message")) == 3
    server.deaf = False
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".state")).to_have_text("Delivered")


def test_a_bad_ticket_is_dropped_and_a_new_chat_begins(server: MockChat, page: Page) -> None:
    send(page, "Before")
    expect(page.locator(".state")).to_have_text("Delivered")
    server.tickets.clear()
    server.messages[:] = server.messages[:1]
    server.conversation = str(uuid4())
    server.drop()
    hellos = server.wait_for("hello", 3)
    assert "ticket" in hellos[1]
    assert ("ticket" in hellos[2], hellos[2]["after"]) == (False, 0)
    expect(page.get_by_text("This is a new chat.")).to_be_visible()
    assert bubbles(page) == [GREETING]
    send(page, "After")
    expect(page.locator(".state")).to_have_text("Delivered")


def test_a_server_that_refuses_every_ticket_is_not_hammered(server: MockChat, page: Page) -> None:
    server.refuse_hello = 4401
    server.drop()
    expect(page.get_by_text("This chat cannot be opened from this page.")).to_be_visible()
    page.wait_for_timeout(1500)
    assert len(server.frames("hello")) == 3


@pytest.mark.parametrize(
    ("code", "words", "button"),
    [
        (4400, "Something went wrong. Please try again.", "Try again"),
        (4403, "This chat cannot be opened from this page.", "Start a new chat"),
        (4408, "The chat was paused because it was quiet for a while.", "Continue the chat"),
    ],
)
def test_a_closing_is_explained_and_waits_for_the_customer(
    server: MockChat, page: Page, code: int, words: str, button: str
) -> None:
    server.drop(code)
    expect(page.get_by_text(words)).to_be_visible()
    page.wait_for_timeout(1000)
    assert len(server.frames("hello")) == 1
    page.get_by_role("button", name=button).click()
    server.wait_for("hello", 2)
    expect(page.get_by_text(words)).to_have_count(0)


def test_a_paused_chat_goes_on_with_the_next_word(server: MockChat, page: Page) -> None:
    server.drop(4408)
    expect(page.get_by_text("The chat was paused")).to_be_visible()
    send(page, "I'm back")
    expect(page.locator(".state")).to_have_text("Delivered")
    assert bubbles(page) == [GREETING, "I'm back"]


def test_too_fast_takes_a_break(server: MockChat, page: Page) -> None:
    server.drop(4429)
    expect(page.get_by_text("That was a lot at once.")).to_be_visible()
    page.wait_for_timeout(1500)
    assert len(server.frames("hello")) == 1


def test_an_error_without_a_message_is_told_and_can_be_dismissed(server: MockChat, page: Page) -> None:
    server.push({"type": "error", "code": "unavailable", "message": "We cannot do that right now."})
    expect(page.get_by_text("We cannot do that right now.")).to_be_visible()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("We cannot do that right now.")).to_have_count(0)


def test_unreadable_frames_do_no_harm(server: MockChat, page: Page) -> None:
    for frame in ({"type": "surprise"}, {"type": "toString"}, {"type": None}, {"type": "ack", "id": "?", "seq": 9}):
        server.push(frame)
    server.push({"type": "status", "id": "nobody", "status": "failed"})
    server.say("Still here")
    expect(page.locator(".bubble", has_text="Still here")).to_be_visible()


def test_two_tabs_stay_in_step(
    server: MockChat, open_page: OpenPage, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context()
    one, two = open_page(context), open_page(context)
    assert server.wait_for("hello", 2)[1]["ticket"] in server.tickets
    send(one, "From the first tab")
    expect(two.locator(".from-customer .bubble")).to_have_text("From the first tab")
    send(two, "From the second")
    server.say("Hello to both")
    for page in (one, two):
        expect(page.locator(".bubble", has_text="Hello to both")).to_be_visible()
        assert bubbles(page) == [GREETING, "From the first tab", "From the second", "Hello to both"]


def test_a_reload_shows_the_same_transcript(server: MockChat, page: Page) -> None:
    send(page, "Remember me")
    expect(page.locator(".state")).to_have_text("Delivered")
    server.say("Always")
    expect(page.locator(".bubble", has_text="Always")).to_be_visible()
    before = bubbles(page)
    page.reload()
    page.wait_for_selector("html[data-mounted]")
    page.click("#launcher")
    expect(page.locator(".bubble", has_text="Always")).to_be_visible()
    assert bubbles(page) == before
    kept = page.evaluate("Object.entries(localStorage)")
    assert [name for name, _ in kept] == ["carloans.chat.demo"]
    assert "Remember" not in str(kept)
