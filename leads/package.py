"""What a dealer gets: built from facts, complete or honestly incomplete, without anything that he may not have.

No social security number, date of birth, score, tier or bureau data can enter: the builder names every field that it
takes. Completeness is a help for the dealer's reader and never a reason to drop a lead.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

#: What makes a package complete, and where it is found in it.
WANTED: Final = {
    "first_name": ("contact", "first_name"),
    "last_name": ("contact", "last_name"),
    "phone": ("contact", "phone"),
    "email": ("contact", "email"),
    "state": ("contact", "state"),
    "vehicle": ("vehicle", "make"),
    "loan_amount": ("application", "loan_amount_cents"),
    "income": ("application", "monthly_income_cents"),
    "employer": ("application", "employer"),
    "time_on_job": ("application", "months_on_job"),
}

AI_DISCLOSURE: Final = "Prepared by Cathy, an AI assistant of {company}."


@dataclass(frozen=True, slots=True)
class Proof:
    """The consent under which the lead may be handed over."""

    id: UUID
    text_version: str
    text_sha256: str
    given_at: datetime


def build(
    *,
    lead_id: UUID,
    created_at: datetime,
    source: str,
    company: str,
    contact: dict[str, Any],
    vehicle: dict[str, Any],
    application: dict[str, Any],
    summary: str,
    highlights: list[str],
    proof: Proof | None,
) -> dict[str, Any]:
    """The package as JSON-ready values. Money in cents; times in ISO 8601 with offset."""
    return {
        "schema": "carloans.lead/1",
        "lead_id": str(lead_id),
        "created_at": created_at.isoformat(),
        "source": {"company": company, "channel": source},
        "ai_disclosure": AI_DISCLOSURE.format(company=company),
        "contact": contact,
        "vehicle": vehicle,
        "application": application,
        "summary": summary,
        "highlights": highlights,
        "consent": _proof(proof),
    }


def _proof(proof: Proof | None) -> dict[str, str]:
    if proof is None:
        return {}
    return {
        "id": str(proof.id),
        "text_version": proof.text_version,
        "text_sha256": proof.text_sha256,
        "given_at": proof.given_at.isoformat(),
    }


def missing(package: dict[str, Any]) -> list[str]:
    """Names of WANTED that the package lacks, in that order."""
    return [name for name, (part, field) in WANTED.items() if package.get(part, {}).get(field) in (None, "")]


def completeness(absent: list[str]) -> int:
    """The share of WANTED that is there, in percent."""
    return round(100 * (len(WANTED) - len(absent)) / len(WANTED))


def rule_summary(*, vehicle: dict[str, Any], step: int, source: str) -> str:
    """The summary when no agent wrote one: positive, true, and without personal data."""
    car = " ".join(str(vehicle[part]) for part in ("year", "make", "model") if vehicle.get(part))
    wish = f"Interested in a {car}." if car else "Looking for a car that fits; no model chosen yet."
    return f"{wish} Reached step {step} of 5 of the application. {_WAYS.get(source, _WAYS['chat'])}"


_WAYS: Final = {
    "return_email": "Came back through our e-mail and asked to be contacted.",
    "chat": "Talked with our assistant and asked to be contacted.",
}


def as_json(package: dict[str, Any]) -> bytes:
    """The same bytes for the same package, so that a repeat is a repeat."""
    return json.dumps(package, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
