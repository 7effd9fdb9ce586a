"""Edge Cases & Data Validation: bad input is refused with a reason, and nothing of it stays."""

from __future__ import annotations

from io import StringIO
from typing import Any
from uuid import UUID

from django.core.management import call_command

from carloans.core import sandboxing
from carloans.core.privacy.index import blind_index
from credit.sandbox import PULLS
from dashboard.scenarios import world as inside
from dashboard.scenarios.customer import Chat, Customer, event
from dashboard.scenarios.report import Report, expect
from dashboard.scenarios.world import World
from visitors import selectors as visitors

NAME = "Edge Cases & Data Validation"
BAD_EMAIL, BAD_PHONE = "invalid-email-format", "123"
SSN, BIRTHDAY = "123-45-6789", "01/01/1990"


class EdgeCases:
    """Three steps; a refusal that names its reason is the success."""

    def __init__(self, world: World, report: Report) -> None:
        self.world, self.report = world, report
        self.customer: Customer = world.customer(BAD_EMAIL, BAD_PHONE)

    def run(self) -> None:
        steps = [
            ("invalid_email_format", "4xx with a code, no visitor stored", self.email),
            ("invalid_phone_number", "refused with a clear message, no provider asked", self.phone),
            ("pii_injection_test", "SSN and date of birth stored nowhere, and the customer is told why", self.pii),
        ]
        for name, expected, act in steps:
            self.report.step(name, expected, act)

    def email(self) -> str:
        save = event("save_progress", step=1, data={"email": BAD_EMAIL, "marketing_email": True})
        answer = self.customer.post_events(save)
        expect(400 <= answer.status_code < 500, f"it answered {answer.status_code}")
        problem = answer.json()
        expect(problem.get("category") == "bad_input", f"the category is {problem.get('category')}")
        expect("email" in problem.get("code", ""), f"the code is {problem.get('code')}")
        expect(BAD_EMAIL not in answer.text, "the answer repeats the address")
        expect(not visitors.visitors_with_email(email_index=blind_index("email", BAD_EMAIL)), "a visitor was stored")
        inside.expect_nowhere(BAD_EMAIL)
        self.report.refusals += 1
        return f"{answer.status_code} {problem['code']}, nothing stored"

    def phone(self) -> str:
        pulls = sandboxing.accepted_count(PULLS)
        chat = self.customer.socket()
        self.customer.visitor = chat.ready["visitor"]
        chat.say("My phone number is 123")
        card = self._contact_card(chat)
        press = chat.press(card, "submit", phone=BAD_PHONE)
        frame = chat.wait(lambda frame: frame["type"] in {"error", "ack"} and frame["id"] == press, "no answer came")
        expect(frame["type"] == "error", "the number was taken")
        expect(len(frame["message"]) > 10 and BAD_PHONE not in frame["message"], "the error does not say what to do")
        phone = visitors.visitor_contact(visitor_id=UUID(str(self.customer.visitor))).phone
        expect(not phone, "a number was stored")
        expect(sandboxing.accepted_count(PULLS) == pulls, "the provider was asked")
        chat.close()
        self.report.refusals += 1
        return f"refused with {frame['code']}: {frame['message']}"

    def _contact_card(self, chat: Chat) -> dict[str, Any]:
        if not chat.card("contact_form"):
            chat.say("Can somebody call me back about a loan?")
        if not chat.card("contact_form"):
            chat.say("How can I leave my phone number?")
        return chat.wait_for_card("contact_form")

    def pii(self) -> str:
        chat = self.customer.socket()
        before = chat.last_seq
        chat.say(f"My SSN is {SSN}, full name John Smith, born {BIRTHDAY}")
        inside.expect_nowhere(SSN, SSN.replace("-", ""), BIRTHDAY)
        told = [m["text"] for seq, m in sorted(chat.messages.items()) if seq > before and m["role"] != "customer"]
        words = " ".join(told).lower()
        expect("social security" in words or "ssn" in words, "the customer was not told why it was masked")
        own = " ".join(m["text"] for m in chat.messages.values() if m["role"] == "customer")
        expect(SSN not in own, "the transcript shows the number")
        export = StringIO()
        call_command("export_leads", format="jsonl", stdout=export)
        expect(SSN not in export.getvalue() and BIRTHDAY not in export.getvalue(), "the export shows it")
        chat.close()
        self.report.refusals += 1
        return "masked before it was stored; nowhere in the database or the export; told why"


def run(world: World) -> Report:
    """Play the edge cases after the sample visitors."""
    report = Report(NAME)
    world.sample_visitors()
    EdgeCases(world, report).run()
    return report
