"""Seals are signed, the trail is searched by actor and by time, and the guards of its tables are renewed."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from carloans.core import audit, ledger
from carloans.core.appendonly import append_only_triggers, maintenance


def sign(apps: Any, editor: Any) -> None:
    """The seals that were made before there were signatures."""
    with maintenance():
        for seal in apps.get_model("core", "AuditSeal").objects.order_by("number").iterator():
            seal.signature = ledger.sign(audit.statement(seal))
            seal.save(update_fields=["signature"])


class Migration(migrations.Migration):
    dependencies = [("core", "0003_switch_changed_by")]
    operations = [
        migrations.AddField("auditseal", "signature", models.CharField(default="", editable=False, max_length=64)),
        migrations.RunPython(sign, migrations.RunPython.noop),
        migrations.AddIndex("auditentry", models.Index(fields=["actor", "at"], name="audit_actor")),
        migrations.AddIndex("auditentry", models.Index(fields=["at", "id"], name="audit_newest")),
        append_only_triggers("core_auditentry"),
        append_only_triggers("core_auditseal"),
        append_only_triggers("core_auditsealmember"),
    ]
