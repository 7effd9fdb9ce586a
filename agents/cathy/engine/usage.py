"""What one answer of a real model took. A server that does not say so is counted by estimate: a budget that takes
silence for nothing is none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: Characters to a token of English; of other languages there are fewer, so an estimate is rather low than high.
CHARS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """Which model answered and the tokens of request and answer; `estimated` when the server did not tell them."""

    model: str
    tokens_in: int
    tokens_out: int
    estimated: bool = False


def counted(model: str, usage: Any, request: Sequence[Any], output: Sequence[Any]) -> Answer:
    """Return what an answer took, by the server's own count where there is one.

    `usage` has `input_tokens` and `output_tokens`, or is None; `request` is the system's text, the items, and the rest.
    """
    told = (int(getattr(usage, "input_tokens", 0) or 0), int(getattr(usage, "output_tokens", 0) or 0))
    if sum(told):
        return Answer(model, *told)
    asked = len(str(request[0] or "")) + len(json.dumps(request[1], default=str))
    said = sum(len(item.model_dump_json(warnings=False)) for item in output)
    return Answer(model, asked // CHARS_PER_TOKEN, said // CHARS_PER_TOKEN, estimated=True)
