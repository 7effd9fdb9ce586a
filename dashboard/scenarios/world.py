"""What the scenarios know of the inside: the rooms' selectors, the providers' books, a search through every table."""

from __future__ import annotations

import re
import secrets
import uuid
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection

from campaigns import selectors as campaigns
from campaigns.services import render_message
from carloans.core import feed
from carloans.core.clock import utc_now
from dashboard.scenarios.customer import Customer, event
from dashboard.scenarios.report import expect
from visitors import selectors as visitors
from visitors import services as visitor_services

#: Soon enough for a test, late enough for its next request.
ABANDON_AFTER_SECONDS = 1
SAMPLES = 15


@dataclass(frozen=True)
class World:
    """One run: the program's address and a site of its own, so that runs never meet each other's customers."""

    base: str
    site: str

    @classmethod
    def make(cls, base: str) -> World:
        key = f"scenario-{uuid.uuid4().hex[:10]}"
        visitor_services.ensure_site(
            key=key,
            name="Scenario (simulated customers)",
            company_name=settings.COMPANY_NAME,
            origins=[base],
            is_demo=True,
            abandon_after_seconds=ABANDON_AFTER_SECONDS,
        )
        return cls(base, key)

    def customer(self, email: str, phone: str, first_name: str = "") -> Customer:
        return Customer(self.base, self.site, email=email, phone=phone, first_name=first_name)

    def sample_visitors(self, count: int = SAMPLES) -> None:
        """Visitors who came before: they look around, and every third saves without agreeing to mail."""
        for number in range(count):
            sample = self.customer(f"sample{number}@example.org", "")
            step = number % 5 + 1
            if number % 3:
                response = sample.post_events(event("page_view"), event("step_view", step=step))
                expect(response.status_code == 202, f"a sample visitor was refused: {response.status_code}")
            else:
                sample.abandon_at(step, marketing_email=False, email=f"sample{number}.{secrets.token_hex(3)}@gmail.com")


def feed_count(kind: str, application_id: UUID) -> int:
    return sum(entry.kind == kind for entry in feed.about(application=application_id))


def only_application(visitor: str | None) -> visitors.ApplicationRef:
    found = visitors.latest_application(visitor_id=UUID(str(visitor)))
    expect(found, "the visitor has no application")
    assert found
    return found


def mails(application_id: UUID) -> list[campaigns.OutboxLine]:
    return campaigns.outbox(application_id=application_id)


def link_token(message_id: UUID) -> str:
    """The token of the return link in a sent mail, as its recipient sees it."""
    found = re.search(r"/r/([\w-]+)", render_message(message_id, now=utc_now(), reveal=True).text)
    expect(found, "the mail carries no return link")
    assert found
    return found.group(1)


def places_of(text: str) -> list[str]:
    """Every `table.column` of the whole database in which this text stands in clear."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            for column in connection.introspection.get_table_description(cursor, table):
                name = connection.ops.quote_name(column.name)
                query = f"SELECT 1 FROM {quoted} WHERE CAST({name} AS TEXT) LIKE %s LIMIT 1"  # noqa: S608
                cursor.execute(query, [f"%{text}%"])
                if cursor.fetchone():
                    found.append(f"{table}.{column.name}")
    return found


def expect_nowhere(*texts: str) -> None:
    """Raises Unmet when one of the texts stands in clear in any table; the text itself is not repeated."""
    for number, text in enumerate(texts, 1):
        places = places_of(text)
        expect(not places, f"value {number} stands in clear in {places}")
