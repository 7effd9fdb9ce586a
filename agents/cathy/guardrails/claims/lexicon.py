"""Word groups for the pattern language, read from `lexicon.toml`; rules and cues add groups of their own."""

from __future__ import annotations

import tomllib
from pathlib import Path

_DATA = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text("utf-8"))

#: name → alternatives, separated by bars
GROUPS: dict[str, str] = dict(_DATA["groups"])
#: words that most sentences hold, so that needing one of them tells little
EVERYWHERE = frozenset(_DATA["everywhere"].split())
NUMBER_WORDS = frozenset(_DATA["numbers"].split())

_ONE = rf"(?:\d[\d.,]*|{'|'.join(sorted(NUMBER_WORDS))})"
#: one or more number words or digits, as a regular expression
NUMBER = rf"(?:{_ONE}(?: (?:and|y|point|punto|-|{_ONE}))* )"
