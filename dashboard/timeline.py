"""One ordered list of everything that is recorded about a person, a conversation or a lead. Nobody's contact data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns import selectors as campaigns
from carloans.core import audit, feed, rights
from carloans.core.models import AuditEntry
from chat import reading as chat
from dashboard import colleagues
from leads import selectors as leads
from visitors import selectors as visitors

#: How many of each kind a timeline reads, and how many lines it shows.
EACH, LINES = 200, 400


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `source` is audit, feed, consent, mail or submission."""

    at: datetime
    source: str
    what: str
    who: str = ""
    link: str = ""
    files: tuple[tuple[str, str], ...] = ()
    severity: str = "info"


@dataclass(frozen=True, kw_only=True)
class About:
    """The ids that a timeline is about."""

    visitors: Collection[UUID] = ()
    applications: Collection[UUID] = ()
    conversations: Collection[UUID] = ()
    leads: Collection[UUID] = ()
    subjects: Collection[str] = ()
    #: Whose consents belong to it, although not everything else of them does.
    agreed: Collection[UUID] = field(default=())


def about_person(*, visitor_id: UUID, now: datetime) -> About:
    """Every row of the same site with the same address, and what all rooms know them by."""
    found = rights.find_visitor(visitor_id=visitor_id, now=now)
    ids = {name: getattr(found, name) for name in ("visitors", "applications", "conversations", "leads", "subjects")}
    return About(**ids, agreed=found.visitors)


def about_lead(*, lead_id: UUID) -> About | None:
    """The lead, its application, conversation and submissions, and its customer's consents; None for an unknown id."""
    lead = leads.detail(lead_id=lead_id)
    if lead is None:
        return None
    kinds = {"lead": lead_id, "application": lead["application_id"], "conversation": lead["conversation_id"]}
    return _around(kinds, agreed=lead["visitor_id"], submissions=[one["id"] for one in lead["submissions"]])


def about_conversation(*, conversation_id: UUID) -> About | None:
    """The conversation, the application it is about, and its customer's consents; None for an unknown id."""
    line = chat.conversation(conversation_id=conversation_id)
    if line is None:
        return None
    return _around({"conversation": conversation_id, "application": line.application_id}, agreed=line.visitor_id)


def _around(kinds: dict[str, UUID | None], *, agreed: UUID, submissions: Iterable[UUID] = ()) -> About:
    known = {kind: value for kind, value in kinds.items() if value}
    consents = visitors.consents_of(visitor_ids=[agreed], limit=EACH)
    subjects = [f"{kind}:{value}" for kind, value in known.items()]
    subjects += [f"submission:{one}" for one in submissions] + [f"consent:{one.id}" for one in consents]
    ids = {f"{kind}s": [value] for kind, value in known.items()}
    return About(**ids, subjects=subjects, agreed=[agreed])


def lines(about: About, *, trail: bool = True) -> list[Line]:
    """Newest first; a constant number of queries. Without `trail` what only those who watch over the rest may read
    (the audit trail, consents as documents) is left out."""
    found = [*_feed(about), *_consents(about, documents=trail), *_mails(about), *_submissions(about)]
    if trail:
        found += _audit(about)
    return sorted(found, key=lambda line: line.at, reverse=True)[:LINES]


def _audit(about: About) -> Iterator[Line]:
    actors = [f"visitor:{one}" for one in about.visitors]
    entries = audit.about_any(about.subjects, actors=actors, limit=EACH)
    names = colleagues.names_of(entry.actor for entry in entries)
    for entry in entries:
        who = names.get(entry.actor, entry.actor)
        yield Line(entry.at, "audit", entry.called, who=who, link=link_of(entry.subject))


def _feed(about: About) -> Iterator[Line]:
    events = feed.about_any(
        visitor=about.visitors,
        application=about.applications,
        conversation=about.conversations,
        lead=about.leads,
        limit=EACH,
    )
    for event in events:
        subject = f"lead:{event.lead}" if event.lead else f"conversation:{event.conversation}"
        yield Line(event.at, "feed", event.summary, who=event.room, link=link_of(subject), severity=event.severity)


def _consents(about: About, *, documents: bool) -> Iterator[Line]:
    for one in visitors.consents_of(visitor_ids=about.agreed, limit=EACH):
        kinds = ("JSON", "HTML") if documents else ()
        files = tuple((name, reverse(f"dashboard:consent_{name.lower()}", args=[one.id])) for name in kinds)
        yield Line(one.given_at, "consent", _("Agreed: {kind}").format(kind=one.kind), who=one.act, files=files)
        if one.withdrawn_at:
            yield Line(one.withdrawn_at, "consent", _("Withdrawn: {kind}").format(kind=one.kind), severity="warn")


def _mails(about: About) -> Iterator[Line]:
    for mail in campaigns.mails_of(visitor_ids=about.visitors, application_ids=about.applications, limit=EACH):
        link = reverse("dashboard:mail", args=[mail.id])
        yield Line(mail.sent_at or mail.created_at, "mail", mail.subject, who=mail.status, link=link)


def _submissions(about: About) -> Iterator[Line]:
    for one in leads.attempts_of(lead_ids=about.leads, limit=EACH):
        link = reverse("dashboard:lead", args=[one["lead"]])
        what = " ".join(part for part in (one["buyer"], one["act"], one["result"], one["code"]) if part)
        yield Line(one["at"], "submission", what, link=link)


_PAGES = {"lead": "lead", "conversation": "conversation", "message": "mail", "mail": "mail", "visitor": "person"}


def link_of(subject: str) -> str:
    """The page of what an entry is about, if there is one."""
    kind, _sign, key = subject.partition(":")
    if kind not in _PAGES:
        return ""
    try:
        return reverse(f"dashboard:{_PAGES[kind]}", args=[UUID(key)])
    except ValueError:
        return ""


def with_links(entries: Iterable[AuditEntry]) -> list[tuple[AuditEntry, str]]:
    """Entries of the trail with the address of what each is about."""
    return [(entry, link_of(entry.subject)) for entry in entries]
