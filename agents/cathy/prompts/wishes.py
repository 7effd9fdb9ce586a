"""What staff may wish of Cathy's wording, with bounds. A set covers all agents in both languages."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

LANGUAGES: Final = ("en", "es")
GREETING_MAX: Final = 400
PHRASE_MAX: Final = 40
PHRASES_MAX: Final = 30
ASK_MAX: Final = 200
ROLE_MAX: Final = 6_000
LENGTH_MIN, LENGTH_MAX = 20, 120

Warmth: TypeAlias = Literal["plain", "warm", "very_warm"]
Formality: TypeAlias = Literal["relaxed", "neutral", "formal"]
PhoneRequest: TypeAlias = Literal["when_asked", "when_useful", "early"]
Phrases: TypeAlias = Annotated[tuple[Annotated[str, Field(max_length=PHRASE_MAX)], ...], Field(max_length=PHRASES_MAX)]


class Wishes(BaseModel):
    """How Cathy sounds in one language.

    `greeting` follows the opening that says what she is, which is code. `length` is the most words of a reply.
    `phone_request` says when she offers the contact form by herself: only when the customer wants to be reached, when
    it is the most useful next step, or with her first reply. `phone_words` are her words for it; empty is her choice.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    greeting: str = Field(min_length=1, max_length=GREETING_MAX)
    warmth: Warmth = "warm"
    formality: Formality = "neutral"
    prefer: Phrases = ()
    avoid: Phrases = ()
    length: int = Field(default=60, ge=LENGTH_MIN, le=LENGTH_MAX)
    phone_request: PhoneRequest = "when_useful"
    phone_words: str = Field(default="", max_length=ASK_MAX)


class PromptSet(BaseModel):
    """All wishes of one version. `roles` holds texts by agent name; an agent that is absent has the program's own."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    en: Wishes
    es: Wishes
    roles: dict[str, Annotated[str, Field(min_length=1, max_length=ROLE_MAX)]] = {}

    def of(self, language: str) -> Wishes:
        """The wishes for "en" or "es"."""
        return self.es if language == "es" else self.en

    def content(self) -> dict[str, Any]:
        """As a JSON value."""
        return self.model_dump(mode="json")

    def digest(self) -> str:
        """SHA-256 over the canonical JSON, hexadecimal: the same wishes have the same digest on every machine."""
        text = json.dumps(self.content(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


BUILT_IN: Final = PromptSet(
    en=Wishes(
        greeting="I can help you pick up your car loan application where you left off, and I can bring in a person "
        "from our team at any time. How can I help?"
    ),
    es=Wishes(
        greeting="Puedo ayudarle a continuar su solicitud de préstamo de auto donde la dejó, y puedo llamar a una "
        "persona de nuestro equipo en cualquier momento. ¿En qué le ayudo?",
        formality="formal",
    ),
)
"""What holds until somebody activates a version, and if the table is empty."""
