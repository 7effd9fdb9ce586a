"""A consent keeps the names in its text and how the person showed that they can read it electronically."""

from django.db import migrations, models

from carloans.core.appendonly import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("visitors", "0003_privacy_page")]
    operations = [
        migrations.AddField("consent", "names", models.JSONField(blank=True, default=dict)),
        migrations.AddField("consent", "demonstration", models.JSONField(blank=True, default=dict)),
        append_only_triggers("visitors_consent"),
        append_only_triggers("visitors_assessment"),
    ]
