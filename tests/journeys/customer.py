"""A customer at a browser: what they do in the chat, and what they see of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from chat import selectors
from chat.frames import MessageView
from chat.models import Conversation
from visitors import selectors as visitors

T = TypeVar("T")
#: What stands in the list under a number of the server: (number, role, text, title of its card).
Line = tuple[int, str, str, str]
_READ = """nodes => nodes.map((node) => [
  Number(node.dataset.seq), node.className.match(/from-(\\w+)/)[1],
  node.querySelector(':scope > .body > .bubble')?.textContent ?? '', node.querySelector('.card h3')?.textContent ?? '',
])"""


@dataclass
class Customer:
    page: Page
    shots: Path

    # What they do

    def open(self) -> None:
        self.launcher.click()
        self.is_open()

    def is_open(self) -> None:
        expect(self.chat.locator("[data-seq='1']")).to_be_visible()

    def say(self, text: str) -> None:
        """Write and wait for Cathy's answer."""
        before = self.chat.locator(".from-cathy[data-seq]").count()
        self.write(text)
        expect(self.chat.locator(".from-cathy[data-seq]").nth(before)).to_be_visible()
        expect(self.chat.locator(".typing, .streaming")).to_have_count(0)

    def write(self, text: str) -> None:
        self.box.fill(text)
        self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        self.chat.locator(".card:not(.settled)").last.get_by_role("button", name=name, exact=True).click()

    def field(self, label: str) -> Locator:
        """A text field of the newest open card."""
        return self.chat.locator(".card:not(.settled)").last.get_by_role("textbox", name=label)

    def look(self, name: str) -> None:
        """Keep a picture."""
        self.shots.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(250)
        self.page.screenshot(path=self.shots / f"{name}.png")

    # What they see

    @property
    def chat(self) -> Locator:
        return self.page.locator("[data-car-loans-chat]")

    @property
    def launcher(self) -> Locator:
        return self.page.locator("[data-car-loans-launcher] button")

    @property
    def box(self) -> Locator:
        return self.chat.locator("textarea")

    @property
    def conversation(self) -> UUID:
        return UUID(self.memory["conversation"])

    @property
    def row(self) -> Conversation:
        return Conversation.objects.get(pk=self.conversation)

    @property
    def contact(self) -> visitors.Contact:
        return visitors.visitor_contact(visitor_id=self.row.visitor_id)

    @property
    def memory(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.page.evaluate("localStorage.getItem('carloans.chat.demo') ?? '{}'"))
        return found

    def shown(self) -> list[Line]:
        return [tuple(line) for line in self.chat.locator(".list > .message[data-seq]").evaluate_all(_READ)]

    def sees_everything(self) -> list[Line]:
        """The browser's transcript equals the server's, each message once; gives it."""
        stored = [_line(view) for view in selectors.news(self.conversation, after=0)[1]]
        expect(self.chat.locator(".list > .message[data-seq]")).to_have_count(len(stored))
        assert self.shown() == stored
        assert [seq for seq, *_ in stored] == list(range(1, len(stored) + 1))
        return stored


def eventually(probe: Callable[[], T], seconds: float = 20) -> T:
    """What `probe` gives as soon as it gives something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := probe():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come")


def _line(view: MessageView) -> Line:
    return view.seq, view.role, view.text, str((view.card or {}).get("title", ""))
