"""What may be made of an abandonment: the typed judgement, the rule that stands in for the agent, and its bounds.

Pure functions over the PII-free facts of `selectors.application_facts`. The agent may judge; which channels are open is
decided here from contact, consent and privacy signals, whatever the agent says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel

Identity = Literal["known", "probable", "anonymous"]
Channel = Literal["email", "chat", "phone"]
Priority = Literal["low", "normal", "high"]
NextStep = Literal["email", "wait", "none"]
StopReason = Literal[
    "form_length",
    "income_question",
    "employer_question",
    "contact_question",
    "vehicle_unsure",
    "credit_worry",
    "interrupted",
    "unknown",
]


class Judgement(BaseModel):
    """Who left, how they may be reached, why they stopped, how much it matters and what comes next."""

    identity: Identity
    channels: list[Channel]
    stop_reason: StopReason
    priority: Priority
    next_step: NextStep
    explanation: str


#: The question that stands on each step of the form.
_QUESTION: dict[int, StopReason] = {
    1: "vehicle_unsure",
    2: "income_question",
    3: "employer_question",
    4: "contact_question",
    5: "credit_worry",
}


def open_channels(facts: Mapping[str, Any]) -> list[Channel]:
    """How the person may be reached: an address needs consent, a privacy signal closes all but the chat they open."""
    contact, consents, signs = facts["contact"], facts["consents"], facts["signals"]
    if signs["bot"]:
        return []
    may_write = not signs["gpc"]
    email: list[Channel] = ["email"] if may_write and contact["email"] and "marketing_email" in consents else []
    phone: list[Channel] = ["phone"] if may_write and contact["phone"] and "dealer_contact" in consents else []
    return [*email, "chat", *phone]


def bounded(judgement: Judgement, facts: Mapping[str, Any]) -> Judgement:
    """The judgement within what is allowed: no closed channel, no mail without one, no identity from nowhere."""
    channels = [channel for channel in open_channels(facts) if channel in judgement.channels]
    next_step = judgement.next_step if judgement.next_step != "email" or "email" in channels else "none"
    contact = facts["contact"]
    identity = judgement.identity if contact["email"] or contact["phone"] else "anonymous"
    return judgement.model_copy(update={"channels": channels, "next_step": next_step, "identity": identity})


def rule_judgement(facts: Mapping[str, Any]) -> Judgement:
    """The same question answered by rule, when the agent cannot."""
    channels = open_channels(facts)
    step, contact = int(facts["application"]["step_reached"]), facts["contact"]
    return Judgement(
        identity=_identity(contact),
        channels=channels,
        stop_reason=_stop_reason(step, facts["application"]["errors"]),
        priority="high" if step >= 4 and "email" in channels else "normal" if channels else "low",
        next_step="email" if "email" in channels else "none",
        explanation=f"By rule: left at step {step} of 5.",
    )


def _identity(contact: Mapping[str, bool]) -> Identity:
    if contact["email"] and (contact["phone"] or contact["name"]):
        return "known"
    return "probable" if contact["email"] or contact["phone"] else "anonymous"


def _stop_reason(step: int, errors: Mapping[str, int]) -> StopReason:
    """Errors point at the step that they happened on; without any, nothing tells a question from a doorbell."""
    if not errors:
        return "interrupted"
    worst = max(errors, key=lambda key: errors[key])
    return _QUESTION.get(int(worst), "unknown")
