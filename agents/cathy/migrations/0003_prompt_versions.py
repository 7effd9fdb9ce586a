import uuid

import django.db.models.deletion
from django.db import migrations, models

from carloans.core.appendonly import append_only_triggers


class Migration(migrations.Migration):
    """Versions of the prompts and what their evaluations found."""

    dependencies = [
        ("cathy", "0002_spending"),
    ]

    operations = [
        migrations.CreateModel(
            name="PromptVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("evaluated", "evaluated"),
                            ("active", "active"),
                            ("retired", "retired"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("note", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(blank=True, max_length=80)),
                ("activated_at", models.DateTimeField(blank=True, null=True)),
                ("activated_by", models.CharField(blank=True, max_length=80)),
                ("override", models.CharField(blank=True, max_length=200)),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cathy.promptversion",
                    ),
                ),
                (
                    "replaced",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cathy.promptversion",
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
                "permissions": (
                    ("activate_prompts", "Can activate prompt versions and roll back"),
                    ("override_evaluation", "Can activate a prompt version without a passed evaluation"),
                ),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")), fields=("state",), name="cathy_one_active_prompt"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PromptEvaluation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("suite", models.CharField(max_length=60)),
                ("model", models.CharField(max_length=80)),
                (
                    "mode",
                    models.CharField(choices=[("simulated", "Simulated"), ("live", "Live")], max_length=10),
                ),
                ("trials", models.PositiveSmallIntegerField()),
                ("tasks", models.PositiveIntegerField()),
                ("pass_one", models.FloatField()),
                ("pass_all", models.FloatField()),
                ("violations", models.PositiveIntegerField()),
                ("tool_errors", models.PositiveIntegerField()),
                ("asked_by", models.CharField(blank=True, max_length=80)),
                ("at", models.DateTimeField()),
                ("report", models.JSONField(default=dict)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="cathy.promptversion",
                    ),
                ),
            ],
            options={
                "ordering": ("-at",),
                "indexes": [models.Index(fields=["version", "suite", "-at"], name="cathy_evaluation_of")],
            },
        ),
        append_only_triggers("cathy_promptevaluation"),
    ]
