"""Make an account for a colleague, or give an existing one another role."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from carloans.core import audit
from carloans.core.clock import utc_now
from dashboard import roles


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--role", required=True, choices=roles.ROLES)

    @transaction.atomic
    def handle(self, *args: Any, name: str, role: str, **options: Any) -> None:
        """The password comes from the terminal, or from standard input; never from the command line."""
        user, made = get_user_model().objects.get_or_create(username=name, defaults={"is_staff": True})
        if made:
            user.set_password(self._password(user))
            user.save(update_fields=["password"])
            audit.record(
                action="staff.account_added", actor="system", subject=f"account:{user.pk}", now=utc_now(), facts={}
            )
        roles.assign(user, role)
        self.stdout.write(f"{name} has the role {role}." + (" The account is new." if made else ""))

    def _password(self, user: Any) -> str:
        password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password
