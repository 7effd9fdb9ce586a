"""The demo application page: what it shows, and that it works without its script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from visitors.models import Application, Consent, Event, Site, Visitor

WHOLE = {
    "vehicle_make": "Toyota",
    "vehicle_model": "Corolla",
    "loan_amount": "$18,500.50",
    "monthly_income": "3,200",
    "employer": "Acme Foods",
    "years_on_job": "2.5",
    "first_name": "Lisa",
    "last_name": "Brown",
    "email": "lisa.brown@outlook.com",
    "phone": "555-321-0987",
    "state": "TX",
    "zip": "78701",
    "notice_version": "privacy_notice.en.2026-11",
}


@pytest.fixture(autouse=True)
def _demo(demo_site: Site) -> None:
    return None


def page(client: Client, address: str = "/", **headers: str) -> str:
    return client.get(address, headers=headers or None).content.decode()


def test_the_page_embeds_us_as_a_customers_site_would(client: Client) -> None:
    assert '<script src="/embed.js" data-site="demo" async></script>' in page(client)


def test_the_privacy_notice_stands_before_the_button_and_the_box_is_not_ticked(client: Client) -> None:
    html = page(client)
    save = html[html.index('id="save"') :]
    assert save.index("stores your contact details") < save.index("Save my progress</button>")
    box = re.search(r"<input[^>]*marketing_email[^>]*>", html)
    assert box
    assert "checked" not in box.group()


def test_the_page_says_that_it_is_a_demo_and_who_is_behind_it(client: Client) -> None:
    html = page(client)
    assert "Simulated demo" in html
    assert "It is not a lender" in html


def test_nothing_inline_for_a_strict_content_policy(client: Client) -> None:
    html = page(client)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*(\ssrc=|type=\"application/json\"))", html)
    assert "unsafe-inline" not in client.get("/")["Content-Security-Policy"]


def test_every_field_has_a_label(client: Client) -> None:
    html = page(client)
    fields = set(re.findall(r'<(?:input|select) id="([a-z_]+)"', html))
    labels = set(re.findall(r'<label for="([a-z_]+)"', html))
    assert len(fields) >= 15
    assert fields <= labels


def test_saving_without_script_needs_an_address_only(client: Client) -> None:
    answer = client.post("/", {"intent": "save", "step": "3", "save_email": "lisa.brown@outlook.com"})
    assert answer["Location"] == "/?saved=1"
    assert "Your progress is saved." in page(client, "/?saved=1")
    application = Application.objects.get()
    assert (application.status, application.step_reached) == ("saved", 3)
    assert list(Consent.objects.values_list("kind", flat=True)) == ["privacy_notice"]


def test_submitting_stores_everything_in_its_unit(client: Client) -> None:
    assert client.post("/", {**WHOLE, "intent": "submit", "marketing_email": "on"})["Location"] == "/?sent=1"
    application, visitor = Application.objects.get(), Visitor.objects.get()
    assert application.status == "submitted"
    assert (application.loan_amount_cents, application.monthly_income_cents) == (1_850_050, 320_000)
    assert (application.months_on_job, visitor.zip3, visitor.phone) == (30, "787", "+15553210987")
    assert set(Event.objects.values_list("type", flat=True)) == {"save_progress", "submit"}
    assert Consent.objects.filter(act__startswith="ticked the box and pressed Submit").count() == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("loan_amount", "a lot"),
        ("loan_amount", "999999999"),
        ("monthly_income", "-5"),
        ("years_on_job", "long"),
        ("vehicle_year", "20x1"),
        ("email", "lisa@"),
        ("email", "lisa@mailinator.com"),
        ("phone", "123"),
        ("zip", "787"),
        ("state", "ZZ"),
        ("first_name", "<b>Lisa"),
        ("employer", "123-45-6789"),
        ("first_name", ""),
        ("vehicle_make", "\u202eatoyot"),
    ],
)
def test_a_wrong_answer_is_named_beside_its_field_and_stores_nothing(client: Client, field: str, typed: str) -> None:
    answer = client.post("/", {**WHOLE, field: typed, "intent": "submit"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error">[^<]+<', html)
    assert f'href="#{field}"' in html
    assert not Visitor.objects.exists()


def test_what_was_typed_is_still_there_and_escaped(client: Client) -> None:
    html = client.post("/", {**WHOLE, "first_name": '"><script>', "intent": "submit"}).content.decode()
    assert 'value="&quot;&gt;&lt;script&gt;"' in html
    assert 'value="Acme Foods"' in html


def test_the_form_is_protected_against_other_sites_forms() -> None:
    assert Client(enforce_csrf_checks=True).post("/", WHOLE).status_code == 403


def test_the_visitor_of_the_tracker_is_kept(client: Client) -> None:
    mine = "0b6f3a52-93c1-4d53-8a53-0a4e2a6f8a11"
    client.post("/", {**WHOLE, "intent": "submit", "visitor": mine})
    assert str(Visitor.objects.get().pk) == mine


def test_a_nonsense_visitor_is_ignored(client: Client) -> None:
    assert client.post("/", {**WHOLE, "intent": "submit", "visitor": "me", "step": "9"}).status_code == 302


def test_the_thank_you_page_is_reached(client: Client) -> None:
    assert "Thank you" in page(client, "/?sent=1")


def test_the_page_speaks_spanish(client: Client) -> None:
    html = page(client, **{"accept-language": "es"})
    assert '<html lang="es">' in html
    assert "Guardar mi progreso" in html
    assert "Save my progress" not in html


def test_consent_and_page_are_in_one_language(client: Client) -> None:
    client.post(
        "/", {"intent": "save", "email": "ana@gmail.com", "marketing_email": "on"}, headers={"accept-language": "es"}
    )
    assert set(Consent.objects.values_list("locale", flat=True)) == {"es"}


@pytest.mark.parametrize("method", ["put", "delete"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    answer: Any = getattr(client, method)("/")
    assert answer.status_code == 405
