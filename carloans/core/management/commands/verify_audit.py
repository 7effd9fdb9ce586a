"""Prove the audit trail: recompute every seal and report each changed, missing or reordered entry."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloans.core import audit
from carloans.core.models import AuditEntry, AuditSeal


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(audit.verify())
        for finding in findings:
            self.stderr.write(f"seal {finding.seal}: {finding.kind} {finding.entry}".rstrip())
        if findings:
            raise CommandError(f"The audit trail is broken in {len(findings)} places.")
        waiting = AuditEntry.objects.filter(sealed__isnull=True).count()
        self.stdout.write(
            f"The audit trail is whole: {AuditSeal.objects.count()} seals, {waiting} entries not sealed yet."
        )
