"""What follows from a customer's words whatever the model makes of them.

Some requests must be honoured within the turn: a person, a complaint, an end to all contact. The agent is told so, and
this is the net below it, in code: the same recogniser reads the customer's words whichever model answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cathy.simulation.understanding import understand

#: Words in a model's reason, and the code that stands for them in a note: free text stays out of notes.
_REASONS = {
    "complain": "complaint",
    "disput": "complaint",
    "angry": "upset",
    "upset": "upset",
    "distress": "distress",
    "crisis": "distress",
    "harm": "distress",
    "lawyer": "legal",
    "legal": "legal",
    "privacy": "privacy",
    "delet": "privacy",
    "data": "privacy",
    "call": "callback",
    "cannot": "cannot_help",
    "unable": "cannot_help",
    "underst": "not_understood",
}
_WORD = re.compile(r"[a-z]+")


def reason_code(reason: str) -> str:
    """A model's few words as one of our codes."""
    words = _WORD.findall(reason.lower())
    return next((code for start, code in _REASONS.items() if any(word.startswith(start) for word in words)), "asked")


#: Intents that a person must hear of, and the code for the note.
_FOR_A_PERSON = {"wants_human": "asked", "delete_data": "privacy"}


@dataclass(frozen=True, slots=True)
class Duties:
    """`person` is the reason for bringing one in, "" for none; `stop` says that all contact must end."""

    person: str = ""
    stop: bool = False


def owed(text: str, *, before: str | None) -> Duties:
    """What a message obliges us to; `before` is Cathy's line that it may answer."""
    best = understand(text, before).best
    return Duties(person=_FOR_A_PERSON.get(best, ""), stop=best == "stop_contact")
