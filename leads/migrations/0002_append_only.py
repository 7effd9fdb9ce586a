"""What was tried and what a buyer said is proof: the database itself refuses to change or remove it."""

from django.db import migrations

from carloans.core.appendonly import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]
    operations = [append_only_triggers("leads_submissionattempt"), append_only_triggers("leads_disposition")]
