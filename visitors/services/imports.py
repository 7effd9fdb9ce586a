"""Abandoned applications that the lender's own platform sends us: server to server or as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from carloans.core import audit, feed
from carloans.core.errors import Conflict
from carloans.core.privacy.index import blind_index
from visitors import cleaning, consent_texts
from visitors.cleaning import refuse
from visitors.details import KEYS, Details, read_details
from visitors.models import Application, Consent, Visitor
from visitors.selectors import SiteInfo
from visitors.services.applications import VALUES, begin
from visitors.services.people import create_visitor, lock_application, lock_visitor, write_contact
from visitors.steps import LAST_STEP

CONSENT_KEYS = frozenset({"text_version", "text_sha256", "given_at"})
#: `notice_version` and the tick belong to our own page; here the platform states the consent that it took.
DETAIL_KEYS = KEYS - {"notice_version", "marketing_email"}
IMPORT_KEYS = DETAIL_KEYS | {"external_id", "step", "last_event_at", "marketing_consent"}
_OLDEST = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class StatedConsent:
    """A consent to marketing e-mail that the platform took and can prove: its text's version, hash and time."""

    text_version: str
    text_sha256: str
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class Import:
    """One checked application of a platform."""

    external_id: str
    step: int
    last_event_at: datetime
    details: Details
    consent: StatedConsent | None


@dataclass(frozen=True)
class Imported:
    """What became of it: `outcome` is created, updated or unchanged."""

    application_id: UUID
    outcome: str


def read_import(raw: Mapping[str, Any], *, allow_test_numbers: bool, now: datetime) -> Import:
    """Check every value. Raises Refused with the code and field of the first that cannot be taken."""
    if unknown := sorted(str(key)[:40] for key in raw.keys() - IMPORT_KEYS):
        raise refuse("unknown_field", unknown[0], "We do not take this value.")
    details = read_details({key: raw[key] for key in DETAIL_KEYS & raw.keys()}, allow_test_numbers=allow_test_numbers)
    if not details.email and not details.phone:
        raise refuse("contact_missing", "email", "An application needs an e-mail address or a phone number.")
    return Import(
        external_id=_read_external_id(raw.get("external_id")),
        step=cleaning.clean_number(raw.get("step") or 1, field="step", least=1, most=LAST_STEP),
        last_event_at=_read_time(raw.get("last_event_at"), "last_event_at", now),
        details=details,
        consent=_read_consent(raw.get("marketing_consent"), now),
    )


def _read_external_id(value: Any) -> str:
    text = cleaning.clean_plain(str(value) if isinstance(value, int) else value or "", field="external_id", limit=80)
    if not text:
        raise refuse("external_id_missing", "external_id", "An application needs your own id, so that it arrives once.")
    return text


def _read_time(value: Any, field: str, now: datetime) -> datetime:
    """An ISO 8601 time with a zone, in the last 90 days; absent means now."""
    if value in (None, ""):
        return now
    try:
        parsed = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise refuse("invalid_time", field, "This should be an ISO 8601 time.") from error
    if parsed.tzinfo is None or not now - _OLDEST <= parsed <= now + timedelta(minutes=5):
        raise refuse("invalid_time", field, "This should be a time with a zone, within the last 90 days.")
    return min(parsed, now)


def _read_consent(value: Any, now: datetime) -> StatedConsent | None:
    if value in (None, "", {}):
        return None
    if not isinstance(value, Mapping) or value.keys() != CONSENT_KEYS:
        raise refuse("invalid_consent", "marketing_consent", "A consent has text_version, text_sha256 and given_at.")
    digest = cleaning.clean_plain(value["text_sha256"], field="marketing_consent", limit=64).lower()
    version = cleaning.clean_plain(value["text_version"], field="marketing_consent", limit=80)
    if not version or len(digest) != 64 or not set(digest) <= set("0123456789abcdef") or not value["given_at"]:
        raise refuse("invalid_consent", "marketing_consent", "A consent has text_version, text_sha256 and given_at.")
    given_at = _read_time(value["given_at"], "marketing_consent", now)
    return StatedConsent(text_version=version, text_sha256=digest, given_at=given_at)


def import_application(*, site: SiteInfo, one: Import, now: datetime) -> Imported:
    """Store an application once per external id; a repeat updates what it says and never reopens what ended.

    Raises Conflict when two imports of one id collide beyond a second try.
    """
    for _ in range(2):
        try:
            with transaction.atomic():
                return _import(site, one, now)
        except IntegrityError:
            continue
    raise Conflict


def _import(site: SiteInfo, one: Import, now: datetime) -> Imported:
    rows = Application.objects.filter(site_id=site.id, external_id=one.external_id)
    known = rows.values_list("pk", flat=True).first()
    application = lock_application(known) if known else None
    if application is None:
        application = _create(site, one, now)
        outcome = "created"
    else:
        outcome = "updated" if _update(application, one, now) else "unchanged"
    _record_stated_consent(application, one.consent, now)
    return Imported(application.pk, outcome)


def _create(site: SiteInfo, one: Import, now: datetime) -> Application:
    visitor = _platform_visitor(site, one, now)
    application = begin(
        visitor, now, external_id=one.external_id, status=Application.SAVED, saved_at=now, step_reached=one.step,
        last_event_at=one.last_event_at, **one.details.given(*VALUES),
    )  # fmt: skip
    write_contact(visitor, one.details, application_id=application.pk, now=now)
    audit.record(
        action="application.imported", actor="system", subject=f"application:{application.pk}", now=now,
        facts={"site": site.key},
    )  # fmt: skip
    feed.publish(
        kind="visitor.imported",
        room="visitors",
        summary=f"The lender's platform sent an application at step {one.step}",
        now=now,
        visitor=visitor.pk,
        application=application.pk,
    )
    return application


def _platform_visitor(site: SiteInfo, one: Import, now: datetime) -> Visitor:
    """The platform vouches for its customers' addresses, so its own rows with one address are one visitor."""
    index = blind_index("email", one.details.email)
    rows = Visitor.objects.filter(
        site_id=site.id, source=Visitor.Source.PLATFORM, email_index=index, erased_at__isnull=True
    )
    known = lock_visitor(rows.values_list("pk", flat=True).first(), site.id) if index else None
    return known or create_visitor(
        site_id=site.id, now=now, source=Visitor.Source.PLATFORM, locale=one.details.locale or "en"
    )


def _update(application: Application, one: Import, now: datetime) -> bool:
    """Whether anything new was said. An application that ended stays as it is."""
    if application.status not in Application.OPEN:
        return False
    visitor = lock_visitor(application.visitor_id)
    changed = bool(visitor and write_contact(visitor, one.details, application_id=application.pk, now=now))
    said = one.details.given(*VALUES) | {"step_reached": max(one.step, application.step_reached)}
    new = {name: value for name, value in said.items() if getattr(application, name) != value}
    for name, value in new.items():
        setattr(application, name, value)
    if new:
        application.save(update_fields=list(new))
    return changed or bool(new)


def _record_stated_consent(application: Application, consent: StatedConsent | None, now: datetime) -> None:
    """The row quotes the platform's own text by version and hash; we did not show it and do not say so."""
    if consent is None:
        return
    stated = {"text_version": consent.text_version, "text_sha256": consent.text_sha256}
    if Consent.objects.filter(application_id=application.pk, **stated).exists():
        return
    visitor = application.visitor
    kept = Consent.objects.create(
        visitor=visitor, application_id=application.pk, kind=consent_texts.MARKETING_EMAIL, locale=visitor.locale,
        act="stated by the lender's platform", scope={"source": "platform"}, shown_at=consent.given_at,
        given_at=consent.given_at, **stated,
    )  # fmt: skip
    audit.record(
        action="consent.stated", actor="system", subject=kept.trail_subject(), now=now, row=kept,
        facts={
            "kind": consent_texts.MARKETING_EMAIL, "text": consent.text_version, "application": str(application.pk),
        },
    )  # fmt: skip
