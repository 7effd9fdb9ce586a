"""The chat over plain requests as the browser's own routes play it, for pages whose sockets do not come through."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page, Route, expect

from chat.tests.browser.mock_server import DISCLOSURE, Frame, MockChat

TICKET = "ticket-over-http"


class PlainRequests:
    """Answers in place of the routes of docs/chat-socket.md. `posted` are the frames that came, `asked` the addresses
    of the long polls; a poll waits until the test tells something."""

    def __init__(self, server: MockChat, page: Page) -> None:
        self.posted: list[Frame] = []
        self.asked: list[str] = []
        self._server, self._page = server, page
        self._waiting: list[Route] = []
        self._untold: list[Frame] = []
        page.route("**/api/v1/conversations**", self._answer)
        page.route("**/api/v1/conversations/**", self._answer)

    def tell(self, *messages: Frame, owner: str = "ai", **news: Any) -> None:
        """Answer the poll that waits, or the next one."""
        body = {"conversation": self._server.conversation, "owner": owner, "messages": list(messages)}
        self._untold.append(body | {"seq": len(self._server.messages), "read": 0} | news)
        self._hand_out()

    def wait_for(self, **frame: Any) -> Frame:
        """A posted frame with these values; the page goes on meanwhile."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            for one in self.posted:
                if one.items() >= frame.items():
                    return one
            self._page.wait_for_timeout(20)
        raise AssertionError(f"no {frame} among {self.posted}")

    def end(self) -> None:
        """Leave no request without an answer."""
        for route in self._waiting:
            route.abort()
        self._page.unroute_all(behavior="ignoreErrors")

    def _answer(self, route: Route) -> None:
        request = route.request
        if request.method == "GET":
            self.asked.append(request.url)
            self._waiting.append(route)
            self._hand_out()
        elif request.url.endswith("/messages"):
            self._take(route, request.post_data_json)
        else:
            route.fulfill(status=201, json=self._ready())

    def _take(self, route: Route, frame: Frame) -> None:
        self.posted.append(frame)
        if frame["type"] == "read":
            route.fulfill(status=204)
            return
        stored = self._server.store(role="customer", name="", text=frame["text"], id=frame["id"], status="delivered")
        route.fulfill(status=202, json={"type": "ack", "id": frame["id"], "seq": stored["seq"]})

    def _hand_out(self) -> None:
        if self._waiting and self._untold:
            self._waiting.pop().fulfill(json=self._untold.pop(0))

    def _ready(self) -> Frame:
        messages = self._server.messages
        return {
            "conversation": self._server.conversation,
            "visitor": "5f0c7a52-3f6b-4a63-9a8e-0d4f0e2d9b11",
            "ticket": TICKET,
            "owner": self._server.owner,
            "ai_disclosure": DISCLOSURE["en"],
            "mode": "simulated",
            "lang": "en",
            "messages": messages,
            "seq": len(messages),
        }


def open_without_sockets(server: MockChat, page: Page) -> PlainRequests:
    """The widget, open, on a page that sockets do not reach."""
    server.down = True
    requests = PlainRequests(server, page)
    page.goto(f"{server.origin}/")
    page.wait_for_selector("html[data-mounted]")
    page.click("#launcher")
    expect(page.locator(".disclosure")).to_be_visible(timeout=15_000)
    return requests
