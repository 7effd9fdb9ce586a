"""One consent as a document that proves itself: the text in full, the act, and its place in the audit trail.

`document(consent_id=…)` is plain data for JSON, `as_html` the same as a printable page that loads nothing. Whoever has
the document can check it with `sha256sum` alone: every digest stands beside the exact text that it was made of. That
the chain's roots are ours is shown by the log, where each was written when it was made (`verify_audit --anchor`).
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string

from carloans.core import audit, ledger
from carloans.core.models import AuditEntry
from visitors import consent_texts
from visitors.errors import UnknownConsent
from visitors.models import Consent

FORMAT = "carloans-consent-1"
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 "
    "1rem;color:#1a1a1a;background:#fff}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}h3{font-"
    "size:.95rem}blockquote{margin:0;padding:.5rem 1rem;border-left:.25rem solid #767676;white-space:pre-"
    "line}dl{display:grid;grid-template-columns:12rem 1fr;gap:.25rem 1rem}dt{font-"
    "weight:600}dd{margin:0;overflow-wrap:anywhere}code,pre{font:.85rem/1.4 ui-"
    "monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}@media(max-width:40rem){dl{grid-"
    "template-columns:1fr}}@media print{body{margin:0;max-width:none}"
    # On paper nothing can be opened, and step 4 of the check needs the digests.
    "details::details-content{content-visibility:visible;block-size:auto}}"
)
#: The style's own hash, so that the page's policy allows this style and no other.
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src '{STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

HOW_TO_CHECK = [
    "Each check is: printf '%s' 'TEXT' | sha256sum, with a text of this document between the quotes (or from a file "
    "without a line end behind its last line).",
    "1. The text: `text.body` gives `text.sha256`. It is what stood on the screen, word for word.",
    "2. The record: `rows[].canonical` gives `rows[].sha256`. It holds the values of this document.",
    "3. The entry: `chain[].entry.canonical` gives `chain[].entry.sha256`, and names the digest of step 2 (`row`).",
    "4. The seal: `chain[].seal.digests` joined by line ends behind `chain[].seal.previous_root` gives "
    "`chain[].seal.root`; the digest of step 3 stands at `chain[].seal.position`, counted from 0.",
    "5. The root stands in our logs of that day under the number of the seal, and in the `previous_root` of the next.",
]


def document(*, consent_id: UUID, now: datetime, traces: bool = True) -> dict[str, Any]:
    """Everything about one consent as JSON can hold it. Raises UnknownConsent.

    The network address and the browser are left out without `traces`. Where a consent was also a written instruction
    for a credit check, the instruction's record and entry are part of it.
    """
    consent = Consent.objects.select_related("visitor__site", "withdrawal").filter(pk=consent_id).first()
    if consent is None:
        raise UnknownConsent
    entries = _entries(consent)
    return {
        "format": FORMAT,
        "consent": str(consent.pk),
        "issued_at": ledger.moment(now),
        "kind": consent.kind,
        "text": _text(consent),
        "act": _act(consent, traces),
        "scope": {**consent.scope, "names": consent.names, "expires_at": _moment(consent.expires_at)},
        "demonstration": consent.demonstration,
        "withdrawal": _withdrawal(consent),
        "status": _status(consent, now),
        "rows": _rows(entries),
        "chain": [_link(entry) for entry in entries],
        "how_to_check": HOW_TO_CHECK,
    }


def _moment(at: datetime | None) -> str | None:
    return ledger.moment(at) if at else None


def _text(consent: Consent) -> dict[str, Any]:
    """The words as they were shown: the stored edition with the stored names, only if they hash to what was stored."""
    found = consent_texts.find(consent.text_version)
    names = consent.names or {"company": consent.visitor.site.company_name}
    body = None
    if found:
        kind, locale, edition = found
        try:
            shown = consent_texts.text(kind, locale, edition=edition, **names)
        except consent_texts.UnknownConsentText:
            shown = None
        body = shown.body if shown and shown.sha256 == consent.text_sha256 else None
    return {
        "version": consent.text_version,
        "locale": consent.locale,
        "sha256": consent.text_sha256,
        "body": body,
        "note": "" if body is not None else "The words of this edition with its names are not on file; the hash is.",
    }


def _act(consent: Consent, traces: bool) -> dict[str, Any]:
    act = {
        "visitor": str(consent.visitor_id),
        "application": _id(consent.application_id),
        "conversation": _id(consent.conversation_id),
        "act": consent.act,
        "element": consent.element_id,
        "page": consent.page,
        "shown_at": ledger.moment(consent.shown_at),
        "given_at": ledger.moment(consent.given_at),
    }
    return act | ({"ip": consent.ip, "user_agent": consent.user_agent} if traces else {})


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None


def _withdrawal(consent: Consent) -> dict[str, str] | None:
    ended = getattr(consent, "withdrawal", None)
    return {"at": ledger.moment(ended.at), "via": ended.via} if ended else None


def _status(consent: Consent, now: datetime) -> str:
    if getattr(consent, "withdrawal", None):
        return "withdrawn"
    return "expired" if consent.expires_at and consent.expires_at <= now else "standing"


def _entries(consent: Consent) -> list[AuditEntry]:
    """The entries about the consent, and about the credit instruction that was given by the same act."""
    own = [entry for entry in audit.about(f"consent:{consent.pk}") if entry.action in _ACTIONS]
    same_moment = AuditEntry.objects.filter(action="credit.consent_given", at=consent.given_at)
    instructions = [entry for entry in same_moment if entry.facts.get("consent") == str(consent.pk)]
    together = [*own, *instructions]
    sealed = AuditEntry.objects.select_related("sealed__seal").in_bulk([entry.pk for entry in together])
    return sorted(sealed.values(), key=lambda entry: entry.pk)


_ACTIONS = ("consent.given", "consent.stated", "consent.withdrawn")


def _rows(entries: list[AuditEntry]) -> list[dict[str, Any]]:
    """The records that the entries vouch for, as the exact texts of their digests."""
    found = []
    for entry in entries:
        proof = entry.facts.get("row", {})
        row = ledger.fetch(proof) if proof else None
        if row is not None:
            text = ledger.canonical(row, proof["edition"])
            kept = {"record": f"{proof['model']} {proof['id']}", "canonical": text, "sha256": proof["sha256"]}
            found.append(kept | {"intact": ledger.fits(row, proof)})
    return found


def _link(entry: AuditEntry) -> dict[str, Any]:
    """One entry and its place in the chain; `seal` is None while it waits for one (some seconds)."""
    member = getattr(entry, "sealed", None)
    text = audit.canonical(entry)
    said = {
        "id": str(entry.uuid),
        "action": entry.action,
        "at": ledger.moment(entry.at),
        "canonical": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    return {"entry": said, "seal": _sealed(member) if member else None}


def _sealed(member: Any) -> dict[str, Any]:
    seal = member.seal
    return {
        "number": seal.number,
        "sealed_at": ledger.moment(seal.sealed_at),
        "position": member.position,
        "previous_root": seal.previous_root,
        "root": seal.root,
        "digests": list(seal.members.order_by("position").values_list("digest", flat=True)),
    }


def as_html(found: dict[str, Any]) -> str:
    """The document as one page that loads nothing; serve it with `POLICY`. Its words are English beside the text's."""
    return render_to_string("visitors/consent_document.html", {"document": found, "style": STYLE})
