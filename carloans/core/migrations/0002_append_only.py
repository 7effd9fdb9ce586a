"""The audit tables refuse UPDATE and DELETE, from SQL too."""

from django.db import migrations

from carloans.core.appendonly import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        append_only_triggers("core_auditentry"),
        append_only_triggers("core_auditseal"),
        append_only_triggers("core_auditsealmember"),
    ]
