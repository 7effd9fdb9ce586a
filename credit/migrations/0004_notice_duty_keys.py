"""Duties that arose before they had a key came from checks."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def name_by_check(apps: Any, editor: Any) -> None:
    duties = apps.get_model("credit", "NoticeDuty").objects.filter(key=None, check_row__isnull=False)
    for pk, check in duties.values_list("pk", "check_row_id").iterator():
        duties.filter(pk=pk).update(key=f"check:{check}")


class Migration(migrations.Migration):
    dependencies = [("credit", "0003_notice_duties")]
    operations = [migrations.RunPython(name_by_check, migrations.RunPython.noop)]
