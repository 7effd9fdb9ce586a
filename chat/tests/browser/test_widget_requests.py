"""The widget where sockets are blocked: what a socket would tell and be told goes over plain requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chat.tests.browser.mock_server import MockChat
from chat.tests.browser.plain_requests import PlainRequests, open_without_sockets
from chat.tests.browser.test_widget import send

pytestmark = pytest.mark.browser


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


@pytest.fixture
def requests(server: MockChat, page: Page) -> Iterator[PlainRequests]:
    talk = open_without_sockets(server, page)
    yield talk
    talk.end()


def test_what_was_read_is_told_once_and_goes_forward(server: MockChat, requests: PlainRequests, page: Page) -> None:
    assert requests.wait_for(type="read") == {"type": "read", "seq": 1}
    requests.tell(server.store(role="cathy", name="Cathy", text="Are you there?"))
    expect(page.locator(".bubble", has_text="Are you there?")).to_be_visible()
    requests.wait_for(type="read", seq=2)
    assert [frame["seq"] for frame in requests.posted] == [1, 2]


def test_what_comes_while_the_window_is_closed_is_read_when_it_is_opened(
    server: MockChat, requests: PlainRequests, page: Page
) -> None:
    requests.wait_for(type="read", seq=1)
    page.get_by_role("button", name="Close chat").click()
    requests.tell(server.store(role="cathy", name="Cathy", text="Are you there?"))
    requests.tell()
    expect(page.locator(".bubble", has_text="Are you there?")).to_be_attached()
    page.wait_for_timeout(200)
    assert [frame["seq"] for frame in requests.posted] == [1]
    page.click("#launcher")
    requests.wait_for(type="read", seq=2)


def test_a_message_shows_as_read_when_it_was(server: MockChat, requests: PlainRequests, page: Page) -> None:
    send(page, "Hello")
    mine = requests.wait_for(type="message", text="Hello")
    requests.tell(server.messages[1])
    expect(page.locator(".state")).to_have_text("Delivered")
    requests.tell(read=2)
    expect(page.locator(".state")).to_have_text("Read")
    requests.tell(read=2)
    expect(page.locator(".state")).to_have_count(1)
    assert "after=2&read=2" in requests.asked[-1]
    assert server.messages[1]["id"] == mine["id"]


def test_the_place_in_line_is_shown_as_it_moves(server: MockChat, requests: PlainRequests, page: Page) -> None:
    requests.tell(owner="queue", queue={"position": 2, "promise": "Somebody is here."})
    expect(page.locator(".owner-line")).to_contain_text("Your place in line: 2. Somebody is here.")
    requests.tell(owner="queue", queue={"position": 1})
    expect(page.locator(".owner-line")).to_contain_text("Your place in line: 1.")
    requests.tell(owner="human", name="Dana")
    expect(page.locator(".owner-line")).to_be_hidden()
    positions = [re.search(r"position=(\d+)", address) for address in requests.asked]
    assert [found[1] for found in positions if found] == ["0", "2", "1", "0"]
