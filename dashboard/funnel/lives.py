"""What one visitor does, from the first page to the last word in the chat, through the doors that real ones use."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync

from campaigns import services as campaigns
from carloans.core import rights
from carloans.core.clock import utc_now
from carloans.core.errors import CarLoansError
from chat import selectors as chat_selectors
from chat import services as chat
from chat import turns
from chat.services import Knock, Origin
from dashboard.funnel.agenda import Life
from dashboard.funnel.people import BROWSER, CRAWLER, Person
from dashboard.funnel.providers import Letter
from dashboard.funnel.talking import Line
from visitors import consent_texts, selectors
from visitors import services as visitors
from visitors.services import Arrival

if TYPE_CHECKING:
    from dashboard.funnel.town import Town

_LINK: Final = re.compile(r"/r/([\w-]+)")
_WAY_OUT: Final = re.compile(r"/u/([\w=-]+)")


def first_visit(town: Town, person: Person) -> Life:
    """Arrive, look around, perhaps fill in the form, perhaps save it, and go silent or finish."""
    browser = Browser(town, person)
    if person.path == "ask":
        yield from Talk(town, person).life()
        return
    if person.imported:
        _import(person)
        return
    browser.send(browser.event("page_view"))
    yield _minutes(person, 0.2, 3)
    if person.path == "look":
        return
    yield from _fill_in(browser, person)
    if person.path == "start":
        return
    browser.save()
    if person.path == "submit":
        yield _minutes(person, 1, 5)
        browser.submit()
    elif person.rng.random() < 0.15:
        yield _minutes(person, 0.3, 2)
        yield from Talk(town, person).life()


def _fill_in(browser: Browser, person: Person) -> Life:
    for step in range(1, person.step + 1):
        events = [browser.event("step_view", step=step), browser.event("field_focus", step=step, field="employer")]
        if person.rng.random() < 0.2:
            events.append(browser.event("step_error", step=step, field="phone", data={"code": "invalid_phone"}))
        browser.send(*events)
        yield _minutes(person, 0.3, 4)


def _minutes(person: Person, least: float, most: float) -> timedelta:
    return timedelta(minutes=person.rng.uniform(least, most))


def _import(person: Person) -> None:
    """The lender's own platform reports this person, with the consent that it took."""
    now = utc_now()
    site = selectors.site_by_key(key=person.site)
    raw = {name: value for name, value in person.values().items() if name != "marketing_email"}
    raw |= {"external_id": f"ext-{person.number}", "step": person.step, "last_event_at": now.isoformat()}
    if person.consents:
        shown = selectors.site_consent_text(
            site_key=person.site, kind=consent_texts.MARKETING_EMAIL, locale=person.locale
        )
        raw["marketing_consent"] = {
            "text_version": shown.version, "text_sha256": shown.sha256, "given_at": now.isoformat(),
        }  # fmt: skip
        person.consented_at = now
    checked = visitors.read_import(raw, allow_test_numbers=person.demo, now=now)
    found = visitors.import_application(site=site, one=checked, now=now)
    person.saved_at = now
    person.visitor_id = selectors.application_ref(application_id=found.application_id).visitor_id


class Browser:
    """A visitor's browser with the tracker in it."""

    def __init__(self, town: Town, person: Person) -> None:
        self.town, self.person = town, person

    def event(self, kind: str, **fields: Any) -> dict[str, Any]:
        return {"id": str(uuid4()), "type": kind, "ts": utc_now().isoformat(), "page": "/apply", **fields}

    def send(self, *events: dict[str, Any]) -> None:
        """Post a batch; now and then twice, because the first answer got lost."""
        self._send(events)
        if self.person.rng.random() < 0.08:
            self._send(events)

    def _send(self, events: tuple[dict[str, Any], ...]) -> None:
        person = self.person
        agent = CRAWLER if person.bot else BROWSER
        try:
            found = visitors.ingest_events(
                site_key=person.site, origin=None, visitor_id=person.visitor_id, events=list(events),
                arrival=Arrival(now=utc_now(), ip=person.ip, user_agent=agent, gpc=person.gpc),
            )  # fmt: skip
        except CarLoansError as refusal:
            self.town.agenda.refusals[refusal.code] += 1
            return
        person.visitor_id = found.visitor_id or person.visitor_id

    def save(self) -> None:
        """Press "save my progress", the box for e-mails ticked or not."""
        person, now = self.person, utc_now()
        self.send(self.event("save_progress", step=person.step, data=person.values()))
        if person.visitor_id:
            person.saved_at = now
            person.consented_at = now if person.consents else None

    def submit(self) -> None:
        self.send(self.event("submit", step=5))
        self.person.submitted_at = utc_now()


def reads(town: Town, person: Person, letter: Letter) -> Life:
    """What a person does with a mail from us, some hours later."""
    person.letters += 1
    if person.letters > 1 and person.reaction == "ignore" and person.rng.random() < 0.15:
        person.reaction = "return"
    yield _minutes(person, 2, 14 * 60)
    if person.erased_at or person.opted_out_at:
        return
    yield from _REACTIONS[person.reaction](town, person, letter)


def _ignores(town: Town, person: Person, letter: Letter) -> Life:
    yield from ()


def _returns(town: Town, person: Person, letter: Letter) -> Life:
    """A scanner looks at the link first; then the person presses, and talks."""
    token = _found(_LINK, letter)
    selectors.return_link_preview(token=token, now=utc_now())
    yield timedelta(seconds=20)
    back = visitors.redeem_return_link(token=token, now=utc_now())
    person.returned_at = utc_now()
    if person.rng.random() < 0.12:
        Browser(town, person).submit()
        return
    if person.rng.random() < 0.85:
        yield _minutes(person, 0.2, 2)
        yield from Talk(town, person, returned=(back.visitor_id, back.application_id)).life()


def _comes_late(town: Town, person: Person, letter: Letter) -> Life:
    """The link has expired; a fresh one is asked for, and used when it comes."""
    person.reaction = "return"
    yield timedelta(hours=26)
    if person.erased_at or person.opted_out_at:
        return
    visitors.request_fresh_link(token=_found(_LINK, letter), now=utc_now())


def _unsubscribes(town: Town, person: Person, letter: Letter) -> Life:
    campaigns.unsubscribe(token=_found(_WAY_OUT, letter), now=utc_now())
    person.opted_out_at = utc_now()
    yield from ()


def _one_click(town: Town, person: Person, letter: Letter) -> Life:
    """The mailbox's own button posts to the address in the header (RFC 8058)."""
    found = _WAY_OUT.search(letter.headers.get("List-Unsubscribe", ""))
    campaigns.unsubscribe(token=found[1] if found else "", now=utc_now(), source="one_click")
    person.opted_out_at = utc_now()
    yield from ()


def _types_the_address(town: Town, person: Person, letter: Letter) -> Life:
    """Comes back without the link, in the browser that knows the form."""
    browser = Browser(town, person)
    browser.send(browser.event("step_view", step=person.step))
    person.returned_at = utc_now()
    yield _minutes(person, 1, 3)
    if person.rng.random() < 0.5:
        browser.save()


_REACTIONS: Final = {
    "ignore": _ignores,
    "return": _returns,
    "late_link": _comes_late,
    "unsubscribe": _unsubscribes,
    "one_click": _one_click,
    "browser": _types_the_address,
}


def _found(pattern: re.Pattern[str], letter: Letter) -> str:
    found = pattern.search(letter.text)
    return found[1] if found else ""


def erasure(town: Town, person: Person) -> Life:
    """Asks to be forgotten, on every device."""
    if person.visitor_id:
        now = utc_now()
        known = rights.find_visitor(visitor_id=person.visitor_id, now=now)
        rights.erase(known, actor=f"visitor:{person.visitor_id}", reason="asked", now=now)
        person.erased_at = now
    yield from ()


class Talk:
    """One conversation: says the person's lines, presses the cards that come, goes when a person is asked."""

    def __init__(self, town: Town, person: Person, returned: tuple[UUID, UUID] | None = None) -> None:
        self.town, self.person, self.returned = town, person, returned
        self.origin = Origin(ip=person.ip, user_agent=BROWSER)
        self.conversation: UUID
        self.pressed: set[str] = set()

    def life(self) -> Life:
        self._open()
        for line in self.person.lines:
            yield timedelta(seconds=self.person.rng.uniform(8, 70))
            if not self._may_go_on():
                return
            self._say(line)
            yield from self._press_cards()
            yield from self._press_cards()

    def _open(self) -> None:
        person = self.person
        visitor_id, application_id = self.returned or (None, None)
        knock = Knock(
            site_id=selectors.site_by_key(key=person.site).id, visitor=person.visitor_id, return_visitor=visitor_id,
            return_application=application_id, lang=person.locale,
        )  # fmt: skip
        opened = chat.enter(knock=knock, now=utc_now())
        self.conversation = opened.conversation_id
        person.visitor_id = opened.visitor_id
        person.chats.append(opened.conversation_id)

    def _may_go_on(self) -> bool:
        """An erased conversation is gone; a person who was asked for takes their time."""
        alive = chat_selectors.is_alive(self.conversation)
        return alive and chat_selectors.snapshot(self.conversation).owner in {"ai", "human"}

    def _say(self, line: Line) -> None:
        """Send a message (sometimes twice with one id, as after a broken line) and let Cathy answer."""
        person, client_id = self.person, uuid4()
        for _ in range(2 if person.rng.random() < 0.08 else 1):
            chat.receive(conversation_id=self.conversation, client_id=client_id, text=line.text, now=utc_now())
        person.said.append((self.conversation, client_id))
        person.typed += line.secrets
        if line.meaning == "stop":
            person.opted_out_at = utc_now()
        self.town.answer(self.conversation)

    def _press_cards(self) -> Life:
        for card in self._open_cards():
            if card["id"] in self.pressed:
                continue
            self.pressed.add(card["id"])
            yield timedelta(seconds=self.person.rng.uniform(4, 40))
            self._press(card)

    def _open_cards(self) -> list[dict[str, Any]]:
        _, views = chat_selectors.news(self.conversation, after=0)
        return [dict(view.card) for view in views if view.card and view.card.get("state") == "open"]

    def _press(self, card: dict[str, Any]) -> None:
        decision = self._decision(card)
        if decision is None:
            return
        action, fields = decision
        try:
            chat.press_card(
                conversation_id=self.conversation, press_id=uuid4(), card_id=UUID(card["id"]), action=action,
                fields=fields, origin=self.origin, now=utc_now(),
            )  # fmt: skip
        except CarLoansError as refusal:
            self.town.agenda.refusals[refusal.code] += 1

    def _decision(self, card: dict[str, Any]) -> tuple[str, dict[str, str | bool]] | None:
        person = self.person
        if card["kind"] == "credit_consent":
            return ("agree" if person.agrees_to_check else "decline"), {}
        if card["kind"] == "contact_form":
            has_box = any(one["name"] == "dealer_contact" for one in card["fields"])
            box: dict[str, str | bool] = {"dealer_contact": person.shares_with_dealer} if has_box else {}
            return "submit", {"phone": person.phone, "email": person.email, **box}
        return ("submit", {"when": "morning"}) if card["kind"] == "callback" else None


def answer(conversation_id: UUID) -> None:
    """Let Cathy answer what waits in a conversation, as the web process does."""
    async_to_sync(turns.answer_all)(conversation_id, turns.Silence())
