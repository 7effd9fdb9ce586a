"""A stolen disk gives nothing away: known people go through every door of the house, then the whole database is dumped.

Looked for are their values as typed, in lower case, as digits, in base64 and as unkeyed hashes, in the dump, in the raw
files of the database and in everything else that was written.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from campaigns import mail, sandbox
from campaigns import services as campaigns
from campaigns.models import Message
from campaigns.tests import factories as journeys
from campaigns.tests.conftest import provider  # noqa: F401  a fixture
from carloans.core import signatures
from carloans.core.clock import utc_now
from carloans.core.models.vault import VaultValue
from chat import services as chat
from chat.services import Knock, carding
from chat.services.store import load
from chat.tests.factories import press
from chat.turns import Silence, answer_all
from credit.models import CreditCheck
from credit.tests.conftest import bureau  # noqa: F401  a fixture
from leads.models import Lead
from leads.tests.conftest import buyer, dealer  # noqa: F401  fixtures
from tests import leak_places
from visitors.models import Application, Consent, Visitor
from visitors.tests.conftest import EventsClient, save_event
from visitors.tests.factories import SiteFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

#: One person per door. Numbers are such that they do not occur by chance.
BROWSER = {
    "email": "Zeldamira.Quixotewicz@gmail.com", "phone": "(512) 867-4345", "first_name": "Zeldamira",
    "last_name": "Quixotewicz", "employer": "Xylophonics Unlimited", "job_title": "Marimba tuner",
    "monthly_income_cents": 497_813, "zip": "78759", "state": "TX",
}  # fmt: skip
PLATFORM = {
    "email": "Bartholomeus.Wexlington@hotmail.com", "phone": "512-867-4346", "first_name": "Bartholomeus",
    "last_name": "Wexlington", "employer": "Gramophone Works", "monthly_income_cents": 613_479,
}  # fmt: skip
IMPORTED = {
    "email": "Oktavia.Zymurgist@yahoo.com",
    "phone": "737-867-4347",
    "first_name": "Oktavia",
    "last": "Zymurgist",
}
MAILED = {"email": "Philomena.Jabberwock@outlook.com", "first_name": "Philomena", "last_name": "Jabberwock"}
TYPED = {
    "phone": "737-867-4348", "email": "quixote.second@icloud.com", "ssn": "412-55-9876", "card": "4111 1111 1111 1111",
    "street": "4520 Guadalupe St", "dob": "03/04/1988",
}  # fmt: skip
PROMISED = {"phone": "(737) 867-4349"}
IP = "198.51.100.77"
NOT_PERSONAL = {"TX"}


def seeds() -> list[str]:
    people = (BROWSER, PLATFORM, IMPORTED, MAILED, TYPED, PROMISED)
    return [IP, *(str(value) for one in people for value in one.values() if value not in NOT_PERSONAL)]


def forms(value: str) -> Iterator[str]:
    """The ways in which a value could stand in a database without a key."""
    digits = re.sub(r"\D", "", value)
    written = {value, value.lower()}
    if len(digits) >= 9:
        written |= {digits, f"+1{digits}", f"1{digits}", f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"}
    yield from written
    for one in written:
        raw = one.encode()
        yield base64.b64encode(raw).decode().rstrip("=")[: len(raw) * 4 // 3 - 1]
        yield base64.urlsafe_b64encode(raw).decode().rstrip("=")[: len(raw) * 4 // 3 - 1]
        yield raw.hex()
        for digest in (hashlib.sha256, hashlib.sha1, hashlib.md5):
            yield digest(raw).hexdigest()


def patterns() -> dict[str, re.Pattern[bytes]]:
    """By value: all its forms. A short number counts only where no letter or digit adjoins it."""
    found = {}
    for value in seeds():
        parts = [re.escape(one.lower().encode()) for one in sorted(set(forms(value))) if len(one) >= 5]
        found[value] = re.compile(rb"(?<![0-9a-z+/])(?:" + b"|".join(parts) + rb")(?![0-9a-z+/])")
    return found


def leaks() -> list[tuple[str, str, str]]:
    """(place, value, what stands before it)."""
    wanted, found = patterns(), []
    for place, content in [*leak_places.database(), *leak_places.files()]:
        data = content.lower()
        for value, pattern in wanted.items():
            if hit := pattern.search(data):
                found.append((place, value, data[max(0, hit.start() - 80) : hit.end()].decode("utf-8", "replace")))
    return found


def by_the_tracker(site) -> Visitor:
    client = EventsClient()
    client.http = Client(REMOTE_ADDR=IP)
    answer = client.post(save_event(**BROWSER))
    assert answer.status_code == 202, answer.content
    return Visitor.objects.get(pk=UUID(answer.json()["visitor"]))


def by_the_platform(site) -> None:
    body = json.dumps({"site": site.key, "external_id": "LOS-1", "step": 3, **PLATFORM}).encode()
    signed = {"X-Signature": signatures.sign(body, secret=site.api_secret, now=utc_now())}
    answer = Client(REMOTE_ADDR=IP).post("/api/v1/applications", body, content_type="application/json", headers=signed)
    assert answer.status_code == 201, answer.content


def by_a_file(site, folder) -> None:
    path = folder / "import.csv"
    row = [
        "9",
        IMPORTED["first_name"],
        IMPORTED["last"],
        IMPORTED["email"],
        IMPORTED["phone"],
        "Kia",
        "Rio",
        "2021",
        "3",
    ]
    path.write_text("Record ID,First Name,Last Name,Email,Phone Number,Make,Model,Year,Step\n" + ",".join(row) + "\n")
    out = StringIO()
    call_command("import_applications", path, site=site.key, stdout=out)
    assert "created: 1" in out.getvalue()
    path.unlink()


def by_the_chat(site, visitor) -> UUID:
    now = utc_now()
    knock = Knock(site_id=site.pk, visitor=visitor.pk, return_visitor=visitor.pk)
    talk = chat.enter(knock=knock, now=now).conversation_id
    assert load(talk).visitor_id == visitor.pk
    text = (
        f"Hi, I am Zeldamira. Call {TYPED['phone']} or write to {TYPED['email']}. My SSN is {TYPED['ssn']}, my card is"
        f" {TYPED['card']}, I was born on {TYPED['dob']} and live at {TYPED['street']}, Austin, TX 78759."
    )
    chat.receive(conversation_id=talk, client_id=uuid4(), text=text, now=now)
    async_to_sync(answer_all)(talk, Silence())
    return talk


def by_the_cards(site, talk: UUID) -> None:
    """The contact form with a dealer's name, then the credit agreement: the tasks behind do the rest."""
    now = utc_now()
    content = chat.contact_form(visitor_id=load(talk).visitor_id, company=site.company_name, locale="en")
    card = carding.present_card(conversation=load(talk), card=content, text="", now=now)
    press(talk, card.pk, "submit", fields={"phone": BROWSER["phone"], "dealer_contact": True}, now=now)
    agreement = chat.credit_consent(locale="en", company=site.company_name)
    card = carding.present_card(conversation=load(talk), card=agreement, text="", now=now)
    press(talk, card.pk, "agree", now=now)


def by_staff(talk: UUID) -> None:
    user = get_user_model().objects.create_user("ann", first_name="Ann", is_staff=True)
    now = utc_now()
    chat.claim(conversation_id=talk, staff_id=user.pk, staff_name="Ann", now=now)
    text = f"Thanks Zeldamira, a colleague rings you from {PROMISED['phone']}."
    chat.staff_reply(conversation_id=talk, staff_id=user.pk, client_id=uuid4(), text=text, now=now)


def by_mail(provider) -> Message:  # noqa: F811
    message = journeys.message(**MAILED)
    for wait in range(5):
        fresh = Message.objects.select_related("enrollment").get(pk=message.pk)
        campaigns.deliver(message=fresh, now=journeys.NOON + timedelta(minutes=5 * wait))
    assert Message.objects.get(pk=message.pk).state == "done"
    assert any(MAILED["email"].lower() in str(post.get("to")).lower() for post in provider.posts)
    return message


def by_webhooks(message: Message, lead: Lead, buyer) -> None:  # noqa: F811
    """Reports that name the person, as providers and dealers send them."""
    signature = sandbox.sign(mail.webhook_signing_key(), timestamp=str(int(time.time())), token=secrets.token_hex(25))
    event = {
        "event": "opened", "id": secrets.token_urlsafe(16), "timestamp": time.time(), "recipient": MAILED["email"],
        "ip": IP, "user-variables": {"message_uuid": str(message.pk)},
    }  # fmt: skip
    body = json.dumps({"signature": signature, "event-data": event})
    answer = Client().post("/webhooks/mailgun/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    note = f"called {BROWSER['first_name']} {BROWSER['last_name']} on {BROWSER['phone']}"
    said = {"event_id": "event-0001", "lead_id": str(lead.pk), "disposition": "contacted", "note": note}
    data = json.dumps(said).encode()
    signed = {"X-Signature": signatures.sign(data, secret=buyer.secret, now=utc_now())}
    answer = Client().post("/webhooks/buyers/lakeside-motors/", data, content_type="application/json", headers=signed)
    assert answer.status_code == 200, answer.content


def test_a_dump_of_the_database_shows_nobody(provider, bureau, dealer, buyer, tmp_path):  # noqa: F811
    site = SiteFactory()
    visitor = by_the_tracker(site)
    by_the_platform(site)
    by_a_file(site, tmp_path)
    talk = by_the_chat(site, visitor)
    by_the_cards(site, talk)
    by_staff(talk)
    by_webhooks(by_mail(provider), Lead.objects.get(), buyer)
    assert leaks() == []
    _all_of_it_was_stored(visitor, dealer)


def _all_of_it_was_stored(visitor: Visitor, dealer) -> None:  # noqa: F811
    """With the keys everything is there: the dump was not clean for want of data."""
    visitor.refresh_from_db()
    assert (visitor.email, visitor.phone) == (TYPED["email"], "+15128674345")
    assert (visitor.last_name, visitor.zip_code) == ("Quixotewicz", "78759")
    kept = Application.objects.get(visitor=visitor)
    assert (kept.employer, kept.monthly_income_cents) == (BROWSER["employer"], BROWSER["monthly_income_cents"])
    assert IP in {row.ip for row in Consent.objects.filter(visitor=visitor)}
    vault = " ".join(row.value for row in VaultValue.objects.all())
    assert TYPED["email"] in vault
    assert TYPED["street"] in vault
    assert TYPED["ssn"] not in vault
    assert CreditCheck.objects.get().score > 500
    assert Lead.objects.get().package["contact"]["last_name"] == "Quixotewicz"
    assert b"Quixotewicz" in dealer.bodies[0]
    assert {"Bartholomeus", "Oktavia", "Philomena"} <= {row.first_name for row in Visitor.objects.all()}


@pytest.mark.parametrize("where", ["as typed", "digits", "hash"])
def test_what_lies_in_clear_would_be_found(where, tmp_path, settings):
    """The search itself works: a value in each form is planted and found in the dump."""
    from carloans.core import feed

    settings.DATA_DIR = tmp_path
    digits = "5128674345"
    planted = {
        "as typed": BROWSER["email"],
        "digits": digits,
        "hash": hashlib.sha256(f"+1{digits}".encode()).hexdigest(),
    }
    assert leaks() == []
    feed.publish(kind="test", room="leads", summary=planted[where], now=utc_now())
    assert leaks() != []
