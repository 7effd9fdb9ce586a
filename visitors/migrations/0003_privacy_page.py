"""The customer's own page: its links, the proofs of an address, opt-outs of sale, and what only staff can do."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visitors", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrivacyLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "origin",
                    models.CharField(choices=[("mail", "A mail's footer"), ("chat", "The chat's card")], max_length=4),
                ),
                ("source_id", models.UUIDField(help_text="The mail or the card that carries it", unique=True)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("proof_requested_at", models.DateTimeField(blank=True, null=True)),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="privacy_links", to="visitors.visitor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PrivacyProof",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("message_id", models.UUIDField(help_text="The mail that carries it", unique=True)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="visitors.privacylink"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PrivacyRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("human_review", "Have a person look at what the AI did"),
                            ("human_help", "Help without an e-mail address"),
                            ("tell_recipients", "Tell the recipients of a correction"),
                        ],
                        max_length=16,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(help_text="45 days (Cal. Civ. Code 1798.130)")),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="privacy_requests",
                        to="visitors.visitor",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SaleOptOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email_index", models.CharField(blank=True, db_index=True, default="", max_length=64)),
                ("via", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                (
                    "visitor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sale_opt_out", to="visitors.visitor"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="privacylink",
            index=models.Index(fields=["proof_requested_at"], name="visitors_proof_requested"),
        ),
        migrations.AddIndex(
            model_name="privacyrequest",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)), fields=["due_at"], name="visitors_request_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at__isnull", True)),
                fields=("visitor", "kind"),
                name="visitors_one_open_request",
            ),
        ),
    ]
