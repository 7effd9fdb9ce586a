"""HandoffBriefing: tells the person who takes over, in a few sentences, what the conversation is about.

The rule's summary (`chat.briefs`) is there at once and stays unless a model is configured and its words hold: they pass
the claim linter and hold no personal data. The model sees facts and placeholders, and decides nothing.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from carloans.core.clock import utc_now
from cathy.engine import Context, define_agent, run_typed_sync
from chat.services import Call

DEADLINE_S = 20.0

INSTRUCTIONS = """A customer's chat goes from Cathy to a person of the team. You receive facts about it as JSON: why,
how far the application is, what is on file, and the customer's last words. Names and numbers are placeholders.

Answer with:
   summary: at most three short sentences in English for the colleague who takes over. Say what the customer wants, in
   what mood if the words show it, and what stands open. Only what the facts say: no guess, no advice, no promise,
   nothing about credit quality. Keep placeholders as they are. Do not repeat the customer's words in full."""


class Brief(BaseModel):
    """The briefing's answer."""

    model_config = ConfigDict(extra="forbid")

    summary: str = Field(max_length=500)


BRIEFING = define_agent(
    "HandoffBriefing",
    "chat-brief",
    INSTRUCTIONS,
    Brief,
    purpose=_("Tells the person who takes a chat over what it is about."),
    app="chat",
)


def write(call: Call, *, run_id: UUID | None = None) -> str:
    """The summary of one hand-off. Raises CarLoansError when the model fails; the rule's summary then stays."""
    facts: dict[str, Any] = call.facts
    context = Context(
        now=utc_now(), visitor_id=call.visitor_id, conversation_id=call.conversation_id, state=facts.get("state", "")
    )
    answer = run_typed_sync(
        BRIEFING,
        input=json.dumps(facts),
        context=context,
        trigger="handed_off",
        deadline_s=DEADLINE_S,
        run_id=run_id,
    )
    return answer.summary
