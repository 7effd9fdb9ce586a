"""What may be changed about visitors. Keyword-only; raises CarLoansError; neither asks a model nor starts a task."""

from visitors.errors import UnknownApplication, UnknownVisitor
from visitors.services.abandonment import claim_judgement, mark_abandoned, record_assessment
from visitors.services.applications import note_activity, submit_application
from visitors.services.consents import TextChanged, record_consent, withdraw_consent
from visitors.services.imports import Import, Imported, import_application, read_import
from visitors.services.ingestion import EveryEventRefused, IngestResult, ingest_events
from visitors.services.people import Arrival, erase_visitor, register_visitor, upsert_contact
from visitors.services.returning import (
    LinkExpired,
    LinkUnknown,
    LinkUsed,
    Redemption,
    issue_return_link,
    redeem_return_link,
    request_fresh_link,
    revoke_return_links,
)
from visitors.services.sites import ensure_site

__all__ = [
    "Arrival",
    "EveryEventRefused",
    "Import",
    "Imported",
    "IngestResult",
    "LinkExpired",
    "LinkUnknown",
    "LinkUsed",
    "Redemption",
    "TextChanged",
    "UnknownApplication",
    "UnknownVisitor",
    "claim_judgement",
    "ensure_site",
    "erase_visitor",
    "import_application",
    "ingest_events",
    "issue_return_link",
    "mark_abandoned",
    "note_activity",
    "read_import",
    "record_assessment",
    "record_consent",
    "redeem_return_link",
    "register_visitor",
    "request_fresh_link",
    "revoke_return_links",
    "submit_application",
    "upsert_contact",
    "withdraw_consent",
]
