"""What the first customer would otherwise wait for."""

from __future__ import annotations

from carloans.core.privacy.redaction import redact
from cathy.guardrails import gate
from chat import agent, duties


def warm_up() -> None:
    """Load the agent, the recogniser's and the linter's word lists, and the redactor; touches no database."""
    sentence = f"Hello, I am {agent.REALTIME_CHAT.name}."
    redact(sentence)
    duties.owed(sentence, before=sentence)
    for locale in ("en", "es"):
        gate.check_sentence("", sentence, locale=locale)
