"""Consents and their withdrawals refuse UPDATE and DELETE, from SQL too."""

from django.db import migrations

from carloans.core.appendonly import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("visitors", "0001_initial")]
    operations = [append_only_triggers("visitors_consent"), append_only_triggers("visitors_consentwithdrawal")]
