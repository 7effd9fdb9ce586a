"""Happy Path Journey: John leaves at step 4, is written to, returns, talks, agrees to the check and becomes a lead."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import requests

from campaigns import selectors as campaigns
from campaigns.mail import MESSAGE_VARIABLE, webhook_signing_key
from campaigns.sandbox import accepted_times, sign
from campaigns.services import render_message
from carloans.core import sandboxing
from carloans.core.clock import utc_now
from carloans.core.privacy.index import blind_index
from credit import selectors as credit
from credit.sandbox import PULLS
from dashboard.scenarios import world as inside
from dashboard.scenarios.customer import Chat, Customer, persistently, wait_for
from dashboard.scenarios.report import Report, expect
from dashboard.scenarios.world import World
from leads import selectors as leads
from leads.sandbox import PROVIDER as BUYER
from visitors import selectors as visitors

NAME = "Happy Path Journey"
EMAIL, PHONE, E164 = "john.doe@gmail.com", "555-123-4567", "+15551234567"
EMPLOYER = "Example Freight"
CAR = {"vehicle_year": "2021", "vehicle_make": "Kia", "vehicle_model": "Forte"}
DETAILS = {
    **CAR,
    "loan_amount_cents": 1590000,
    "monthly_income_cents": 420000,
    "employer": EMPLOYER,
    "state": "TX",
}


class HappyPath:
    """Six steps, each asserting what the one before it left behind."""

    def __init__(self, world: World, report: Report) -> None:
        self.world, self.report = world, report
        self.john: Customer = world.customer(EMAIL, PHONE, "John")
        self.chat: Chat

    def run(self) -> None:
        steps = [
            ("visitor_abandonment", "visitor by keyed hash, left at step 4, exactly one lead_ready", self.abandonment),
            ("email_sent", "one mail to the real address, its link hashed at rest and valid for 24 hours", self.email),
            (
                "email_engagement",
                "open and click once each; the link works once and restores the form",
                self.engagement,
            ),
            ("chat_session", "over the socket; phone stored as E.164, encrypted; consent recorded", self.conversation),
            (
                "credit_check",
                "prequalified by the documented rule, one pull, repeated from the first",
                self.credit_check,
            ),
            ("lead_packaging", "one signed submission, accepted by the dealer, contact inside", self.lead),
        ]
        for name, expected, act in steps:
            self.report.step(name, expected, act)

    def abandonment(self) -> str:
        events = self.john.abandon_at(4, **DETAILS)
        replay = self.john.post_events(*events)
        expect(replay.json()["duplicates"] == len(events), f"a replay was not recognised: {replay.text[:200]}")
        self.visitor = UUID(str(self.john.visitor))
        self.application = inside.only_application(self.john.visitor).id
        wait_for(lambda: inside.feed_count("lead_ready", self.application), "no lead_ready event came")
        again = self.john.post_events(*events)
        expect(again.json()["accepted"] == 0, "a second replay stored something")
        time.sleep(1.2)
        ready = inside.feed_count("lead_ready", self.application)
        expect(ready == 1, f"{ready} lead_ready events")
        found = inside.only_application(self.john.visitor)
        expect(
            (found.status, found.step_reached) == ("abandoned", 4), f"it is {found.status} at step {found.step_reached}"
        )
        by_hash = visitors.visitors_with_email(email_index=blind_index("email", EMAIL))
        expect(self.visitor in by_hash, "the visitor is not found by the keyed hash of the address")
        inside.expect_nowhere(EMAIL, EMPLOYER)
        return "abandoned at step 4, one lead_ready after three deliveries of the same events"

    def email(self) -> str:
        def sent() -> campaigns.OutboxLine | None:
            lines = inside.mails(self.application)
            return lines[0] if lines and lines[0].sent_at else None

        line = wait_for(sent, "no mail was sent")
        assert line
        self.mail = line.id
        self.report.samples["email_send"].append(float(line.send_ms or 0))
        shown = render_message(self.mail, now=utc_now(), reveal=True)
        expect(shown.to == EMAIL, "the mail does not go to the address that was saved")
        expect("AI assistant" in shown.text, "the mail does not say that Cathy is an AI assistant")
        self.token = inside.link_token(self.mail)
        inside.expect_nowhere(self.token)
        now = utc_now()
        states = [visitors.return_link_preview(token=self.token, now=now + timedelta(hours=h)) for h in (0, 23.9, 24.1)]
        expect(states == ["usable", "usable", "expired"], f"the link is {states} now, at 23.9 and at 24.1 hours")
        time.sleep(1.2)
        count, accepted = len(inside.mails(self.application)), accepted_times(self.mail)
        expect((count, accepted) == (1, 1), f"{count} mails, accepted {accepted} times by the provider")
        return "one mail in the outbox, accepted once by the provider, link token nowhere at rest"

    def engagement(self) -> str:
        self._open_twice()
        link = f"{self.world.base}/r/{self.token}"
        persistently(lambda: requests.get(link, timeout=10))
        persistently(lambda: requests.head(link, timeout=10))
        state = visitors.return_link_preview(token=self.token, now=utc_now())
        expect(state == "usable", "looking at the link has used it up")
        landed = persistently(lambda: self.john.browser.post(link, timeout=10, allow_redirects=True))
        expect(landed.status_code == 200, f"the link answered {landed.status_code}")
        expect("Forte" in landed.text, "the form does not show the car again")
        stranger = persistently(lambda: requests.post(link, timeout=10))
        expect(stranger.status_code == 410, f"a second browser got {stranger.status_code}")
        line = wait_for(lambda: self._clicked(), "the click was not recorded")
        first = (line.opened_at, line.clicked_at)
        self._open_twice()
        line = self._clicked()
        expect(line and (line.opened_at, line.clicked_at) == first, "a repeated event changed the first one's time")
        status = inside.only_application(self.john.visitor).status
        expect(status == "returned", f"the application is {status}")
        return "opened and clicked once each, redeemed once, refused to a second browser, form restored"

    def _clicked(self) -> Any:
        line = campaigns.message_line(message_id=self.mail)
        return line if line and line.clicked_at else None

    def _open_twice(self) -> None:
        """The provider reports the same open twice, signed, as it does when our answer was lost."""
        event = {
            "id": f"open-{self.mail}",
            "event": "opened",
            "timestamp": time.time(),
            "user-variables": {MESSAGE_VARIABLE: str(self.mail)},
        }
        for _ in range(2):
            signature = sign(webhook_signing_key(), timestamp=str(int(time.time())), token=secrets.token_hex(25))
            body = {"signature": signature, "event-data": event}
            answer = self._report(body)
            expect(answer.status_code == 200, f"the webhook answered {answer.status_code}")

    def _report(self, body: dict[str, Any]) -> requests.Response:
        address = f"{self.world.base}/webhooks/mailgun/"
        return persistently(lambda: requests.post(address, json=body, timeout=10))

    def conversation(self) -> str:
        self.chat = self.john.socket()
        ready = self.chat.ready
        expect("AI" in ready["ai_disclosure"], "the chat does not say that Cathy is an AI")
        expect(ready["visitor"] == str(self.visitor), "the chat does not know who came back")
        reply = self._timed("Hi Cathy, I would like to finish my application. You can reach me at 555-123-4567.")
        expect(reply["text"], "the reply is empty")
        contact = wait_for(lambda: visitors.visitor_contact(visitor_id=self.visitor).phone, "the phone was not kept")
        expect(contact == E164, "the phone is not stored as E.164")
        self._share_contact()
        inside.expect_nowhere(PHONE, E164, E164[2:])
        consent = visitors.active_consent(visitor_id=self.visitor, kind="dealer_contact", now=utc_now())
        expect(consent, "no consent to be contacted by a dealer was recorded")
        return "phone kept as E.164, encrypted, masked everywhere; dealer contact agreed with the text's hash"

    def _timed(self, text: str) -> dict[str, Any]:
        started, first = time.perf_counter(), []
        reply = self.chat.say(text, on_delta=lambda: first.append(time.perf_counter()))
        ended = time.perf_counter()
        self.report.samples["chat_reply"].append((ended - started) * 1000)
        self.report.samples["chat_first_text"].append(((first[0] if first else ended) - started) * 1000)
        return reply

    def _share_contact(self) -> None:
        """Fill in the contact card and tick its box."""
        if not self.chat.card("contact_form"):
            self._timed("I would like a dealer to contact me.")
        card = self.chat.wait_for_card("contact_form")
        press = self.chat.press(card, "submit", phone=PHONE, dealer_contact=True)
        self._pressed(press)

    def _pressed(self, press: str) -> None:
        def settled(frame: dict[str, Any]) -> bool:
            expect(frame["type"] != "error", f"the press was refused: {frame.get('code')}")
            return bool(frame["type"] == "ack" and frame["id"] == press)

        self.chat.wait(settled, "the press was not acknowledged")

    def credit_check(self) -> str:
        if not self.chat.card("credit_consent"):
            self._timed("Please go ahead with the soft credit check.")
        card = self.chat.wait_for_card("credit_consent")
        with self.report.timed("credit_check"):
            self._pressed(self.chat.press(card, "agree"))
            self.chat.wait(lambda frame: self._has_card("credit_result"), "no result came")
        outcome = credit.latest_outcome(visitor_id=self.visitor)
        expect(outcome and outcome.outcome == "prequalified", f"the outcome is {outcome and outcome.outcome}")
        assert outcome
        pulls = sandboxing.accepted_count(PULLS)
        again = self._check_again(outcome)
        expect(again.root_id == outcome.check_id, "a repeated check was not served from the first")
        expect(sandboxing.accepted_count(PULLS) == pulls, "a repeated check pulled again")
        self.check = outcome.check_id
        return "prequalified; a second consent within 5 minutes was served from the first pull"

    def _has_card(self, kind: str) -> bool:
        return any((message.get("card") or {}).get("kind") == kind for message in self.chat.messages.values())

    def _check_again(self, first: Any) -> Any:
        from credit.services import give_consent_and_request

        text = credit.consent_text(locale="en")
        check = give_consent_and_request(
            visitor_id=self.visitor, application_id=first.application_id, conversation_id=None, locale="en",
            shown_version=text.version, shown_sha256=text.sha256, shown_at=utc_now(), ip="127.0.0.1",
            user_agent="scenario", now=utc_now(),
        )  # fmt: skip

        def decided() -> Any:
            found = credit.outcome_for(check.pk)
            return found if found and found.decided else None

        return wait_for(decided, "the repeated check was not decided")

    def lead(self) -> str:
        def accepted() -> Any:
            rows = leads.table(search=str(self.visitor))
            return rows[0] if rows and rows[0]["status"] == "accepted" else None

        with self.report.timed("lead_submit"):
            row = wait_for(accepted, "no dealer accepted the lead")
        rows = leads.table(search=str(self.visitor))
        detail = leads.detail(lead_id=row["id"])
        assert detail
        tries = detail["submissions"]
        expect(len(rows) == 1 and len(tries) == 1, f"{len(rows)} leads, {len(tries)} submissions")
        times = sandboxing.accepted_count(BUYER, str(row["id"]))
        expect(times == 1, f"the dealer got it {times} times")
        expect(row["email"] and row["phone"] and row["name"], "the package lacks the contact")
        expect(detail["summary"], "the package has no summary")
        expect(tries[0]["buyer_ref"], "the dealer's reference is missing")
        inside.expect_nowhere(EMAIL, E164)
        self.chat.close()
        return f"accepted by {tries[0]['buyer']} after {row['attempts']} attempt, once in the dealer's books"


def run(world: World) -> Report:
    """Play the journey after the sample visitors."""
    report = Report(NAME)
    world.sample_visitors()
    HappyPath(world, report).run()
    return report
