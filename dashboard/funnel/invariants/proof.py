"""The records: the trail is whole and complete, consents prove what was shown, nothing unspeakable is stored."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any, Final

from django.db import connection

from carloans.core import audit, verification
from dashboard.funnel.figures import funnel_of
from dashboard.funnel.rows import rows
from dashboard.funnel.town import Town
from visitors import consent_texts

#: What must never be stored in any form.
_NEVER_KEPT: Final = frozenset({"ssn", "card", "account", "routing", "iban"})
_NOT_DIGITS: Final = re.compile(r"\D")
#: Which rows there are → the actions of the trail that tell of them.
_PROVEN: Final[tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...]] = (
    ("campaigns.Message", {"sent_at__isnull": False, "kind__in": ["step", "fresh_link"]}, ("email.sent",)),
    ("visitors.Consent", {}, ("consent.given", "consent.stated")),
    ("visitors.ConsentWithdrawal", {}, ("consent.withdrawn",)),
    ("credit.CreditConsent", {}, ("credit.consent_given",)),
    ("credit.NoticeDuty", {}, ("credit.notice_owed",)),
    ("leads.Lead", {}, ("lead.packaged",)),
    ("campaigns.Suppression", {}, ("email.suppressed",)),
)


def the_audit_trail_is_whole(town: Town) -> list[str]:
    """The sealed audit trail verifies, and every entry is sealed"""
    audit.seal_all(now=town.until, late=True)
    found = [str(one) for one in verification.findings()]
    loose = rows("core.AuditEntry").filter(sealed__isnull=True).count()
    return found + ([f"{loose} entries are not sealed"] if loose else [])


def every_effect_is_in_the_trail(town: Town) -> list[str]:
    """Each mail, consent, withdrawal, notice duty, lead and suppression has its entry in the audit trail"""
    entries = Counter(rows("core.AuditEntry").values_list("action", flat=True))
    wrong = []
    for label, condition, actions in _PROVEN:
        count, told = rows(label).filter(**condition).count(), sum(entries[action] for action in actions)
        if told != count:
            wrong.append(f"{count} rows of {label}, {told} entries {' or '.join(actions)}")
    return wrong


def consents_prove_what_was_shown(town: Town) -> list[str]:
    """Each consent bears the hash of a text that exists, and was shown before it was given"""
    known = _hashes(town)
    wrong = []
    for one in rows("visitors.Consent"):
        texts = known.get(one.text_version, set())
        # A dealer's name is part of that text, and dealers come and go.
        proven = one.text_sha256 in texts or (one.kind == "dealer_contact" and texts)
        if not proven or one.shown_at > one.given_at:
            wrong.append(f"consent {one.pk} ({one.text_version})")
    return wrong


def _hashes(town: Town) -> dict[str, set[str]]:
    companies = set(rows("visitors.Site").values_list("company_name", flat=True))
    dealers = consent_texts.and_list(list(rows("leads.Buyer").order_by("rank", "slug").values_list("name", flat=True)))
    found: dict[str, set[str]] = {}
    for kind in consent_texts.KINDS:
        for locale in consent_texts.LOCALES:
            for company in companies:
                text = consent_texts.text(kind, locale, company=company, dealers=dealers)
                found.setdefault(text.version, set()).add(hashlib.sha256(text.body.encode()).hexdigest())
    return found


def no_forbidden_number_is_stored(town: Town) -> list[str]:
    """No column of any table holds a social security, card or account number that somebody typed"""
    typed = [value for person in town.people for kind, value in person.typed if kind in _NEVER_KEPT]
    sought = {value.lower() for value in typed} | {
        bare for value in typed if len(bare := _NOT_DIGITS.sub("", value)) > 8
    }
    wrong = []
    for table, column, value in _texts():
        lowered = value.lower()
        if any(one in lowered for one in sought):
            wrong.append(f"{table}.{column}")
    return sorted(set(wrong))


def _texts() -> Any:
    """(table, column, value) of everything in the database that reads as text, apart from ids and times."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            names = [one.name for one in connection.introspection.get_table_description(cursor, table)]
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    if isinstance(value, str) and len(value) > 8:
                        yield table, name, value
                    elif isinstance(value, dict | list):
                        yield table, name, str(value)


def no_column_is_for_a_social_security_number(town: Town) -> list[str]:
    """There is no column whose name asks for a social security number"""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        described = {table: connection.introspection.get_table_description(cursor, table) for table in tables}
    columns = [(table, one.name) for table, fields in described.items() for one in fields]
    return [f"{table}.{name}" for table, name in columns if re.search(r"ssn|social", name, re.IGNORECASE)]


def the_funnel_adds_up(town: Town) -> list[str]:
    """Each line of the funnel is at most the line above it, and each is what people really did"""
    figures = funnel_of(town)
    return figures.contradictions()


CHECKS = (
    the_audit_trail_is_whole,
    every_effect_is_in_the_trail,
    consents_prove_what_was_shown,
    no_forbidden_number_is_stored,
    no_column_is_for_a_social_security_number,
    the_funnel_adds_up,
)
