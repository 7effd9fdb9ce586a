"""Getting to the page about somebody's data, and reading it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.test import Client

from carloans.core.clock import utc_now
from carloans.core.models import AuditEntry
from visitors import selectors, services
from visitors.models import Visitor

PERSONAL = ("ann0@gmail.com", "9876543", "987-6543", "Archer", "4,200", "420000", "Acme", "Baker", "78701")


def issue(visitor: Visitor, *, origin: str = "mail") -> str:
    token = services.issue_privacy_link(visitor_id=visitor.pk, source_id=uuid4(), origin=origin, now=utc_now())
    return f"/privacy/{token}"


def proof_for(path: str) -> str:
    link = selectors.privacy_link(token=path.rsplit("/", 1)[1], now=utc_now())
    assert link.link_id is not None
    return f"/privacy/confirm/{services.issue_proof(link_id=link.link_id, message_id=uuid4(), now=utc_now())}"


def prove(client: Client, path: str) -> None:
    answer = client.post(proof_for(path))
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?done=verified")


def seen(answer: Any) -> str:
    return str(answer.content.decode())


def actions(visitor: Visitor) -> list[str]:
    rows = AuditEntry.objects.filter(subject=f"visitor:{visitor.pk}", action__startswith="privacy.")
    return list(rows.order_by("id").values_list("action", flat=True))
