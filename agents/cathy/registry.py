"""Which agents there are. Each app registers its own when its `agent` module is imported.

    register(AgentCard(name="VisitorIdentifier", alias="visitor-judge", purpose=_("…"), app="visitors"))

`define_agent(..., purpose=, app=)` does the same in one step.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from cathy.prompts.compiling import Voice


@dataclass(frozen=True, slots=True)
class AgentCard:
    """What the operations room shows of an agent: stable name, model alias, purpose in a sentence, home app.

    `role` is the program's own text of its instructions ("" where it depends on the case), `voice` says which rules and
    wishes go with it (`cathy.prompts.compiling.Voice`).
    """

    name: str
    alias: str
    purpose: str | Promise
    app: str
    role: str = ""
    voice: Voice = "work"


_cards: dict[str, AgentCard] = {}


def register(card: AgentCard) -> None:
    """Add an agent; the same name again replaces the card."""
    _cards[card.name] = card


def cards() -> list[AgentCard]:
    """Return every agent of the installed apps, by name. Imports each app's `agent` module on first use."""
    autodiscover_modules("agent", "briefing")
    return sorted(_cards.values(), key=lambda card: card.name)


def roles() -> dict[str, str]:
    """Return the program's own role texts by agent: those that a prompt version may replace."""
    return {card.name: card.role for card in cards() if card.role}
