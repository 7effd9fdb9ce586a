"""A synthetic customer: a browser that fills in the form and talks over the socket. It never touches the database."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from dashboard.scenarios.report import Unmet, expect

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
T = TypeVar("T")
#: Long enough for a killed process to be replaced and its leases to end: work is late then, but not lost.
PATIENCE_SECONDS = 120.0


def wait_for(probe: Callable[[], T], words: str, *, seconds: float = PATIENCE_SECONDS) -> T:
    """The first true answer of `probe`; raises Unmet with these words when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := probe():
            return answer
        time.sleep(0.1)
    raise Unmet(f"{words} within {seconds:.0f} seconds")


def event(kind: str, **fields: Any) -> dict[str, Any]:
    """One tracker event with an id of its own."""
    return {"id": str(uuid.uuid4()), "type": kind, "ts": datetime.now(tz=UTC).isoformat(), "page": "/", **fields}


@dataclass
class Customer:
    """Who this is, on which site, and the browser that remembers its visitor id and cookies."""

    base: str
    site: str
    email: str
    phone: str
    first_name: str = ""
    visitor: str | None = None
    browser: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.browser.headers.update({"User-Agent": WINDOWS, "Origin": self.base})

    def post_events(self, *events: dict[str, Any]) -> requests.Response:
        """Send events as the tracker does, again if the server is away; the visitor id of the answer is kept."""
        body = {"site": self.site, "events": list(events)} | ({"visitor": self.visitor} if self.visitor else {})
        response = persistently(lambda: self.browser.post(f"{self.base}/api/v1/events", json=body, timeout=10))
        if response.status_code == 202:
            self.visitor = response.json()["visitor"]
        return response

    def abandon_at(self, step: int, **values: Any) -> list[dict[str, Any]]:
        """Walk to a step, save there with an explicit press, and go silent. Returns the events that were sent."""
        known = {"email": self.email, "first_name": self.first_name}
        details = {**known, "marketing_email": True, "locale": "en", **values}
        events = [event("page_view")]
        events += [event("step_view", step=number) for number in range(1, step + 1)]
        events.append(event("save_progress", step=step, data=details))
        response = self.post_events(*events)
        expect(response.status_code == 202, f"the events were refused: {response.status_code} {response.text[:300]}")
        return events

    def socket(self, ticket: str | None = None, after: int = 0) -> Chat:
        return Chat.open(self, ticket=ticket, after=after)


def persistently(act: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """Try again while the server cannot be reached: a customer's browser does the same."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return act()
        except (requests.ConnectionError, WebSocketException, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


@dataclass
class Chat:
    """One conversation over the socket. After a broken connection it comes back with its ticket and what it lacks."""

    customer: Customer
    wire: ClientConnection
    ready: dict[str, Any]
    ticket: str
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_frames: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def open(cls, customer: Customer, *, ticket: str | None = None, after: int = 0) -> Chat:
        wire, ready = persistently(lambda: cls._dial(customer, ticket, after))
        chat = cls(customer, wire, ready, str(ready["ticket"]))
        chat._keep(*ready["messages"])
        return chat

    @staticmethod
    def _dial(customer: Customer, ticket: str | None, after: int) -> tuple[ClientConnection, dict[str, Any]]:
        parts = urlsplit(customer.base)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in customer.browser.cookies)
        headers = {"Cookie": cookies} if cookies else {}
        address = f"ws://{parts.netloc}/ws/chat/?site={customer.site}"
        wire = connect(address, origin=customer.base, additional_headers=headers, user_agent_header=WINDOWS)  # type: ignore[arg-type]
        hello = {"type": "hello", "visitor": customer.visitor, "ticket": ticket, "after": after, "lang": "en"}
        wire.send(json.dumps({key: value for key, value in hello.items() if value is not None}))
        ready = json.loads(wire.recv(timeout=10))
        expect(ready.get("type") == "ready", f"hello was answered with {ready}")
        return wire, ready

    def _keep(self, *messages: dict[str, Any]) -> None:
        for message in messages:
            self.messages[int(message["seq"])] = message

    @property
    def last_seq(self) -> int:
        return max(self.messages, default=0)

    def reconnect(self) -> None:
        self.wire, self.ready = persistently(lambda: self._dial(self.customer, self.ticket, self.last_seq))
        self._keep(*self.ready["messages"])

    def send(self, frame: dict[str, Any]) -> None:
        try:
            self.wire.send(json.dumps(frame))
        except WebSocketException:
            self.reconnect()
            self.wire.send(json.dumps(frame))

    def frames(self, seconds: float) -> Iterator[dict[str, Any]]:
        """Frames as they come, for so long; a broken connection is resumed and its missed messages come first."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                frame = json.loads(self.wire.recv(timeout=left))
            except TimeoutError:
                return
            except WebSocketException:
                known = set(self.messages)
                self.reconnect()
                yield {"type": "reconnected"}
                yield from (dict(self.messages[seq], type="message") for seq in sorted(set(self.messages) - known))
                continue
            if frame["type"] == "message":
                self._keep(frame)
            yield frame

    def wait(
        self, wanted: Callable[[dict[str, Any]], bool], words: str, *, seconds: float = PATIENCE_SECONDS
    ) -> dict[str, Any]:
        """The first frame that is wanted; raises Unmet with these words and the frames that came instead."""
        self.last_frames = []
        for frame in self.frames(seconds):
            self.last_frames.append(frame)
            if wanted(frame):
                return frame
        seen = [frame["type"] for frame in self.last_frames]
        raise Unmet(f"{words}; instead came {seen}")

    def say(self, text: str, on_delta: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """Send a message and return Cathy's whole reply; sends again with the same id after a broken connection."""
        frame = {"type": "message", "id": str(uuid.uuid4()), "text": text}
        self.send(frame)
        acknowledged = 0

        def is_reply(got: dict[str, Any]) -> bool:
            nonlocal acknowledged
            if got["type"] == "reconnected" and not acknowledged:
                self.send(frame)
            if got["type"] == "ack" and got["id"] == frame["id"]:
                acknowledged = int(got["seq"])
            if got["type"] == "delta":
                on_delta()
            if got["type"] == "error":
                raise Unmet(f"the message was refused: {got['code']}")
            is_cathys = got["type"] == "message" and got["role"] == "cathy"
            return bool(acknowledged) and is_cathys and got["seq"] > acknowledged

        return self.wait(is_reply, "Cathy did not answer")

    def card(self, kind: str) -> dict[str, Any] | None:
        """The newest open card of a kind in the transcript, or None."""
        for seq in sorted(self.messages, reverse=True):
            card = self.messages[seq].get("card")
            if card and card["kind"] == kind and card.get("state", "open") == "open":
                return dict(card)
        return None

    def wait_for_card(self, kind: str, *, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The open card of a kind, now or as soon as it comes."""
        found = self.card(kind)
        if not found:
            self.wait(lambda frame: self.card(kind) is not None, f"no {kind} card came", seconds=seconds)
            found = self.card(kind)
        expect(found, f"no {kind} card came")
        return dict(found or {})

    def press(self, card: dict[str, Any], action: str, **fields: Any) -> str:
        """Press a card's button. Returns the id of the press."""
        press_id = str(uuid.uuid4())
        self.send({"type": "action", "id": press_id, "card": card["id"], "action": action, "fields": fields})
        return press_id

    def close(self) -> None:
        self.wire.close()
