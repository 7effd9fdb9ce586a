"""Frames as a broken or hostile client might send them: random ones, and good ones with something wrong."""

from __future__ import annotations

import json
import random
from typing import Any
from uuid import UUID

GOOD: tuple[dict[str, Any], ...] = (
    {"type": "hello", "after": 0, "lang": "en"},
    {"type": "message", "id": "00000000-0000-4000-8000-000000000001", "text": "How does it work?"},
    {
        "type": "action",
        "id": "00000000-0000-4000-8000-000000000002",
        "card": "00000000-0000-4000-8000-000000000003",
        "action": "agree",
        "fields": {"phone": "512 555 0142", "dealer_contact": True},
    },
    {"type": "typing", "on": True},
    {"type": "read", "seq": 1},
    {"type": "ping"},
)
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**53, 2**64, -(2**70), 1e308, 0.5),
    *("", " ", "\x00", "\u202e", "a" * 5000, "💥" * 300, "NaN", "\ud800"),
    *("../../etc/passwd", "<script>", "' OR 1=1 --", "00000000-0000-4000-8000-00000000000"),
    *([], [[]], {}, {"type": "hello"}),
)
RAW = (
    *("", " ", "null", "[]", "{}", "{", '"', "NaN", "Infinity", "1e999", "\x00", "x" * 16_385),
    *("[" * 9000, '{"a":' * 3000, "\ufeff{}", '{"type":"ping",}', '{"type":"read","seq":1e2}'),
    *('{"type":"ping","type":"hello"}', '{"type":"ping"} {"type":"ping"}'),
    '{"type":"message","id":"00000000-0000-4000-8000-000000000001","text":"\\ud800"}',
)


def frame(chance: random.Random) -> str:
    """One frame; about one in twenty is good."""
    kind = chance.random()
    if kind < 0.1:
        return chance.choice(RAW)
    if kind < 0.2:
        return "".join(chr(chance.randrange(32, 0xD7FF)) for _ in range(chance.randrange(60)))
    text = json.dumps(_bent(dict(chance.choice(GOOD)), chance))
    return _torn(text, chance) if kind > 0.8 else text


def _bent(good: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    if "id" in good:
        good["id"] = str(UUID(int=chance.getrandbits(128), version=4))
    for _ in range(chance.randrange(3)):
        name = chance.choice([*good, "type", "extra", "__proto__"])
        act = chance.random()
        if act < 0.3:
            good.pop(name, None)
        elif act < 0.9:
            good[name] = chance.choice(ODD)
        else:
            good[name] = chance.choice(GOOD)["type"]
    return good


def _torn(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    act = chance.random()
    if act < 0.4:
        return text[:at]
    if act < 0.7:
        return text[:at] + chr(chance.randrange(1, 0x2FF)) + text[at:]
    return text[:at] + text[at + chance.randrange(5) :]
