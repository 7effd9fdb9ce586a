"""What the rooms below know of a customer, gathered once for a package; and the part of it that an agent may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chat import selectors as chat
from leads.models import Lead
from visitors import selectors as visitors


@dataclass(frozen=True, slots=True)
class Known:
    """Contact and application in clear: for the encrypted package, never for a model, a log or a feed."""

    company: str
    contact: dict[str, Any]
    vehicle: dict[str, Any]
    application: dict[str, Any]
    step: int
    source: str

    def __repr__(self) -> str:
        return "<Known facts>"


def gather(*, visitor_id: UUID, application_id: UUID | None) -> Known:
    """Read everything that a package may hold. Raises what `visitors.selectors` raises for unknown ids."""
    person = visitors.visitor_contact(visitor_id=visitor_id)
    contact = {name: getattr(person, name) for name in ("first_name", "last_name", "email", "phone", "state", "locale")}
    if application_id is None:
        return Known(person.company_name, contact, {}, {}, 0, "chat")
    details = visitors.application_details(application_id=application_id)
    ref = details.ref
    application = {
        "id": str(ref.id),
        "step_reached": ref.step_reached,
        "loan_amount_cents": details.loan_amount_cents,
        "monthly_income_cents": details.monthly_income_cents,
        "employer": details.employer,
        "job_title": details.job_title,
        "months_on_job": details.months_on_job,
        "submitted_at": ref.submitted_at.isoformat() if ref.submitted_at else None,
    }
    source = "return_email" if ref.returned_at else "chat"
    return Known(person.company_name, contact, ref.vehicle or {}, application, ref.step_reached, source)


def for_agent(lead: Lead) -> dict[str, Any]:
    """The packager's input: what there is, never what it says. Free of personal data and of amounts."""
    absent = set(lead.missing)
    vehicle, application = lead.package.get("vehicle", {}), lead.package.get("application", {})
    return {
        "vehicle": vehicle or None,
        "step": application.get("step_reached", 0),
        "returned_via_email": lead.source == "return_email",
        "chat_turns": _turns(lead),
        "credit": "prequalified",
        "contact": {"email": "email" not in absent, "phone": "phone" not in absent},
        "employment_known": "employer" not in absent,
        "income_known": "income" not in absent,
        "preferred_contact": "email" if "phone" in absent else "phone",
    }


def _turns(lead: Lead) -> int:
    """Pairs of messages in the conversation."""
    return chat.snapshot(lead.conversation_id).last_seq // 2 if lead.conversation_id else 0
