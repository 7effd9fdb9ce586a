"""What else a customer may meet at the real program: no sockets, the end of a talk, a chat taken up elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from carloans.core.clock import utc_now
from chat import services as chat
from chat.models import Rating
from tests.journeys.customer import Customer, eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Arrive = Callable[..., Customer]
NewContext = Callable[..., BrowserContext]


def test_plain_requests_take_the_place_of_blocked_sockets(customer: Arrive, new_context: NewContext) -> None:
    context = new_context()
    context.route_web_socket(re.compile("/ws/chat/"), lambda route: route.close(code=1006))
    one = customer(context)
    one.open()
    one.say("I want to know whether I prequalify")
    one.field("Phone").fill("000")
    one.field("Phone").fill("512-000-0000")
    one.press("Send")
    expect(one.chat.locator("[aria-invalid=true]")).to_be_visible()
    one.field("Phone").fill("512-867-5309")
    one.press("Send")
    expect(one.chat.get_by_role("button", name="I agree")).to_be_visible()
    assert one.contact.phone == "+15128675309"
    one.sees_everything()
    assert eventually(lambda: one.row.customer_read_seq == one.row.last_seq)
    expect(one.chat.locator(".state")).to_have_text("Read")


def test_a_closed_chat_is_rated_and_opened_again(customer: Arrive, dana: int) -> None:
    one = customer()
    one.open()
    one.say("How does this work?")
    chat.close(conversation_id=one.conversation, now=utc_now())
    expect(one.chat.get_by_text("This chat is closed. Write a message")).to_be_visible()
    one.chat.get_by_role("radio", name="4").check()
    one.look("1-rating")
    one.press("Send")
    assert eventually(lambda: Rating.objects.filter(conversation=one.conversation).first()).score == 4
    one.say("How does the soft credit check work?")
    assert one.row.owner == "ai"
    one.sees_everything()


def test_a_signed_ticket_takes_up_the_chat_on_another_device(customer: Arrive) -> None:
    one, other = customer(), customer()
    one.open()
    one.say("How does this work?")
    other.page.evaluate("ticket => CarLoans.identify(ticket)", one.memory["ticket"])
    other.open()
    expect(other.chat.locator(".from-customer")).to_have_count(1)
    assert other.conversation == one.conversation
    assert other.sees_everything() == one.sees_everything()
    forged = one.memory["ticket"][:-2] + "xx"
    other.page.evaluate("ticket => CarLoans.identify(ticket)", forged)
    expect(other.chat.get_by_text("This is a new chat.")).to_be_visible()
    eventually(lambda: other.memory.get("conversation") not in {None, str(one.conversation)})
