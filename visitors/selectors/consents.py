"""The consent ledger's reader, and the texts as a visitor of a site reads them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q

from visitors import consent_texts
from visitors.consent_texts import ConsentText
from visitors.models import Consent, Site


@dataclass(frozen=True)
class ConsentInfo:
    """A consent: `standing` if it is neither withdrawn nor expired. The IP stays in the ledger."""

    id: UUID
    kind: str
    text_version: str
    text_sha256: str
    locale: str
    act: str
    shown_at: datetime
    given_at: datetime
    scope: dict[str, Any]
    expires_at: datetime | None
    withdrawn_at: datetime | None
    application_id: UUID | None
    conversation_id: UUID | None

    def standing(self, now: datetime) -> bool:
        return self.withdrawn_at is None and (self.expires_at is None or self.expires_at > now)

    def covers(self, buyer: str | None) -> bool:
        return buyer is None or buyer in self.scope.get("buyers", [])


def _info(row: Consent) -> ConsentInfo:
    ended = getattr(row, "withdrawal", None)
    return ConsentInfo(
        row.pk, row.kind, row.text_version, row.text_sha256, row.locale, row.act, row.shown_at, row.given_at,
        row.scope, row.expires_at, ended.at if ended else None, row.application_id, row.conversation_id,
    )  # fmt: skip


def consents_for(*, visitor_id: UUID) -> list[ConsentInfo]:
    """Every consent that a visitor ever gave, newest first."""
    rows = Consent.objects.filter(visitor_id=visitor_id).select_related("withdrawal").order_by("-given_at")
    return [_info(row) for row in rows]


def consents_of(*, visitor_ids: Collection[UUID], limit: int = 200) -> list[ConsentInfo]:
    """The newest consents of any of some visitors, newest first."""
    rows = Consent.objects.filter(visitor__in=visitor_ids).select_related("withdrawal").order_by("-given_at", "-pk")
    return [_info(row) for row in rows[:limit]]


def consent_exists(*, consent_id: UUID) -> bool:
    """Whether the ledger has this consent."""
    return Consent.objects.filter(pk=consent_id).exists()


def active_consent(*, visitor_id: UUID, kind: str, now: datetime, buyer: str | None = None) -> ConsentInfo | None:
    """The newest standing consent of a kind, covering `buyer` when one is named; None when there is none."""
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    rows = Consent.objects.filter(alive, visitor_id=visitor_id, kind=kind, withdrawal__isnull=True)
    found = (_info(row) for row in rows.select_related("withdrawal").order_by("-given_at"))
    return next((consent for consent in found if consent.covers(buyer)), None)


def consent_stands(*, visitor: Any, kind: str, now: Any) -> Exists:
    """The same as a condition inside another room's query: `visitor` and `now` may refer to that query."""
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    return Exists(Consent.objects.filter(alive, visitor_id=visitor, kind=kind, withdrawal__isnull=True))


def consent_text(*, visitor_id: UUID, kind: str, locale: str, **names: str) -> ConsentText:
    """The text as this visitor of this site reads it and as `services.record_consent` will record it."""
    company = Site.objects.filter(visitors=visitor_id).values_list("company_name", flat=True).get()
    return consent_texts.text(kind, locale, **{"company": company, **names})


def site_consent_text(*, site_key: str, kind: str, locale: str, **names: str) -> ConsentText:
    """The same for a page of the site that does not know its visitor yet."""
    company = Site.objects.filter(key=site_key).values_list("company_name", flat=True).get()
    return consent_texts.text(kind, locale, **{"company": company, **names})


def edition_text(*, version: str, sha256: str, **names: str) -> str | None:
    """The words behind a consent's version and hash; None when they are not ours (a platform's own text).

    A text that names dealers is told by its hash alone, so it is given with the gap: the consent's scope names them.
    """
    found = consent_texts.find(version)
    if found is None:
        return None
    kind, locale, edition = found
    shown = consent_texts.text(kind, locale, edition=edition, **{"dealers": "{dealers}", **names})
    return shown.body if shown.sha256 == sha256 or "{dealers}" in shown.body else None
