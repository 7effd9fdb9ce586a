import hashlib
import json

from django.db import migrations
from django.utils import timezone

#: The words that Cathy had before they became data.
CONTENT = {
    "en": {
        "greeting": "I can help you pick up your car loan application where you left off, and I can bring in a person "
        "from our team at any time. How can I help?",
        "warmth": "warm",
        "formality": "neutral",
        "prefer": [],
        "avoid": [],
        "length": 60,
        "phone_request": "when_useful",
        "phone_words": "",
    },
    "es": {
        "greeting": "Puedo ayudarle a continuar su solicitud de préstamo de auto donde la dejó, y puedo llamar a una "
        "persona de nuestro equipo en cualquier momento. ¿En qué le ayudo?",
        "warmth": "warm",
        "formality": "formal",
        "prefer": [],
        "avoid": [],
        "length": 60,
        "phone_request": "when_useful",
        "phone_words": "",
    },
    "roles": {},
}


def seed(apps, schema_editor):
    text = json.dumps(CONTENT, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    now = timezone.now()
    apps.get_model("cathy", "PromptVersion").objects.get_or_create(
        number=1,
        defaults={
            "state": "active",
            "content": CONTENT,
            "digest": hashlib.sha256(text.encode()).hexdigest(),
            "note": "The words that Cathy had before they became data",
            "created_at": now,
            "created_by": "system",
            "activated_at": now,
            "activated_by": "system",
        },
    )


class Migration(migrations.Migration):
    """Version 1 holds today's words and is active."""

    dependencies = [
        ("cathy", "0003_prompt_versions"),
    ]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
