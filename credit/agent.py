"""CreditCheck, the clerk: sees that permission exists, has the check done, picks the sentence for the outcome.

It decides nothing about the customer. It never sees a score, a tier, an amount or contact data, and it cannot give
consent: the tools know which check is meant, and the service behind them looks at the customer's own instruction.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict

from carloans.core.errors import Bug
from cathy.engine import Context, db, define_agent, guarded_tool, run_typed_sync
from credit import selectors, services

#: Longer than the provider's time-outs together: the clerk waits for the answer and does not give up before it.
PULL_TIMEOUT_S = 26.0
DEADLINE_S = 40.0

INSTRUCTIONS = """You are the credit clerk of a car-loan service. You receive the id of one soft credit check.

1. Call check_consent. If it says that there is no permission, stop: answer with phrase "try_later", next_step "none".
2. Call start_soft_pull once. It returns a status and an outcome.
3. Answer with the phrase that is true for them and the next step:
   outcome prequalified -> phrase prequalified, next_step dealer.
   outcome needs_person -> next_step person, and phrase no_file for status no_hit or thin_file, file_locked for frozen
   or locked, identity_unconfirmed for identity_unconfirmed, else needs_person.
   outcome unavailable, or a tool that fails -> phrase try_later, next_step retry.

You never give consent for anybody, never guess an outcome, never mention a score, a rate, an amount or a reason."""


class Verdict(BaseModel):
    """The clerk's answer: keys only, the words are ours."""

    model_config = ConfigDict(extra="forbid")

    phrase: Literal["prequalified", "needs_person", "no_file", "try_later", "identity_unconfirmed", "file_locked"]
    next_step: Literal["dealer", "person", "retry", "none"]


def _check_id(context: Context) -> UUID:
    """Which check this run is about comes from the task, never from the model."""
    if not isinstance(context.extra, UUID):
        raise Bug
    return context.extra


@guarded_tool
async def check_consent(context: Context) -> dict[str, Any]:
    """Whether the customer's own written instruction for this check exists and has not expired."""
    held = await db(selectors.has_unexpired_consent)(check_id=_check_id(context), now=context.now)
    return {"consent": held}


@guarded_tool(timeout_s=PULL_TIMEOUT_S)
async def start_soft_pull(context: Context) -> dict[str, Any]:
    """Have the soft check done, once, and learn its status and outcome."""
    found = await db(services.start_pull)(check_id=_check_id(context), now=context.now)
    return {"status": found.status, "outcome": found.outcome}


clerk = define_agent(
    "CreditCheck",
    "credit-clerk",
    INSTRUCTIONS,
    Verdict,
    [check_consent, start_soft_pull],
    purpose=_("Sees that permission exists, starts the soft check and words its outcome from the allowed list."),
    app="credit",
)


def run_clerk(*, check: selectors.CheckOutcome, locale: str, now: datetime, state: str = "") -> Verdict:
    """One run for one check. Raises CarLoansError when the model fails; the caller then does without it."""
    context = Context(
        now=now,
        locale=locale,
        visitor_id=check.visitor_id,
        conversation_id=check.conversation_id,
        application_id=check.application_id,
        state=state,
        extra=check.check_id,
    )
    facts = {"check": str(check.check_id), "locale": locale}
    return run_typed_sync(
        clerk, input=json.dumps(facts), context=context, trigger="credit_requested", deadline_s=DEADLINE_S
    )
