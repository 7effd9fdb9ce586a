"""The consent ledger's writer. A row is added and never changed; an end is a row of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from carloans.core import audit
from carloans.core.errors import BadInput
from visitors import consent_texts, signals
from visitors.consent_texts import ConsentText
from visitors.demonstration import demonstrated
from visitors.errors import UnknownVisitor
from visitors.models import Consent, ConsentWithdrawal, Visitor


class TextChanged(BadInput):
    """What the person read is not what would be recorded."""

    status, code = 409, "text_changed"
    message = "This text has changed since you saw it. Please read it again."


def record_consent(
    *,
    visitor_id: UUID,
    kind: str,
    locale: str,
    act: str,
    element_id: str,
    page: str,
    ip: str,
    user_agent: str,
    shown_at: datetime,
    now: datetime,
    scope: dict[str, Any] | None = None,
    application_id: UUID | None = None,
    conversation_id: UUID | None = None,
    expires_at: datetime | None = None,
    names: Mapping[str, str] | None = None,
    shown_sha256: str | None = None,
    edition: str | None = None,
    source_event: UUID | None = None,
    shown_in: str = "",
) -> Consent:
    """Record an agreement to the text of `kind` in `locale`, as it reads with the site's company and `names`.

    `shown_in` is what carried the text to the person's screen ("card:<uuid>"; without it the page). Give
    `shown_sha256` when the page reports what it showed: another hash raises TextChanged and records nothing.
    `dealer_contact` needs names["dealers"] and a scope {"buyers": [slug, …]}. Raises UnknownVisitor.
    """
    visitor = Visitor.objects.select_related("site").filter(pk=visitor_id, erased_at__isnull=True).first()
    if visitor is None:
        raise UnknownVisitor
    wording = {"company": visitor.site.company_name, **(names or {})}
    shown = consent_texts.text(kind, locale, edition=edition, **wording)
    if shown_sha256 is not None and shown_sha256 != shown.sha256:
        raise TextChanged
    return write_consent(
        visitor, shown, names=wording, act=act, element_id=element_id, page=page, ip=ip, user_agent=user_agent[:300],
        scope=scope or {}, application_id=application_id, conversation_id=conversation_id, shown_at=shown_at,
        given_at=now, expires_at=expires_at, source_event=source_event, shown_in=shown_in,
    )  # fmt: skip


def write_consent(visitor: Visitor, shown: ConsentText, *, shown_in: str = "", **facts: Any) -> Consent:
    """Add the row, how the person showed that they can read it, and the audit entry, in one transaction."""
    showed = demonstrated(
        shown_in=shown_in or f"page:{facts['page']}",
        element_id=facts["element_id"],
        shown_at=facts["shown_at"],
        acted_at=facts["given_at"],
    )
    with transaction.atomic():
        consent = Consent.objects.create(
            visitor=visitor,
            kind=shown.kind,
            text_version=shown.version,
            text_sha256=shown.sha256,
            locale=shown.locale,
            demonstration=showed,
            **facts,
        )
        audit.record(
            action="consent.given", actor=f"visitor:{visitor.pk}", subject=f"consent:{consent.pk}", row=consent,
            now=consent.given_at, facts={"kind": shown.kind, "text": shown.version, "sha256": shown.sha256},
        )  # fmt: skip
    return consent


def withdraw_consent(
    *, visitor_id: UUID, via: str, now: datetime, kind: str | None = None, consent_id: UUID | None = None
) -> int:
    """End every standing consent of a visitor, or those of one kind, or one. Returns how many; a repeat ends none."""
    with transaction.atomic():
        # The visitor's row is the lock: two withdrawals at once must not both find the same consent standing.
        Visitor.objects.select_for_update().filter(pk=visitor_id).first()
        standing = Consent.objects.filter(visitor_id=visitor_id, withdrawal__isnull=True)
        wanted = {name: value for name, value in {"kind": kind, "pk": consent_id}.items() if value}
        ending = list(standing.filter(**wanted))
        for consent in ending:
            end = ConsentWithdrawal.objects.create(consent=consent, at=now, via=via)
            audit.record(
                action="consent.withdrawn", actor=f"visitor:{visitor_id}", subject=f"consent:{consent.pk}", row=end,
                now=now, facts={"kind": consent.kind, "via": via},
            )  # fmt: skip
        for ended in sorted({consent.kind for consent in ending}):
            signals.after_commit(signals.consent_withdrawn, visitor_id=visitor_id, kind=ended, now=now)
    return len(ending)
