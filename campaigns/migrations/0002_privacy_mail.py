"""A mail may belong to somebody's privacy page instead of a journey."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("visitors", "0003_privacy_page"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="privacy_link",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="visitor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="privacy_messages",
                to="visitors.visitor",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="enrollment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="campaigns.enrollment",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[("step", "journey"), ("fresh_link", "requested link"), ("privacy", "proof of the address")],
                default="step",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enrollment__isnull", False), ("privacy_link__isnull", True), ("visitor__isnull", True)),
                    models.Q(
                        ("enrollment__isnull", True),
                        ("kind", "privacy"),
                        ("privacy_link__isnull", False),
                        ("visitor__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="message_of_a_journey_or_a_page",
            ),
        ),
    ]
