"""How a command is told whom it is about."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from carloans.core import rights


def add_selectors(parser: ArgumentParser) -> None:
    """--email, --phone or --visitor, and on whose behalf."""
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--email", default="", help="Everybody with this address, on every site.")
    whom.add_argument("--phone", default="", help="Everybody with this number, on every site.")
    whom.add_argument("--visitor", type=UUID, help="A visitor, and the same site's rows with their address.")
    parser.add_argument("--actor", default="system", help='Who asks for it, for the audit trail: "staff:7".')


def person_from(options: Mapping[str, Any], *, now: datetime) -> rights.Person:
    """The person whom the options name. Raises CommandError when nothing is kept about them."""
    if options["visitor"]:
        person = rights.find_visitor(visitor_id=options["visitor"], now=now)
    else:
        person = rights.find(email=options["email"], phone=options["phone"], now=now)
    if not rights.is_on_file(person):
        raise CommandError("Nothing is kept about this person.")
    return person
