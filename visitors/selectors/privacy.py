"""What somebody's own page shows: masked for whoever holds the link, in full for whoever proved the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from carloans.core import rights
from carloans.core.periods import Period
from carloans.core.privacy.mask import mask_email, mask_name
from carloans.core.retention.rooms import rules as retention_rules
from carloans.core.rights import Person
from cathy import selectors as cathy
from visitors import consent_texts, disclosures
from visitors.models import Application, PrivacyLink, PrivacyProof, PrivacyRequest, SaleOptOut, Visitor
from visitors.selectors.consents import ConsentInfo, consents_for, edition_text
from visitors.selectors.people import person_ids
from visitors.tokens import hash_of, privacy_token

USABLE, UNKNOWN, EXPIRED, ERASED = "usable", "unknown", "expired", "erased"
#: The values that the page shows, in its order: field of the visitor's row or of the newest application.
_OF_VISITOR = ("email", "phone", "first_name", "last_name", "state", "zip_code")
_OF_APPLICATION = (
    "vehicle", "loan_amount_cents", "monthly_income_cents", "employer", "job_title", "months_on_job",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinkState:
    """What a token opens: `state` is usable, expired, erased or unknown; the ids are None for an unknown one."""

    state: str
    link_id: UUID | None = None
    visitor_id: UUID | None = None
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class StoredValue:
    """One value that is stored. `shown` is masked unless the page is verified; money is in cents."""

    code: str
    shown: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """One agreement as it was read: `paragraphs` is the text itself if its hash still matches, else empty."""

    info: ConsentInfo
    paragraphs: list[str]
    standing: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A table that holds something about the person: its title, how many rows, and the longest that one is kept."""

    title: str
    rows: int
    keeps: Period | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPage:
    """Everything on the page. `others` counts rows that other browsers saved with the same address."""

    visitor_id: UUID
    company: str
    masked_email: str
    values: list[StoredValue]
    kept: list[Kept]
    consents: list[ConsentShown]
    recipients: list[disclosures.Recipient]
    agents: list[cathy.AgentMet]
    sale_allowed: bool
    by_signal: bool
    others: int
    asked: frozenset[str]

    @property
    def withdrawable(self) -> frozenset[str]:
        """Kinds of which something stands."""
        return frozenset(one.info.kind for one in self.consents if one.standing) - {consent_texts.PRIVACY_NOTICE}


def privacy_link(*, token: str, now: datetime) -> LinkState:
    """Look a token up. Changes nothing."""
    row = PrivacyLink.objects.select_related("visitor").filter(token_hash=hash_of(token)).first()
    if row is None:
        return LinkState(UNKNOWN)
    state = USABLE
    if row.visitor.erased_at:
        state = ERASED
    elif row.revoked_at or row.expires_at <= now:
        state = EXPIRED
    return LinkState(state, row.pk, row.visitor_id, row.visitor.locale)


def proof_link(*, token: str, now: datetime) -> LinkState:
    """The same for a proof: usable, expired (also used), erased or unknown, with the link that it is good for."""
    row = PrivacyProof.objects.select_related("link__visitor").filter(token_hash=hash_of(token)).first()
    if row is None:
        return LinkState(UNKNOWN)
    link = row.link
    state = EXPIRED if row.used_at or row.expires_at <= now or link.revoked_at else USABLE
    if link.visitor.erased_at:
        state = ERASED
    return LinkState(state, link.pk, link.visitor_id, link.visitor.locale)


def privacy_path(*, link_id: UUID) -> str:
    """The address of a page by its link; for the browser that just proved that it may see it."""
    return f"/privacy/{privacy_token(link_id)}"


def privacy_link_id(*, source_id: UUID) -> UUID | None:
    """The link that a mail or card carries, None when it has none."""
    return PrivacyLink.objects.filter(source_id=source_id).values_list("pk", flat=True).first()


def proofs_wanted(*, since: datetime, limit: int = 100) -> list[tuple[UUID, UUID, datetime]]:
    """(link, visitor, moment) of every proof that was asked for since then and not issued yet."""
    issued = PrivacyProof.objects.filter(link=OuterRef("pk"), created_at__gte=OuterRef("proof_requested_at"))
    rows = PrivacyLink.objects.filter(
        ~Exists(issued), proof_requested_at__gte=since, revoked_at__isnull=True, visitor__erased_at__isnull=True
    )
    found = rows.order_by("proof_requested_at").values_list("pk", "visitor_id", "proof_requested_at")
    return [(link, visitor, at) for link, visitor, at in found[:limit] if at]


def sale_allowed(*, visitor_id: UUID) -> bool:
    """Whether this person's data may be sold or shared: no opt-out and no privacy signal, in any row of theirs.

    Asked again right before each submission (11 CCR 7025, 7026: the signal and the request bind at once).
    """
    ids = person_ids(visitor_id=visitor_id)
    index = Visitor.objects.filter(pk=visitor_id).values_list("email_index", flat=True).first() or ""
    theirs = Q(visitor__in=ids) | (Q(email_index=index) if index else Q())
    return not (Visitor.objects.filter(pk__in=ids, gpc=True).exists() or SaleOptOut.objects.filter(theirs).exists())


def privacy_page(*, visitor_id: UUID, now: datetime, verified: bool = False) -> PrivacyPage:
    """Everything that the page shows about a living visitor's own row.

    Agreements and recipients are those of all rows of the person, because withdrawing and deleting reach them all.
    """
    visitor = Visitor.objects.select_related("site").get(pk=visitor_id)
    ids = person_ids(visitor_id=visitor_id)
    asked = PrivacyRequest.objects.filter(visitor__in=ids, settled_at__isnull=True)
    return PrivacyPage(
        visitor_id=visitor_id,
        company=visitor.site.company_name,
        masked_email=mask_email(visitor.email),
        values=_values(visitor, verified),
        kept=_kept(visitor_id, now),
        consents=_consents(ids, visitor.site.company_name, now),
        recipients=disclosures.recipients(visitor_ids=ids),
        agents=cathy.agents_met(visitors=ids),
        sale_allowed=sale_allowed(visitor_id=visitor_id),
        by_signal=Visitor.objects.filter(pk__in=ids, gpc=True).exists(),
        others=len(ids) - 1,
        asked=frozenset(asked.values_list("kind", flat=True)),
    )


def _values(visitor: Visitor, verified: bool) -> list[StoredValue]:
    newest = Application.objects.filter(visitor=visitor).order_by("-created_at").first()
    found = [(name, getattr(visitor, name), visitor.first_seen_at) for name in _OF_VISITOR]
    if newest:
        since = newest.saved_at or newest.created_at
        found += [(name, getattr(newest, name), since) for name in _OF_APPLICATION]
    return [
        StoredValue(name, str(value) if verified else _mask(name, str(value)), since)
        for name, value, since in found
        if value not in ("", None)
    ]


def _mask(name: str, value: str) -> str:
    """Enough to recognise one's own, too little for anybody else. What says nothing of a person stays readable."""
    if name == "email":
        return mask_email(value)
    if name == "phone":
        return f"•••-•••-••{value[-2:]}"
    if name in {"first_name", "last_name"}:
        return mask_name(value)
    if name in {"state", "vehicle"}:
        return value
    return ""


def _kept(visitor_id: UUID, now: datetime) -> list[Kept]:
    person = rights.find_visitor(visitor_id=visitor_id, now=now, alone=True)
    report, longest = rights.plan(person, now=now), _longest(now)
    return [Kept(str(line.title), line.found, longest.get(line.table)) for line in report.lines if line.found]


def _longest(now: datetime) -> dict[str, Period]:
    """By table, the longest of the periods that the rules of retention give its rows."""
    longest: dict[str, Period] = {}
    for rule in sorted(retention_rules(), key=lambda rule: rule.keeps.after(now)):
        longest[rule.table] = rule.keeps
    return longest


def _consents(ids: Sequence[UUID], company: str, now: datetime) -> list[ConsentShown]:
    found = [info for one in ids for info in consents_for(visitor_id=one)]
    found.sort(key=lambda info: info.given_at, reverse=True)
    return [ConsentShown(info, text_read(info, company=company), info.standing(now)) for info in found]


def text_read(info: ConsentInfo, *, company: str) -> list[str]:
    """The text that was agreed to, in paragraphs; empty when it is not one of ours (a platform's own)."""
    dealers = consent_texts.and_list(disclosures.names_of(info.scope.get("buyers", [])), info.locale)
    same = {"version": info.text_version, "sha256": info.text_sha256, "company": company}
    body = edition_text(**same, dealers=dealers) or edition_text(**same) or ""
    return body.split("\n\n") if body else []


def proven_person(*, visitor_id: UUID, now: datetime) -> Person:
    """What may be exported to whoever proved the address on this page: this row, and those of the person's other
    browsers that proved the same address themselves. A stranger who mistyped this address stays a stranger."""
    ids = person_ids(visitor_id=visitor_id)
    proven = Visitor.objects.filter(pk__in=ids[1:], identity=Visitor.Identity.KNOWN).values_list("pk", flat=True)
    person = rights.find_visitor(visitor_id=visitor_id, now=now, alone=True)
    for other in proven:
        more = dict(_ids(rights.find_visitor(visitor_id=other, now=now, alone=True)))
        person = person.having(**more)
    return person


def _ids(person: Person) -> list[tuple[str, tuple[object, ...]]]:
    names = ("visitors", "emails", "phones", "applications", "conversations", "leads", "subjects")
    return [(name, getattr(person, name)) for name in names]


def correctable(*, visitor_id: UUID) -> dict[str, str | bool]:
    """What the correction form starts with, by its fields' names. In clear: for a verified page alone."""
    visitor = Visitor.objects.get(pk=visitor_id)
    newest = Application.objects.filter(visitor=visitor).order_by("-created_at").first()
    income = newest.monthly_income_cents if newest else None
    names = ("first_name", "last_name", "email", "phone", "state")
    return {
        **{name: getattr(visitor, name) for name in names},
        "zip": visitor.zip_code,
        "employer": newest.employer if newest else "",
        "monthly_income": f"{income // 100}.{income % 100:02}" if income is not None else "",
        "has_application": newest is not None,
    }


def is_demo_visitor(*, visitor_id: UUID) -> bool:
    """Whether the visitor's site is a demo, where fictional telephone numbers are taken."""
    return Visitor.objects.filter(pk=visitor_id, site__is_demo=True).exists()


def open_privacy_requests(*, limit: int = 100) -> list[tuple[UUID, UUID, str, datetime, datetime]]:
    """(request, visitor, kind, asked, due) of everything that waits for a member of staff, the soonest due first."""
    rows = PrivacyRequest.objects.filter(settled_at__isnull=True).order_by("due_at")
    return list(rows.values_list("pk", "visitor_id", "kind", "requested_at", "due_at")[:limit])
