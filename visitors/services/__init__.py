"""What may be changed about visitors. Keyword-only; raises CarLoansError; neither asks a model nor starts a task."""

from visitors.errors import UnknownApplication, UnknownVisitor
from visitors.services.abandonment import claim_judgement, mark_abandoned, record_assessment
from visitors.services.applications import note_activity, submit_application
from visitors.services.consents import TextChanged, record_consent, withdraw_consent
from visitors.services.imports import Import, Imported, import_application, read_import
from visitors.services.ingestion import EveryEventRefused, IngestResult, ingest_events
from visitors.services.people import Arrival, erase_visitor, register_visitor, upsert_contact
from visitors.services.privacy import (
    Correction,
    PrivacyLinkUnknown,
    ProofUnusable,
    ask_staff,
    correct,
    issue_privacy_link,
    issue_proof,
    note_consent_copy,
    note_export,
    note_privacy_signal,
    note_seen_in_full,
    opt_out_of_sale,
    redeem_proof,
    request_proof,
    revoke_privacy_links,
    settle_privacy_request,
    withdraw_on_page,
)
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
    "Correction",
    "EveryEventRefused",
    "Import",
    "Imported",
    "IngestResult",
    "LinkExpired",
    "LinkUnknown",
    "LinkUsed",
    "PrivacyLinkUnknown",
    "ProofUnusable",
    "Redemption",
    "TextChanged",
    "UnknownApplication",
    "UnknownVisitor",
    "ask_staff",
    "claim_judgement",
    "correct",
    "ensure_site",
    "erase_visitor",
    "import_application",
    "ingest_events",
    "issue_privacy_link",
    "issue_proof",
    "issue_return_link",
    "mark_abandoned",
    "note_activity",
    "note_consent_copy",
    "note_export",
    "note_privacy_signal",
    "note_seen_in_full",
    "opt_out_of_sale",
    "read_import",
    "record_assessment",
    "record_consent",
    "redeem_proof",
    "redeem_return_link",
    "register_visitor",
    "request_fresh_link",
    "request_proof",
    "revoke_privacy_links",
    "revoke_return_links",
    "settle_privacy_request",
    "submit_application",
    "upsert_contact",
    "withdraw_consent",
    "withdraw_on_page",
]
