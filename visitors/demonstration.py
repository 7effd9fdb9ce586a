"""How somebody showed that they can read a text electronically (15 USC 7001(c)(1)(C)(ii)).

A text is delivered in a medium (a card in the chat, a page) at a time, and the answer comes back by an element that
stands under that very text in that very medium. Nobody can press it who could not open what it stands on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any


def demonstrated(*, shown_in: str, element_id: str, shown_at: datetime, acted_at: datetime) -> dict[str, Any]:
    """{"shown_in", "answered_by", "seconds_on_screen", "copy"}: what carried the text, what brought the answer back.

    `shown_in` is "card:<uuid>" or "page:<path>"; `copy` is what the person could keep at that moment (the page can be
    printed and saved) and can ask for at any time (the document of `visitors.consent_documents`).
    """
    return {
        "shown_in": shown_in,
        "answered_by": element_id,
        "seconds_on_screen": max(0, round((acted_at - shown_at).total_seconds())),
        "copy": ["printable_page", "document_on_request"],
    }
