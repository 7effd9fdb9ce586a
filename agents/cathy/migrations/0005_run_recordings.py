import django.db.models.deletion
from django.db import migrations, models

import carloans.core.fields


class Migration(migrations.Migration):
    """Each run names its version of the prompts and keeps what its model was given and answered."""

    dependencies = [
        ("cathy", "0004_first_prompt"),
    ]

    operations = [
        migrations.AddField(
            model_name="agentrun",
            name="prompt",
            field=models.UUIDField(blank=True, db_index=True, null=True),
        ),
        migrations.CreateModel(
            name="CompiledPrompt",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("agent", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("first_used_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RunRecording",
            fields=[
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="recording",
                        serialize=False,
                        to="cathy.agentrun",
                    ),
                ),
                ("instructions", models.CharField(blank=True, max_length=64)),
                ("data", carloans.core.fields.EncryptedJSONField()),
            ],
        ),
    ]
