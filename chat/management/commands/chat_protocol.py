"""Print the chat socket's AsyncAPI 3 document, as it stands in docs/chat-socket.asyncapi.json."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from chat.asyncapi import document


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(document(), indent=2, ensure_ascii=False))
