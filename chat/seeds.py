"""Business hours and ready-made replies of the demo site, to look at and to change."""

from __future__ import annotations

from datetime import datetime, time

from chat.models import CannedReply, Opening, ServiceHours
from visitors import selectors as visitors

_REPLIES = (
    (
        "hello",
        "Introduce yourself",
        "Hello, this is {me} from {company}. I have read your messages. How can I help?",
        "Hola, soy {me} de {company}. He leído sus mensajes. ¿En qué le ayudo?",
    ),
    (
        "looking",
        "I am looking into it",
        "Thank you. I am looking into it and will write to you here.",
        "Gracias. Lo estoy revisando y le escribiré aquí.",
    ),
    (
        "own-page",
        "Your data",
        "On your own page you can see, correct, download or delete what we have stored. Cathy can show you the link.",
        "En su propia página puede ver, corregir, descargar o borrar lo que guardamos. Cathy puede darle el enlace.",
    ),
    (
        "goodbye",
        "Goodbye",
        "Thank you for writing. You can open this chat again at any time.",
        "Gracias por escribir. Puede volver a abrir este chat cuando quiera.",
    ),
)


def seed(now: datetime) -> None:
    """Create what is missing; an operator's changes stay."""
    site = visitors.site_by_key(key="demo")
    hours, fresh = ServiceHours.objects.get_or_create(site_id=site.id, defaults={"time_zone": "America/Chicago"})
    if fresh:
        Opening.objects.bulk_create(
            Opening(hours=hours, weekday=day, opens=time(9), closes=time(18)) for day in range(6)
        )
    for key, title, english, spanish in _REPLIES:
        CannedReply.objects.get_or_create(key=key, defaults={"title": title, "text_en": english, "text_es": spanish})
