"""An instruction is proof: the database itself refuses to change or remove one."""

from django.db import migrations

from carloans.core.appendonly import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("credit", "0001_initial")]
    operations = [append_only_triggers("credit_creditconsent")]
