"""What Cathy sees when it is her turn: the customer's words, the facts, what was said before, in which language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cathy.guardrails.inputs import InputVerdict, inspect
from cathy.guardrails.text import normalise
from cathy.simulation.contract import Turn
from cathy.simulation.style import style_of
from cathy.simulation.understanding import Understanding, understand
from cathy.simulation.understanding.recogniser import mended

from .reading import section

_SPANISH_WORDS = """
    hola gracias quiero necesito puedo puede tengo tiene como cuanto cuando donde que es esta estoy una para con
    por mi su sus el la los las del credito prestamo carro auto si no pero porque usted ustedes hablar persona
    numero correo telefono buenas buenos dias tardes me le lo y o de en un ser muy mas hay algo nada todo ya soy
    somos gustaria interesa busco
"""
_ENGLISH_WORDS = """
    hi hello thanks want need can could have has how much when where what is are the for with my your yes no but
    because you talk person number email phone good morning this that it do does did will would i a an of to in on
    me and or not any please
"""
_SPANISH, _ENGLISH = frozenset(_SPANISH_WORDS.split()), frozenset(_ENGLISH_WORDS.split())
_SHARED = frozenset({"no", "me", "a", "real", "auto", "personal"})


@dataclass(frozen=True, slots=True)
class Scene:
    """One turn as Cathy sees it. `before` is her own last line, `said` all her earlier ones."""

    text: str
    line: str
    before: str
    said: tuple[str, ...]
    facts: dict[str, Any]
    meaning: Understanding
    verdict: InputVerdict
    lang: str
    switch_to: str | None
    #: Wishes about wording.
    style: dict[str, Any] = field(default_factory=dict)

    @property
    def company(self) -> str:
        """The company's name, never empty."""
        return str(self.facts.get("company") or "Car Loans")

    @property
    def has_phone(self) -> bool:
        """Whether a phone number is on file."""
        return bool(section(self.facts, "contact").get("phone"))

    @property
    def step(self) -> int:
        """The step that the application has reached; 0 without one."""
        step = section(self.facts, "application").get("step_reached")
        return step if isinstance(step, int) else 0

    @property
    def finished(self) -> bool:
        """Whether the application was submitted."""
        return section(self.facts, "application").get("status") in {"submitted", "closed"}

    @property
    def credit(self) -> str:
        """none, running, prequalified, needs_person or unavailable."""
        return str(self.facts.get("credit") or "none")

    @property
    def missed_before(self) -> bool:
        """Whether the turn before was not understood either."""
        missed = self.facts.get("misunderstandings")
        return isinstance(missed, int) and missed >= 1

    def has_open(self, card: str) -> bool:
        """Whether a card of this kind still waits for the customer."""
        return card in (self.facts.get("open_cards") or [])


def look(turn: Turn, *, history: list[tuple[str, str]]) -> Scene:
    """Read a turn."""
    said = tuple(text for role, text in history if role == "assistant")
    before = _line_before(history)
    meaning = understand(turn.last_user, before)
    lang, switch_to = _language(turn, meaning)
    line = mended(turn.last_user)
    verdict = inspect(turn.last_user, before)
    return Scene(turn.last_user, line, before, said, turn.facts, meaning, verdict, lang, switch_to, style_of(turn))


def _line_before(history: list[tuple[str, str]]) -> str:
    """Cathy's last line before the customer's last one."""
    last_user = max((at for at, (role, _) in enumerate(history) if role == "user"), default=len(history))
    return next((text for role, text in reversed(history[:last_user]) if role == "assistant"), "")


def _asks_english(line: str) -> bool:
    """Whether English is asked for: the recogniser hears a wish for any language as one for Spanish."""
    return "ingles" in line.split()[-2:] or ("in english" in line and "spanish" not in line)


def _language(turn: Turn, meaning: Understanding) -> tuple[str, str | None]:
    """The language to answer in, and the one to switch to when the customer asked for it or writes in it."""
    now = "es" if str(turn.facts.get("locale", "en")).lower().startswith("es") else "en"
    if "asks_spanish" in meaning.intents[:2] and not _asks_english(normalise(turn.last_user)):
        return "es", "es" if now != "es" else None
    written = written_language(turn.last_user)
    return (written, written) if written and written != now else (now, None)


def written_language(text: str) -> str | None:
    """ "es" or "en" when the words clearly are of one language, else None."""
    words = [word for word in normalise(text).split() if word not in _SHARED]
    spanish, english = sum(word in _SPANISH for word in words), sum(word in _ENGLISH for word in words)
    if spanish >= 2 and spanish > english:
        return "es"
    return "en" if english >= 3 and english > 2 * spanish else None
