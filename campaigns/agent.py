"""EmailReengagement: writes the words of one mail. It decides nothing: who is written to, when, and whether the
words may be stored are the services' business. When the model fails, is switched off, or writes what the claim
linter refuses, the hand-written mail of the same place in the journey takes over and the verdict is kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from campaigns import texts
from campaigns.models import Step
from campaigns.people import Reader
from campaigns.services.drafting import broken_rules
from carloans.core import switches
from carloans.core.errorlog import note_error
from carloans.core.errors import CarLoansError
from cathy.engine import Context, define_agent, run_typed_sync
from cathy.guardrails.text.visible import one_line, visible
from cathy.services import record_verdict

NAME = "EmailReengagement"

INSTRUCTIONS = """
You write one short e-mail to a person who began a car-loan application, saved it and left. Help them to come back
at their own pace. The input is a JSON document of facts about where they stopped.

- Write in the language of "locale": English, or Spanish with "usted". Plain, warm, concrete; no exclamation marks.
- Use the placeholders {first_name} and {company} as they are. Use no other braces.
- subject: at most 70 characters. preheader: at most 110. paragraphs: two or three, each of one to three sentences.
  call_to_action: two to five words for the button that opens the saved application.
- Do not greet and do not sign: the frame around your text does both and says that you are an AI assistant.
- Speak to the reason why they stopped, if one is given, without naming it as a failing of theirs.
- message_number 1 offers the way back, 2 offers answers to questions, 3 is the last note and says so.
- Never promise or hint at approval, a rate, a payment or a term; no urgency, no scarcity, no deadline; nothing about
  the person's credit, income, age, family or origin; no claim about other people.
- The one thing that may be said about credit: they can see if they prequalify; that is a soft inquiry, which does not
  affect the credit score; a lender may run a hard inquiry later if they apply.
"""

#: Longest subject, preheader, paragraph and button that the template and mail programs show well.
LIMITS = {"subject": 120, "preheader": 160, "paragraph": 700, "call_to_action": 50}


class EmailDraft(BaseModel):
    """The words of one mail, with {first_name} and {company} as placeholders."""

    subject: str
    preheader: str
    paragraphs: list[str]
    call_to_action: str


@dataclass(frozen=True, slots=True)
class Composition:
    """Words that may be stored, and where they come from: `verdict` says why the agent's were not used."""

    copy: texts.Copy
    source: str
    run: UUID | None = None
    verdict: dict[str, Any] = field(default_factory=dict)


WRITER = define_agent(
    NAME,
    "email-writer",
    INSTRUCTIONS,
    EmailDraft,
    voice="mail",
    purpose=_("Writes the e-mails that invite people back to their application."),
    app="campaigns",
)


def compose(*, reader: Reader, step: Step, now: datetime) -> Composition:
    """The words for one step of one journey. Never fails: at worst they are the hand-written ones."""
    if not switches.is_on("ai", state=reader.state or None):
        return _by_hand(reader, step, None, {"reason": "switched_off", "rules": []})
    run = uuid4()
    try:
        draft = _ask(reader, step, run, now)
    except CarLoansError as error:
        note_error(exc=error, where="campaigns.compose", now=now)
        return _by_hand(reader, step, run, {"reason": error.code, "rules": []})
    if rules := _faults(draft, reader.locale):
        for rule in rules:
            record_verdict(stage="copy", rule=rule, action="replaced", now=now, run_id=run)
        return _by_hand(reader, step, run, {"reason": "refused", "rules": rules})
    return Composition(_copy(draft), "agent", run)


def facts_for(*, reader: Reader, step: Step) -> dict[str, Any]:
    """What the model is told: no contact, no amount, nothing about credit."""
    return {
        "locale": texts.language(reader.locale),
        "first_name": "{first_name}",
        "company": "{company}",
        "message_number": step.order,
        "step_reached": reader.step_reached,
        "stop_reason": reader.stop_reason or "unknown",
        "vehicle": reader.vehicle or None,
    }


def _ask(reader: Reader, step: Step, run: UUID, now: datetime) -> EmailDraft:
    context = Context(
        now=now,
        locale=texts.language(reader.locale),
        visitor_id=reader.visitor_id,
        application_id=reader.application_id,
        state=reader.state,
    )
    facts = json.dumps(facts_for(reader=reader, step=step), ensure_ascii=False)
    return run_typed_sync(WRITER, input=facts, context=context, trigger="journey_step", run_id=run)


def _faults(draft: EmailDraft, locale: str) -> list[str]:
    """Broken rules of the linter, and a shape that the template cannot carry."""
    fits = (
        0 < len(draft.subject) <= LIMITS["subject"]
        and len(draft.preheader) <= LIMITS["preheader"]
        and 0 < len(draft.call_to_action) <= LIMITS["call_to_action"]
        and 2 <= len(draft.paragraphs) <= 4
        and all(0 < len(text) <= LIMITS["paragraph"] for text in draft.paragraphs)
    )
    return [*([] if fits else ["wrong_shape"]), *broken_rules(_copy(draft), locale=locale)]


def _copy(draft: EmailDraft) -> texts.Copy:
    """The draft as a reader would see it: subject, preheader and button are one line each."""
    paragraphs = tuple(visible(text).strip() for text in draft.paragraphs)
    return texts.Copy(one_line(draft.subject), one_line(draft.preheader), paragraphs, one_line(draft.call_to_action))


def _by_hand(reader: Reader, step: Step, run: UUID | None, verdict: dict[str, Any]) -> Composition:
    copy = texts.fallback_copy(locale=reader.locale, number=step.order, vehicle=reader.vehicle)
    return Composition(copy, "template", run, verdict)
