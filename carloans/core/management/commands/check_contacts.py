"""`check_contacts`: JSON lines {"id","email"?,"phone"?} in; whether and as what each can be used, out."""

import sys
from typing import Any, TextIO, cast

import phonenumbers
from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloans.core.contacts import check_email, check_phone
from carloans.core.jsonl import run_filter, text_of


class Command(BaseCommand):
    """Filter; see the public contract for the reasons."""

    help = "Check e-mail addresses and phone numbers from JSON lines on standard input."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--region", default="US", help="where numbers without a country code are dialled (default US)"
        )
        parser.add_argument(
            "--allow-test-numbers", action="store_true", help="take the fictional area code 555 as valid"
        )
        parser.add_argument("--mx", action="store_true", help="also ask the DNS whether the domain takes mail")

    def handle(self, *args: Any, **options: Any) -> None:
        region = options["region"].upper()
        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise CommandError(f"unknown region {region!r}")

        def check(record: dict[str, Any]) -> dict[str, Any]:
            return check_record(record, region=region, test_numbers=options["allow_test_numbers"], mx=options["mx"])

        if status := run_filter(check, target=cast(TextIO, self.stdout)):
            sys.exit(status)


def check_record(
    record: dict[str, Any], *, region: str, test_numbers: bool = False, mx: bool = False
) -> dict[str, Any]:
    """The answer to what the record has of "email" and "phone"; absent values are null. Raises ValueError."""
    if "email" not in record and "phone" not in record:
        raise ValueError("the record has neither 'email' nor 'phone'")
    reply: dict[str, Any] = {}
    if "email" in record:
        reply["email"] = _email(text_of(record, "email"), mx=mx)
    if "phone" in record:
        reply["phone"] = _phone(text_of(record, "phone"), region=region, test_numbers=test_numbers)
    return reply


def _email(text: str, *, mx: bool) -> dict[str, Any]:
    found = check_email(text, ask_dns=mx)
    return {
        "valid": found.valid,
        "normalized": found.normalized or None,
        "reason": found.reason,
        "suggestion": found.suggestion or None,
    }


def _phone(text: str, *, region: str, test_numbers: bool) -> dict[str, Any]:
    found = check_phone(text, region=region, allow_test_numbers=test_numbers)
    return {
        "valid": found.valid,
        "e164": found.e164 or None,
        "extension": found.extension or None,
        "reason": found.reason,
    }
