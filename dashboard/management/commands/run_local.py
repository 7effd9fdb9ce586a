"""Start everything on this machine: migrate, seed a small demo, then the web, the worker and the schedule.

Three processes and no service: daphne, a Celery worker that also runs the schedule, and honcho over both. What they
write goes to the same terminal; Ctrl-C or SIGTERM ends all of them, each with its whole process group.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from dashboard import roles

OPERATOR = "operator"


def set_password() -> str:
    """A fresh password for the demo operator: it holds until the next start prints another."""
    user, _ = get_user_model().objects.get_or_create(username=OPERATOR, defaults={"is_staff": True})
    roles.assign(user, "admin")
    password = secrets.token_urlsafe(9)
    user.set_password(password)
    user.save(update_fields=["password"])
    return password


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        self._require_free_port()
        call_command("migrate", verbosity=0)
        call_command("seed_demo", verbosity=0)
        self._say(set_password())
        self._become_supervisor()

    def _require_free_port(self) -> None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", settings.PORT)) == 0:
                raise CommandError(
                    f"Port {settings.PORT} is taken: stop what uses it, or choose another with PORT=8001."
                )

    def _say(self, password: str) -> None:
        base = settings.PUBLIC_URL
        self.stdout.write(
            f"\n  Car Loans is starting with simulated providers; data in {settings.DATA_DIR}\n\n"
            f"  The application form   {base}/\n"
            f"  The operations room    {base}/ops/     user {OPERATOR}, password {password}\n"
            f"  The admin              {base}/admin/\n\n"
            f"  Leave a saved application alone for {settings.ABANDON_AFTER_SECONDS} seconds and Cathy writes.\n"
            "  Ctrl-C stops everything.\n"
        )
        self.stdout.flush()

    def _become_supervisor(self) -> None:
        """Replace this process, so that the terminal's signals reach honcho and the memory of Django is free."""
        here = Path(sys.executable).parent
        port = str(settings.PORT)
        # honcho gives every process a PORT of its own; the worker must know the one at which the web process listens.
        environment = {**os.environ, "PORT": port, "WEB_PORT": port, "PYTHONUNBUFFERED": "1"}
        # Every task survives a cut, so the worker need not finish what it holds before the terminal is free again.
        environment.setdefault("REMAP_SIGTERM", "SIGQUIT")
        environment["PATH"] = f"{here}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        os.chdir(settings.BASE_DIR)
        arguments = [sys.executable, "-m", "honcho", "--procfile", "Procfile.local", "start"]
        os.execve(sys.executable, arguments, environment)  # noqa: S606  our own interpreter, fixed arguments
