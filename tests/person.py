"""One customer with a row in every table that is about people, made as far as possible by the rooms' own services."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model

from campaigns.models import Message, MessageEvent, Pace
from campaigns.services import suppress
from campaigns.tests import factories as journeys
from carloans.core.models import LegalHold
from carloans.core.privacy.mask import mask_phone
from cathy.models import AgentRun, RunRecording, ToolCall, Verdict
from chat import services as chat
from chat.models import Conversation, Rating, SessionItem
from chat.services import Knock, carding
from credit.models import NoticeDuty, NoticeMail, NoticeProof
from credit.tests.factories import CreditConsentFactory, DecidedCheckFactory
from leads import services as leads
from leads.models import Disposition, Lead, Submission, SubmissionAttempt
from leads.tests.factories import BuyerFactory
from visitors import services as visitors
from visitors.models import Application, Visitor
from visitors.services import privacy

EMAIL, PHONE, FIRST, LAST = "zebulon.quixworth@gmail.com", "+15128675309", "Zebulon", "Quixworth"
EMPLOYER, JOB, ZIP = "Frobnitz Foundry", "Grommet polisher", "78704"
STREET, OTHER_EMAIL = "4417 Wobblegate Lane", "zeb.second@outlook.com"
SEEDED = (EMAIL, "8675309", "867-5309", FIRST, LAST, EMPLOYER, JOB, ZIP, STREET, OTHER_EMAIL, mask_phone(PHONE))
IP = "203.0.113.9"


@dataclass(frozen=True)
class Customer:
    visitor_id: UUID
    application_id: UUID
    conversation_id: UUID
    message_id: UUID
    lead_id: UUID
    check_id: UUID


def make(*, now: datetime, turns: int = 1, email: str = EMAIL) -> Customer:
    """A customer who left, was written to, came back, chatted, was checked, and went to a dealer."""
    mail = journeys.message(
        now=now, email=email, phone="(512) 867-5309", first_name=FIRST, last_name=LAST, state="TX", zip=ZIP,
        employer=EMPLOYER, job_title=JOB, monthly_income_cents=431_700, months_on_job=17,
    )  # fmt: skip
    visitor_id, application_id = mail.enrollment.visitor_id, mail.enrollment.application_id
    _sent(mail, now)
    conversation_id = _chatted(visitor_id, application_id, now, turns)
    check = _checked(visitor_id, application_id, conversation_id, now)
    lead = _handed_over(visitor_id, check.pk, now)
    _asked_for_rights(visitor_id, now)
    return Customer(visitor_id, application_id, conversation_id, mail.pk, lead.pk, check.pk)


def _sent(mail: Message, now: datetime) -> None:
    visitors.issue_return_link(application_id=mail.enrollment.application_id, message_id=mail.pk, now=now)
    Message.objects.filter(pk=mail.pk).update(state="done", sent_at=now, provider_message_id="<abc@provider>")
    MessageEvent.objects.create(event_id=f"event-{mail.pk}", message=mail, type="delivered", at=now)
    Pace.objects.create(key=mail.pk.hex * 2, message=mail.pk, at=now)


def _with_people(conversation: Conversation, now: datetime) -> None:
    """Somebody of the team has it for a while, and it is with Cathy again."""
    staff, _ = get_user_model().objects.get_or_create(username="person-in-chat", first_name="Mia", is_staff=True)
    about = {"conversation_id": conversation.pk, "staff_id": staff.pk, "now": now}
    chat.hand_off(conversation_id=conversation.pk, reason="asked", now=now)
    chat.claim(**about, staff_name="Mia")
    chat.add_note(**about, text=f"{FIRST} asked to be called at 512-867-5309")
    chat.add_tag(**about, name="callback")
    chat.return_to_ai(**about)
    # What they asked is Cathy's to answer all the same.
    Conversation.objects.filter(pk=conversation.pk).update(answered_seq=0)


def _chatted(visitor_id: UUID, application_id: UUID, now: datetime, turns: int) -> UUID:
    site_id = Visitor.objects.get(pk=visitor_id).site_id
    opened = chat.enter(knock=Knock(site_id=site_id, visitor=visitor_id), now=now)
    for number in range(turns):
        text = f"I am {FIRST}, call 512-867-5309 or write to {OTHER_EMAIL}, I live at {STREET}. ({number})"
        moment = now + timedelta(minutes=number)
        chat.receive(conversation_id=opened.conversation_id, client_id=uuid4(), text=text, now=moment)
    conversation = Conversation.objects.get(pk=opened.conversation_id)
    _with_people(conversation, now)
    form = carding.contact_form(visitor_id=visitor_id, company="Acme Autos", locale="en")
    carding.present_card(conversation=conversation, card=form, text="How may we reach you?", now=now)
    SessionItem.objects.create(conversation_id=opened.conversation_id, seq=1, data={"role": "user", "content": "hi"})
    Rating.objects.create(conversation_id=opened.conversation_id, card=uuid4(), score=4, at=now)
    run = AgentRun.objects.create(
        agent="RealtimeChat", trigger="chat", model="m", mode="simulated", prompt_version="1",
        conversation=opened.conversation_id, visitor=visitor_id, application=application_id, started_at=now,
    )  # fmt: skip
    ToolCall.objects.create(run=run, seq=1, name="note_phone", arguments={"phone": "[PHONE_1]"}, ok=True, ms=1)
    Verdict.objects.create(run=run, stage="input", rule="pressure", action="replaced", at=now)
    RunRecording.objects.create(run=run, data={"edition": 1, "given": "call [PHONE_1]", "said": "Thank you."})
    return opened.conversation_id


def _checked(visitor_id: UUID, application_id: UUID, conversation_id: UUID, now: datetime) -> Any:
    visitor = Visitor.objects.get(pk=visitor_id)
    refs = {"application_id": application_id, "conversation_id": conversation_id}
    consent = CreditConsentFactory(visitor=visitor, given_at=now, ip=IP, **refs)
    check = DecidedCheckFactory(
        consent=consent, created_at=now, score=642, tier="near_prime", bureau={"bureau": "Simulated"}, **refs
    )
    staff = get_user_model().objects.get_or_create(username="clerk")[0]
    duty = NoticeDuty.objects.create(
        visitor=visitor, application_id=application_id, kind="reasons", state="sent", reason="asked", opened_at=now,
        due_at=now + timedelta(days=30), settled_at=now, key=f"reasons:{check.pk}",
    )  # fmt: skip
    NoticeMail.objects.create(
        duty=duty, staff=staff, locale="en", complete_by=now.date(), created_at=now, due_at=now, state="done",
        text="The words of the notice", idempotency_key=f"notice-{duty.pk}",
    )  # fmt: skip
    NoticeProof.objects.create(
        duty=duty, method="letter", sent_on=now.date(), text_sha256="b" * 64, staff=staff, recorded_at=now
    )
    return check


def _handed_over(visitor_id: UUID, check_id: UUID, now: datetime) -> Lead:
    buyer = BuyerFactory()
    consent = visitors.record_consent(
        visitor_id=visitor_id, kind="dealer_contact", locale="en", act="ticked", element_id="box", page="/chat", ip=IP,
        user_agent="test", shown_at=now, now=now, names={"dealers": buyer.name}, scope={"buyers": [buyer.slug]},
    )  # fmt: skip
    visitors.withdraw_consent(visitor_id=visitor_id, kind="dealer_contact", via="chat", now=now)
    lead = leads.package_lead(check_id=check_id, now=now)
    assert lead is not None
    sent = Submission.objects.create(
        lead=lead, buyer=buyer, consent=consent, created_at=now, due_at=now, idempotency_key=f"l-{lead.pk}",
        state="done", sent_at=now, result="accepted",
    )  # fmt: skip
    SubmissionAttempt.objects.create(submission=sent, number=1, act="post", result="accepted", ms=3, at=now)
    Disposition.objects.create(buyer=buyer, submission=sent, event_id=f"d-{sent.pk}", word="contacted", at=now)
    return lead


def _asked_for_rights(visitor_id: UUID, now: datetime) -> None:
    link = uuid4()
    privacy.issue_privacy_link(visitor_id=visitor_id, source_id=link, origin="chat", now=now)
    page = Visitor.objects.get(pk=visitor_id).privacy_links.get(source_id=link)
    privacy.issue_proof(link_id=page.pk, message_id=uuid4(), now=now)
    privacy.ask_staff(visitor_id=visitor_id, kind="human_review", now=now)
    privacy.opt_out_of_sale(visitor_id=visitor_id, via="page", now=now)
    index = Visitor.objects.get(pk=visitor_id).email_index
    suppress(email_index=index, reason="unsubscribed", source="link", now=now)
    LegalHold.objects.create(
        visitor=visitor_id, reason="A dispute", opened_at=now, opened_by="staff:1", released_at=now
    )


def everything(models: list[type[Model]]) -> str:
    """Every value of every row, decrypted, in lower case: what somebody with database and keys would read."""
    lines = []
    for model in models:
        for row in model._base_manager.all():
            lines.append(" ".join(str(getattr(row, one.attname)) for one in row._meta.concrete_fields))
    return "\n".join(lines).lower()


def dump() -> str:
    """Every value of every table as the database holds it, in lower case."""
    lines = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            lines += [" ".join(map(str, row)) for row in cursor.fetchall()]
    return "\n".join(lines).lower()


def seeded_in(text: str) -> list[str]:
    """Which of the seeded values stand in a text of lower case. A ZIP code inside an id is none."""
    return [value for value in SEEDED if re.search(_stands_alone(value.lower()), text)]


def _stands_alone(value: str) -> str:
    return rf"(?<![0-9a-z]){value}(?![0-9a-z])" if value == ZIP else re.escape(value)


__all__ = ["SEEDED", "Application", "Conversation", "Customer", "dump", "everything", "make", "seeded_in"]
