"""What the program says by itself, read from its source: the content of `reviewed.txt`.

python -m tests.own_sentences   # after a change to the program's wording that people have reviewed
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from cathy.guardrails.claims import reviewed
from cathy.guardrails.text.normalise import normalise
from cathy.guardrails.text.sentences import split_sentences

ROOT = Path(__file__).resolve().parent.parent
#: Modules of fixed wording. Of an agent only what its tools answer counts: its instructions are nobody's to say.
WORDING = (
    "chat/wording.py", "chat/cards.py", "chat/staffing.py", "chat/suggestions.py", "chat/seeds.py", "chat/refusals.py",
    "chat/briefs.py", "chat/duties.py", "chat/turns.py", "credit/outcomes.py", "credit/notice_text.py",
    "campaigns/texts.py", "campaigns/letters.py", "leads/wording.py", "leads/package.py", "visitors/judging.py",
    "chat/services/ownership.py", "agents/cathy/guardrails/replacements.py", "agents/cathy/engine/tools.py",
    "carloans/core/errors.py", "chat/errors.py", "credit/errors.py", "agents/cathy/simulation/brains/*.py",
)  # fmt: skip
ANSWERS = ("*/agent.py",)
_FIELD = re.compile(r"\{[^{}]*\}")
_LEAST_WORDS = 3


def collected() -> list[str]:
    """Every own sentence in its normalised form, sorted."""
    texts = [text for pattern in WORDING for path in sorted(ROOT.glob(pattern)) for text in _strings(_tree(path))]
    for pattern in ANSWERS:
        for path in sorted(ROOT.glob(pattern)):
            returned = (node for node in ast.walk(_tree(path)) if isinstance(node, ast.Return) and node.value)
            texts += [text for node in returned for text in _strings(node)]
    found = {normalise(_FIELD.sub("{}", one)).strip() for text in texts for one in (*split_sentences(text), text)}
    return sorted(line for line in found if _says_something(line))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _says_something(line: str) -> bool:
    """Enough words of its own to be known by; a form of address ("Dear {}:") needs no more than one."""
    gaps, words = line.count("{ }"), len(re.findall(r"(?<!\S)[a-z]{2,}", line.replace("{ }", "")))
    address = gaps == 1 and words > 0 and line.endswith(("{ } :", "{ } ,"))
    return address or words >= max(_LEAST_WORDS, 2 * gaps)


def _strings(tree: ast.AST) -> Iterator[str]:
    """Strings of the code, with `{}` for what is filled in; docstrings speak to its readers alone."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    inside |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


if __name__ == "__main__":
    reviewed.FILE.write_text("\n".join(collected()) + "\n", "utf-8")
