"""LeadPackaging: says in true, positive words what a dealer has in front of him, and asks for the lead to be sent.

It sees which facts exist and never what they say, and nothing about credit beyond the allowed word. Whether the lead
may go, and to whom, is decided by the service behind the tool.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from carloans.core.errors import Bug
from cathy.engine import Context, db, define_agent, guarded_tool, run_typed_sync
from leads import services

DEADLINE_S = 25.0

INSTRUCTIONS = """You package a lead for a car dealer. You receive facts about one request as JSON: which car, how far
the customer came, how they can be reached, what is known. You never receive names, numbers or amounts.

1. Call submit_lead once. It answers whether the lead may go out, and if not, why. That is not yours to change.
2. Answer with:
   summary: two or three sentences for the dealer's salesperson, true to the facts, friendly and concrete. Say what the
   customer wants and how far they came. No guess, no promise, nothing about credit quality, rates, payments, approval
   or personal circumstances.
   highlights: at most five short points, each a fact.
   priority: high if there is a telephone number and a chosen car, low if there is no telephone number, else normal.
   missing: names of facts that a dealer would want and that are not there."""


class LeadSummary(BaseModel):
    """The packager's answer."""

    model_config = ConfigDict(extra="forbid")

    summary: str = Field(max_length=600)
    highlights: list[str] = Field(max_length=6)
    priority: Literal["low", "normal", "high"]
    missing: list[str] = Field(max_length=12)


@dataclass(frozen=True, slots=True)
class _Lead:
    """Which lead this run is about: from the task, never from the model."""

    id: UUID


@guarded_tool
async def submit_lead(context: Context) -> dict[str, Any]:
    """Ask for this lead to be handed to a dealer. The answer says whether it may go, and if not, why."""
    if not isinstance(context.extra, _Lead):
        raise Bug
    wait = services.SUMMARY_GRACE
    decision = await db(services.request_submission)(lead_id=context.extra.id, now=context.now, wait=wait)
    return {"status": decision.status, "allowed": decision.allowed, "reason": decision.reason}


packager = define_agent(
    "LeadPackaging",
    "lead-packager",
    INSTRUCTIONS,
    LeadSummary,
    [submit_lead],
    purpose=_("Sums a lead up in positive, true words and submits it through the service."),
    app="leads",
)


def run_packager(*, lead: services.Packaged, now: datetime, state: str = "", run_id: UUID | None = None) -> LeadSummary:
    """One run for one lead. Raises CarLoansError when the model fails; the lead then goes with the rule's summary."""
    context = Context(
        now=now,
        visitor_id=lead.visitor_id,
        conversation_id=lead.conversation_id,
        application_id=lead.application_id,
        state=state,
        extra=_Lead(lead.lead_id),
    )
    return run_typed_sync(
        packager,
        input=json.dumps(lead.facts),
        context=context,
        trigger="credit_decided",
        deadline_s=DEADLINE_S,
        run_id=run_id,
    )
