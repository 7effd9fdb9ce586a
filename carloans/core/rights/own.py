"""The core's tables about people: the vault, the feed, the audit trail, and the requests themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carloans.core.models import AuditEntry, Erasure, ErasureKey, FeedEvent, LegalHold, VaultValue
from carloans.core.periods import APPLICATION, EVENTS, PROOF
from carloans.core.rights.declare import ROW, Hold, Person, Stays, Table


def _in_feed(person: Person) -> Q:
    return (
        Q(visitor__in=person.visitors)
        | Q(application__in=person.applications)
        | Q(conversation__in=person.conversations)
        | Q(lead__in=person.leads)
    )


def _erasures(person: Person) -> QuerySet[Any, Any]:
    ids = [str(one) for one in person.visitors]
    return ErasureKey.objects.filter(kind="visitors", value__in=ids).values("erasure")


def _held(ids: Collection[UUID]) -> Iterable[UUID]:
    return LegalHold.objects.filter(visitor__in=ids, released_at__isnull=True).values_list("visitor", flat=True)


_REQUEST = Stays(reason=_("Proof that the request was honoured, 11 CCR 7101"), since="asked_at", keeps=APPLICATION)

TABLES = [
    Table(
        model=VaultValue,
        title=_("Contact data that was typed into the chat"),
        of=lambda person: Q(owner__in=person.conversations),
        hidden=("value_index",),
        erases=ROW,
    ),
    Table(
        model=FeedEvent,
        title=_("What the operations room was told"),
        of=_in_feed,
        stays=Stays(reason=_("Holds ids and codes alone, no personal data"), since="at", keeps=EVENTS),
    ),
    Table(
        model=AuditEntry,
        title=_("The audit trail"),
        of=lambda person: Q(subject__in=person.subjects),
        stays=Stays(
            reason=_("Proof of every decision, 16 CFR 314.4; holds ids and codes alone"), since="at", keeps=PROOF
        ),
    ),
    Table(
        model=Erasure,
        title=_("Requests to be forgotten"),
        of=lambda person: Q(pk__in=_erasures(person)),
        stays=_REQUEST,
    ),
    Table(
        model=ErasureKey,
        title=_("Ids that a request to be forgotten is about"),
        of=lambda person: Q(erasure__in=_erasures(person)),
        stays=Stays(reason=_REQUEST.reason, since="erasure__asked_at", keeps=APPLICATION),
    ),
    Table(
        model=LegalHold,
        title=_("Duties to preserve"),
        of=lambda person: Q(visitor__in=person.visitors),
        stays=Stays(reason=_("Proof of why data was preserved"), since="opened_at", keeps=PROOF),
    ),
]

EXEMPT = {"AuditSealMember": "the place of an entry in the chain of the audit trail; the entry itself is shown"}

HOLDS = [Hold(reason=_("A legal hold: everything is preserved until it is released"), visitors=_held)]
