"""Cards: what can be agreed to, and what is sent for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from chat.tests.browser import cards
from chat.tests.browser.mock_server import MockChat

pytestmark = pytest.mark.browser


def phone(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Phone")


def test_the_contact_form_checks_kindly_and_sends_what_was_given(server: MockChat, page: Page) -> None:
    form = cards.contact_form()
    message = server.say("Where can we reach you?", card=form)
    box = page.get_by_label(cards.DEALER_TEXT)
    expect(box).not_to_be_checked()
    page.get_by_role("textbox", name="E-mail").fill("nobody@nowhere")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Please fill this in.")).to_be_visible()
    expect(page.get_by_text("Please enter an e-mail address")).to_be_visible()
    expect(phone(page)).to_be_focused()
    expect(phone(page)).to_have_attribute("aria-invalid", "true")
    assert server.frames("action") == []
    phone(page).fill("(555) 123-4567 ext 9")
    page.get_by_role("textbox", name="E-mail").fill("maria@example.com")
    box.check()
    page.get_by_role("button", name="Send", exact=True).click()
    press = server.wait_for("action")[0]
    assert (press["card"], press["action"]) == (form["id"], "submit")
    assert press["fields"] == {"phone": "(555) 123-4567 ext 9", "email": "maria@example.com", "dealer_contact": True}
    expect(page.get_by_text("Sent. Thank you.")).to_be_visible()
    message["card"] = cards.settled(form, "submit")
    server.update(message)
    expect(page.locator(".card.settled")).to_have_count(1)
    expect(page.locator(".card button")).to_have_count(0)


def test_a_refused_form_is_open_again_with_the_reason_at_its_field(server: MockChat, page: Page) -> None:
    server.say("", card=cards.contact_form())
    phone(page).fill("5550000000")
    reason = {"phone": {"code": "not_assigned", "message": "That number is not in use."}}
    server.refuse_next = {"code": "bad_fields", "message": "Please look at the marked fields.", "fields": reason}
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("That number is not in use.")).to_be_visible()
    expect(phone(page)).to_have_value("5550000000")
    phone(page).fill("5551234567")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Sent. Thank you.")).to_be_visible()
    assert len({press["id"] for press in server.frames("action")}) == 2


def test_the_consent_stands_in_full_directly_above_its_buttons(server: MockChat, page: Page) -> None:
    consent = cards.credit_consent()
    server.say("Here is the text.", card=consent)
    for paragraph in cards.PARAGRAPHS:
        expect(page.locator(".legal-text p", has_text=paragraph)).to_be_visible()
    order = page.locator(".card form").evaluate("form => [...form.children].map(node => node.className)")
    assert order == ["legal", "actions"]
    assert page.locator(".legal").evaluate("node => node.lastElementChild.className") == "legal-text"
    agree, decline = (page.get_by_role("button", name=name).bounding_box() for name in ("I agree", "No, thank you"))
    assert agree
    assert decline
    assert (agree["width"], agree["height"], agree["y"]) == (decline["width"], decline["height"], decline["y"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a copy").click()
    saved = download.value.path().read_text()
    assert all(paragraph in saved for paragraph in cards.PARAGRAPHS)
    page.get_by_role("button", name="I agree").click()
    press = server.wait_for("action")[0]
    assert (press["card"], press["action"]) == (consent["id"], "agree")
    assert press["fields"] == {"version": "v1", "sha256": "ab" * 32}
    expect(page.get_by_text("You agreed.")).to_be_visible()


def test_a_consent_is_pressed_once_however_often_it_is_clicked(server: MockChat, page: Page) -> None:
    server.say("", card=cards.credit_consent())
    server.hold_acks = True
    agree = page.get_by_role("button", name="I agree")
    agree.click()
    agree.dispatch_event("click")
    page.get_by_role("button", name="No, thank you").dispatch_event("click")
    page.wait_for_timeout(200)
    assert len(server.frames("action")) == 1
    server.hold_acks = False
    server.drop()
    expect(page.get_by_text("You agreed.")).to_be_visible()
    first, again = server.frames("action")
    assert first == again


def test_a_declined_consent_sends_no_fields(server: MockChat, page: Page) -> None:
    server.say("", card=cards.credit_consent())
    page.get_by_role("button", name="No, thank you").click()
    press = server.wait_for("action")[0]
    assert (press["action"], press["fields"]) == ("decline", {})
    expect(page.get_by_text("You did not agree. Nothing was checked.")).to_be_visible()


def test_nothing_can_be_agreed_to_without_its_text(server: MockChat, page: Page) -> None:
    server.say("", card=cards.credit_consent() | {"consent": {"paragraphs": [], "version": "v1", "sha256": ""}})
    expect(page.get_by_text("nothing can be agreed to here")).to_be_visible()
    expect(page.get_by_role("button", name="I agree")).to_have_count(0)


def test_a_card_pressed_in_another_tab_loses_its_buttons(server: MockChat, page: Page) -> None:
    consent = cards.credit_consent()
    message = server.say("", card=consent)
    expect(page.get_by_role("button", name="I agree")).to_be_visible()
    message["card"] = cards.settled(consent, "decline")
    server.update(message)
    expect(page.get_by_role("button", name="I agree")).to_have_count(0)
    expect(page.get_by_text("You did not agree.")).to_be_visible()


def test_a_half_filled_form_survives_news_about_its_message(server: MockChat, page: Page) -> None:
    message = server.say("Where?", card=cards.contact_form())
    phone(page).fill("555")
    message["text"] = "Where can we reach you?"
    server.update(message)
    expect(page.locator(".bubble", has_text="Where can we reach you?")).to_be_visible()
    expect(phone(page)).to_have_value("555")


def test_a_callback_time_is_chosen(server: MockChat, page: Page) -> None:
    server.say("", card=cards.callback())
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Please choose one.")).to_be_visible()
    page.get_by_label("Early evening").check()
    page.get_by_role("button", name="Send", exact=True).click()
    assert server.wait_for("action")[0]["fields"] == {"when": "evening"}


def test_a_result_and_a_notice_are_shown_without_buttons(server: MockChat, page: Page) -> None:
    server.say("", card=cards.notice("credit_result", "Your prequalification", "You prequalify."))
    server.say("", card=cards.notice("privacy", "Your data", "We store this conversation."))
    expect(page.get_by_text("You prequalify.")).to_be_visible()
    expect(page.get_by_text("We store this conversation.")).to_be_visible()
    expect(page.locator(".card button")).to_have_count(0)
    expect(page.locator("[aria-live]")).to_contain_text("Cathy: Your prequalification")


def test_the_card_about_data_leads_to_the_customers_page_in_a_new_tab(server: MockChat, page: Page) -> None:
    card = cards.notice("privacy", "Your data", "We store this conversation.")
    server.say("", card=card | {"link": {"label": "Open my page", "href": f"{server.origin}/privacy/token"}})
    link = page.get_by_role("link", name="Open my page")
    expect(link).to_have_attribute("href", f"{server.origin}/privacy/token")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_a_person_can_be_called_off(server: MockChat, page: Page) -> None:
    actions = cards.buttons(("decline", "Go on with Cathy instead"))
    server.say("", card=cards.card("handoff", title="A person takes over", actions=actions))
    page.get_by_role("button", name="Go on with Cathy instead").click()
    assert server.wait_for("action")[0]["action"] == "decline"
    expect(page.get_by_text("You are staying with Cathy.")).to_be_visible()
