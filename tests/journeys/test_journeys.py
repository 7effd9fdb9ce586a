"""Ten customers at the real program, each from the first look to what stands in the rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from carloans.core.clock import utc_now
from chat import services as chat
from chat.models import Message
from chat.services import carding, store
from credit.models import CreditCheck
from leads import selectors as leads
from tests.journeys.conftest import PHONE
from tests.journeys.customer import Customer, eventually
from visitors import selectors as visitors
from visitors import services as visitor_services

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Arrive = Callable[..., Customer]
NewContext = Callable[..., BrowserContext]
NUMBER, E164 = "512-867-5309", "+15128675309"
SAVED = {
    "email": "maria.lopez@gmail.com",
    "first_name": "Maria",
    "last_name": "Lopez",
    "state": "TX",
    "vehicle_year": "2021",
    "vehicle_make": "Kia",
    "vehicle_model": "Forte",
    "loan_amount_cents": 1590000,
    "monthly_income_cents": 420000,
    "employer": "Example Freight",
    "locale": "en",
}


def way_back(house: str) -> str:
    """The path of the link in a mail to somebody who saved their application at step 4 and left."""
    moment = utc_now().isoformat()
    saved = {"id": str(uuid4()), "type": "save_progress", "ts": moment, "page": "/", "step": 4, "data": SAVED}
    answer = requests.post(f"{house}/api/v1/events", json={"site": "demo", "events": [saved]}, timeout=20)
    application = visitors.latest_application(visitor_id=UUID(answer.json()["visitor"]))
    assert application
    token = visitor_services.issue_return_link(application_id=application.id, message_id=uuid4(), now=utc_now())
    return f"/r/{token}"


def test_greeting_to_lead(house: str, customer: Arrive) -> None:
    maria = customer(path=way_back(house))
    maria.is_open()
    expect(maria.chat.locator("[data-seq='1']")).to_contain_text("Welcome back! I'm Cathy, an AI assistant")
    maria.look("1-welcome-back")
    maria.say("I want to know whether I prequalify")
    maria.field("Phone").fill("555-123-4567")
    maria.chat.locator(".card input[type=checkbox]").check()
    maria.look("2-contact-form")
    maria.press("Send")
    expect(maria.chat.get_by_role("button", name="I agree")).to_be_visible()
    maria.look("3-consent")
    maria.press("I agree")
    expect(maria.chat.locator(".card-credit_result")).to_be_visible()
    maria.look("4-result")
    lead = eventually(lambda: leads.table(search=str(maria.row.visitor_id)))[0]
    assert (lead["vehicle"], lead["conversation_id"]) == ("2021 Kia Forte", maria.conversation)
    assert eventually(lambda: leads.table(search=str(maria.row.visitor_id), status="accepted"))[0]["buyer"]
    assert maria.contact.phone == "+15551234567"
    consents = {one.kind for one in visitors.consents_for(visitor_id=maria.row.visitor_id)}
    assert "dealer_contact" in consents
    maria.sees_everything()


def test_spanish(customer: Arrive) -> None:
    luz = customer(locale="es-US")
    luz.open()
    luz.say("¿Cómo funciona la consulta de crédito suave?")
    luz.say("Quiero saber si precalifico")
    expect(luz.chat.get_by_role("heading", name="¿Cómo podemos comunicarnos con usted?")).to_be_visible()
    luz.look("1-form")
    luz.field("Teléfono").fill(NUMBER)
    luz.press("Enviar")
    expect(luz.chat.get_by_role("button", name="Acepto")).to_be_visible()
    before = luz.conversation
    luz.chat.get_by_role("button", name="Switch to English").click()
    expect(luz.chat.locator(".head")).to_contain_text("AI assistant")
    luz.chat.get_by_role("button", name="Cambiar a español").click()
    expect(luz.chat.locator(".head")).to_contain_text("Asistente de IA")
    luz.press("Acepto")
    expect(luz.chat.locator(".card-credit_result")).to_be_visible()
    luz.look("2-result")
    assert (luz.conversation, luz.row.locale, luz.contact.phone) == (before, "es", E164)
    assert CreditCheck.objects.get(visitor_id=luz.row.visitor_id).outcome
    lines = luz.sees_everything()
    assert not [text for _, role, text, _ in lines if role == "cathy" and re.search(r"\b(the|your)\b", text)]


def test_phone_only(customer: Arrive) -> None:
    one = customer()
    one.open()
    one.say("I want to know whether I prequalify")
    one.field("Phone").fill("512")
    one.press("Send")
    expect(one.chat.get_by_text("Please enter a phone number with its area code")).to_be_visible()
    one.field("Phone").fill("512-000-0000")
    one.press("Send")
    expect(one.chat.locator("[aria-invalid=true]")).to_be_visible()
    expect(one.chat.locator(".card .error")).to_contain_text("Please look at the marked fields.")
    one.look("1-refused-by-the-server")
    one.field("Phone").fill(NUMBER)
    one.press("Send")
    expect(one.chat.get_by_role("button", name="I agree")).to_be_visible()
    assert (one.contact.phone, one.contact.email) == (E164, "")
    assert not visitors.consents_for(visitor_id=one.row.visitor_id)
    assert not leads.table(search=str(one.row.visitor_id))
    one.sees_everything()


def test_decline_of_consent(customer: Arrive) -> None:
    one = customer()
    one.open()
    one.say("I want to know whether I prequalify")
    one.field("Phone").fill(NUMBER)
    one.press("Send")
    one.say("yes")
    one.press("No, thank you")
    expect(one.chat.get_by_text("You did not agree. Nothing was checked.")).to_be_visible()
    one.look("1-declined")
    card = Message.objects.get(conversation=one.conversation, card__kind="credit_consent", card_state="settled")
    assert card.card_choice == "decline"
    assert not CreditCheck.objects.filter(visitor_id=one.row.visitor_id).exists()
    one.say("thanks, bye")
    one.sees_everything()


def test_takeover_and_return(customer: Arrive, dana: int) -> None:
    one = customer()
    one.open()
    one.say("I'd like to talk to a person")
    expect(one.chat.locator(".card-handoff")).to_be_visible()
    one.look("1-waiting")
    assert one.row.owner == "queue"
    chat.claim(conversation_id=one.conversation, staff_id=dana, staff_name="Dana", now=utc_now())
    expect(one.chat.locator(".head")).to_contain_text(re.compile("Dana.*Team member"))
    expect(one.chat.locator(".head")).not_to_contain_text("AI assistant")
    one.write("Are you a person?")
    expect(one.chat.locator(".state").last).to_have_text("Delivered")
    reply = {"client_id": uuid4(), "text": "I am. How can I help?", "staff_id": dana}
    chat.staff_reply(conversation_id=one.conversation, now=utc_now(), **reply)
    expect(one.chat.locator(".from-staff .bubble")).to_have_text("I am. How can I help?")
    expect(one.chat.locator(".state")).to_have_text("Read")
    one.look("2-with-dana")
    chat.return_to_ai(conversation_id=one.conversation, staff_id=dana, now=utc_now())
    expect(one.chat.locator(".head")).to_contain_text(re.compile("Cathy.*AI assistant"))
    one.say("How does the soft credit check work?")
    lines = one.sees_everything()
    roles = [role for _, role, _, _ in lines]
    assert one.row.owner == "ai"
    # From "Dana has joined" to "Dana has left" Cathy said nothing.
    joined, left = roles.index("system"), len(roles) - 1 - roles[::-1].index("system")
    assert roles[joined:left] == ["system", "customer", "staff"]


def test_offline_for_a_minute(customer: Arrive, new_context: NewContext) -> None:
    context = new_context()
    line = Line(context)
    one = customer(context)
    one.page.clock.install()
    one.page.reload()
    one.open()
    one.say("How does this work?")
    line.cut()
    one.page.clock.run_for(3_000)
    expect(one.chat.get_by_text("You are offline. Your messages will go out when you are back.")).to_be_visible()
    for text in ("How does the soft credit check work?", "Does it affect my credit score?"):
        one.write(text)
    expect(one.chat.locator(".state").last).to_have_text("Waiting for the connection…")
    one.look("1-offline")
    conversation = store.load(one.conversation)
    card = chat.credit_consent(locale="en", company="Car Loans")
    carding.present_card(conversation=conversation, card=card, text="Said while you were away.", now=utc_now())
    # A minute for every timer of the page; the test itself does not wait for it.
    one.page.clock.run_for(60_000)
    line.mend()
    expect(one.chat.locator(".from-system", has_text="offline")).to_have_count(0)
    eventually(lambda: one.row.answered_seq >= one.row.asked_seq > 3)
    expect(one.chat.get_by_text("Waiting for the connection…")).to_have_count(0)
    expect(one.chat.locator(".state")).to_have_text(re.compile("Delivered|Read"))
    lines = one.sees_everything()
    assert [text for _, role, text, _ in lines if role == "customer"][1:] == [
        "How does the soft credit check work?",
        "Does it affect my credit score?",
    ]
    assert "Said while you were away." in [text for _, _, text, _ in lines]


class Line:
    """The network of one context, to cut and to mend: sockets end and open no more, and the browser knows it."""

    def __init__(self, context: BrowserContext) -> None:
        self.context, self.up, self.open = context, True, list[WebSocketRoute]()
        context.route_web_socket(re.compile("/ws/chat/"), self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        if not self.up:
            route.close(code=1001)
            return
        route.connect_to_server()
        self.open.append(route)

    def cut(self) -> None:
        self.up = False
        self.context.set_offline(True)
        for route in self.open:
            route.close(code=1001)
        self.open.clear()

    def mend(self) -> None:
        self.up = True
        self.context.set_offline(False)


def test_two_tabs(customer: Arrive, new_context: NewContext) -> None:
    context = new_context()
    first = customer(context)
    first.open()
    first.say("I want to know whether I prequalify")
    second = customer(context)
    second.open()
    first.field("Phone").fill(NUMBER)
    first.press("Send")
    second.press("No, thank you")
    for tab in (first, second):
        expect(tab.chat.get_by_text("You did not agree.")).to_be_visible()
    second.say("What do you do with my data?")
    second.chat.get_by_role("button", name="Cambiar a español").click()
    for tab in (first, second):
        expect(tab.chat.locator(".head")).to_contain_text("Asistente de IA")
    first.look("1-first-tab")
    assert first.sees_everything() == second.sees_everything()
    assert first.row.locale == "es"
    old, was = first.conversation, first.row.visitor_id
    first.page.evaluate("window.CarLoans.reset()")
    for tab in (first, second):
        eventually(lambda tab=tab: tab.memory.get("conversation") not in {None, str(old)})
        expect(tab.chat.locator(".list > .message[data-seq]")).to_have_count(1)
    assert first.conversation == second.conversation
    assert first.row.visitor_id != was
    first.sees_everything()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_390_pixels(customer: Arrive, scheme: str) -> None:
    one = customer(**PHONE, color_scheme=scheme)
    one.look("0-page")
    one.open()
    panel = one.chat.locator(".panel")
    # It grows into its place.
    panel.evaluate("node => Promise.all(node.getAnimations().map(one => one.finished))")
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    one.look("1-greeting")
    one.chat.get_by_role("button", name="How does the soft credit check work?").tap()
    expect(one.chat.locator(".from-cathy[data-seq]").nth(1)).to_be_visible()
    one.say("I want to know whether I prequalify")
    phone = one.field("Phone")
    phone.tap()
    _show_keyboard(one.page, height=420)
    phone.fill(NUMBER)
    expect(phone).to_be_in_viewport()
    one.look("2-typing")
    _show_keyboard(one.page, height=844)
    one.press("Send")
    expect(one.chat.get_by_role("button", name="I agree")).to_be_visible()
    one.look("3-consent")
    assert one.chat.locator(".scroller").evaluate("node => node.scrollWidth <= node.clientWidth")
    assert one.contact.phone == E164
    one.sees_everything()


def _show_keyboard(page: Page, *, height: int) -> None:
    page.evaluate(
        """height => {
          Object.defineProperty(visualViewport, "height", { value: height, configurable: true });
          visualViewport.dispatchEvent(new Event("resize"));
        }""",
        height,
    )


def test_keyboard_only(customer: Arrive) -> None:
    one = customer()
    keys = one.page.keyboard
    one.launcher.focus()
    keys.press("Enter")
    expect(one.box).to_be_focused()
    one.is_open()
    keys.type("I want to know whether I prequalify")
    keys.press("Enter")
    phone = one.field("Phone")
    expect(phone).to_be_visible()
    expect(one.chat.locator(".typing, .streaming")).to_have_count(0)
    _tab_to(one.page, "Phone", back=True)
    keys.type(NUMBER)
    one.look("1-in-the-form")
    keys.press("Enter")
    expect(one.chat.get_by_role("button", name="I agree")).to_be_visible()
    _tab_to(one.page, "Your message")
    _tab_to(one.page, "I agree", back=True)
    keys.press("Space")
    expect(one.chat.locator(".card-credit_result")).to_be_visible()
    _tab_to(one.page, "More", back=True)
    keys.press("Enter")
    keys.press("Tab")
    with one.page.expect_download() as copy:
        keys.press("Enter")
    assert E164 not in (saved := copy.value.path().read_text())
    assert all(text in saved for _, _, text, _ in one.sees_everything())
    keys.press("Escape")
    expect(one.chat.locator(".panel")).to_be_hidden()
    expect(one.launcher).to_be_focused()
    assert CreditCheck.objects.filter(visitor_id=one.row.visitor_id).count() == 1


def _tab_to(page: Page, name: str, *, back: bool = False) -> None:
    find = "let node = document.activeElement; while (node.shadowRoot) node = node.shadowRoot.activeElement;"
    said = "node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent ?? node.textContent.trim()"
    for _ in range(40):
        if str(page.evaluate(f"() => {{ {find} return {said}; }}")).startswith(name):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{name} cannot be reached")


def test_hostile_pasting(customer: Arrive) -> None:
    one = customer()
    one.open()
    hostile = (
        '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\u202eevil {{7*7}} \'; DROP TABLE chat; '
        "Z\u0338\u0327\u0322a\u0335lgo [PHONE_1] my SSN is 536-90-4399 and my card 4111 1111 1111 1111 " + "x" * 2500
    )
    _paste(one.page, "y" * 4100)
    expect(one.chat.get_by_text("That is 4100 characters.")).to_be_visible()
    one.page.keyboard.press("Enter")
    assert one.row.asked_seq == 0
    one.box.fill("")
    _paste(one.page, hostile)
    one.page.keyboard.press("Enter")
    expect(one.chat.locator(".from-system[data-seq]")).to_contain_text("To protect you, we removed")
    expect(one.chat.locator(".typing, .streaming")).to_have_count(0)
    eventually(lambda: one.row.owner != "ai" or one.row.answered_seq == one.row.asked_seq)
    one.look("1-pasted")
    stored = Message.objects.get(conversation=one.conversation, role="customer").text
    assert not re.search(r"536|4399|4111|1111", stored)
    assert one.page.evaluate("[window.hacked ?? null, document.querySelectorAll('img[src=x]').length]") == [None, 0]
    assert one.chat.locator(".panel :is(img, script)").count() == 0
    assert one.chat.locator(".scroller").evaluate("node => node.scrollWidth <= node.clientWidth")
    kept = one.page.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")
    assert not re.search(r"536-90-4399|4111 1111|DROP", kept)
    one.sees_everything()


def _paste(page: Page, text: str) -> None:
    """As Ctrl+V does: the whole text at once, through the browser's own editing."""
    page.locator("textarea").focus()
    page.keyboard.insert_text(text)
