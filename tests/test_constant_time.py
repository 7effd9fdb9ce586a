"""Secrets are compared in constant time: `==` on a signature, token or key tells how far a guess was right."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from carloans.core import signatures
from carloans.core.clock import utc_now

ROOT = Path(__file__).resolve().parent.parent
SECRET_WORDS = ("secret", "signature", "token", "password", "hmac", "api_key", "_tag", "signed")
#: Calls that hand on what they are given, in another form.
SAME = ("encode", "hex", "hexdigest", "digest")


def sources() -> list[Path]:
    skipped = {".venv", "var", "tests", "migrations", "node_modules"}
    return [path for path in sorted(ROOT.rglob("*.py")) if not skipped & set(path.relative_to(ROOT).parts)]


def words_of(node: ast.expr) -> Iterator[str]:
    """Names in an operand; what is called is left out, because its result is something else (`len(token)`)."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Subscript):
        yield from words_of(node.value)
        yield from words_of(node.slice)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and hands_on(node.func):
        yield from words_of(node.func.value)


def hands_on(called: ast.Attribute) -> bool:
    return called.attr in SAME or ast.unparse(called).startswith("hmac.")


def is_plain(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def suspicious(tree: ast.AST) -> Iterator[int]:
    """Lines where something that is called like a secret is compared with something that is no constant."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            continue
        sides = [node.left, *node.comparators]
        if any(is_plain(side) for side in sides):
            continue
        names = [word.lower() for side in sides for word in words_of(side)]
        if any(word in name for name in names for word in SECRET_WORDS):
            yield node.lineno


def test_no_secret_is_compared_with_equals():
    found = []
    for path in sources():
        lines = path.read_text().splitlines()
        place = str(path.relative_to(ROOT))
        found += [f"{place}: {lines[at - 1].strip()}" for at in suspicious(ast.parse(path.read_text()))]
    assert found == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("given == secret", True),
        ("expected.encode() != parts['signature']", True),
        ("self.token == other", True),
        ("row.token_hash == digest", True),
        ("hmac.new(key, body, sha256).hexdigest() == given", True),
        ("len(token) == size", False),
        ("token == ''", False),
        ("hmac.compare_digest(a, token)", False),
    ],
)
def test_the_search_knows_a_comparison_of_secrets(line, caught):
    assert bool(list(suspicious(ast.parse(line)))) is caught


def test_signatures_are_compared_by_compare_digest(monkeypatch):
    asked = []
    plain = signatures.hmac.compare_digest
    monkeypatch.setattr(signatures.hmac, "compare_digest", lambda a, b: asked.append((a, b)) or plain(a, b))
    now = utc_now()
    header = signatures.sign(b"body", secret="s", now=now)
    signatures.verify(header, b"body", secret="s", now=now)
    with pytest.raises(signatures.BadSignature):
        signatures.verify(header[:-1] + "x", b"body", secret="s", now=now)
    assert len(asked) == 2
