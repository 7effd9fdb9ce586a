"""That a notice went out is proof: the database itself refuses to change or remove it."""

from django.db import migrations

from carloans.core.appendonly import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("credit", "0004_notice_duty_keys")]
    operations = [append_only_triggers("credit_noticeproof")]
