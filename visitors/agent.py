"""VisitorIdentifier: judges an abandonment from steps, counts and which contact exists. It never sees a value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from carloans.core import switches
from carloans.core.errorlog import note_error
from carloans.core.errors import CarLoansError
from carloans.core.privacy import redact
from cathy.engine import Context, define_agent, run_typed_sync
from cathy.guardrails import asides
from cathy.guardrails.text.visible import one_line
from cathy.services import record_verdict
from visitors import selectors
from visitors.judging import Judgement, bounded, rule_judgement

INSTRUCTIONS = """\
You read what is known about an abandoned car-loan application and judge it for the team that may win the person back.
The input is one JSON document of facts: steps and counts, which contact details exist, which consents stand, signals.

Decide:
- identity: "known" if an e-mail address and a name or phone number exist, "probable" if one contact detail exists,
  else "anonymous".
- channels: "email" only if an address and the consent "marketing_email" exist and no privacy signal is set; "phone"
  only with a number and the consent "dealer_contact"; "chat" if the person could return to the page. None for a bot.
- stop_reason: the likeliest reason why they stopped, from the step they reached and where errors happened.
- priority: "high" for a late step with an open channel, "low" if nobody can be reached, else "normal".
- next_step: "email" if the channel is open, "wait" if they left only moments ago, else "none".
- explanation: one sentence for colleagues, about the facts only.

Never use or guess race, colour, religion, national origin, sex, marital status, age, or public assistance.
"""

#: What fits the line of the operations room.
LONGEST_EXPLANATION = 400

JUDGE = define_agent(
    "VisitorIdentifier",
    "visitor-judge",
    INSTRUCTIONS,
    Judgement,
    purpose=_("Recognises abandoned applications: who left, why, and whether they may be written to."),
    app="visitors",
)


@dataclass(frozen=True)
class Verdict:
    """A judgement within its bounds; `source` is "agent" or "rule", `run_id` the agent's run if it was asked."""

    judgement: Judgement
    source: str
    run_id: UUID | None


def judge(*, application_id: UUID, now: datetime) -> Verdict:
    """Judge one abandonment. A failing or switched-off agent is replaced by the rule: nobody is forgotten for it.

    Raises UnknownApplication.
    """
    facts = selectors.application_facts(application_id=application_id, now=now)
    visitor_id = _visitor_of(application_id)
    state = selectors.visitor_contact(visitor_id=visitor_id).state
    if not switches.is_on("ai", state=state or None):
        return Verdict(rule_judgement(facts), "rule", None)
    run_id = uuid4()
    context = Context(now=now, application_id=application_id, visitor_id=visitor_id, state=state)
    try:
        answer = run_typed_sync(
            JUDGE, input=json.dumps(facts), context=context, trigger="visitor.abandoned", run_id=run_id
        )
    except CarLoansError as error:
        note_error(exc=error, where="visitors.agent.judge", now=now)
        return Verdict(rule_judgement(facts), "rule", run_id)
    return Verdict(bounded(_in_fit_words(answer, facts, run_id, now), facts), "agent", run_id)


def _in_fit_words(answer: Judgement, facts: Mapping[str, Any], run_id: UUID, now: datetime) -> Judgement:
    """The judgement with the rule's sentence in place of one that colleagues must not read."""
    said = one_line(answer.explanation)
    wrong = ["wrong_shape"] if not 0 < len(said) <= LONGEST_EXPLANATION else asides.broken_rules(said)
    wrong = wrong or (["personal_data"] if redact(said).spans else [])
    for rule in wrong:
        record_verdict(stage="copy", rule=rule, action="replaced", now=now, run_id=run_id)
    said = rule_judgement(facts).explanation if wrong else said
    return answer.model_copy(update={"explanation": said})


def _visitor_of(application_id: UUID) -> UUID:
    """The visitor whose switches are asked, and to whom the run row refers."""
    return selectors.application_ref(application_id=application_id).visitor_id
