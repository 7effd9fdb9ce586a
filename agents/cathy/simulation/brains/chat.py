"""RealtimeChat's conversationalist: what Cathy does and says in a turn of the chat.

A turn is understood, a move is chosen (tools to call, topics to speak to), and the words are picked so that she does
not repeat herself. After the tools have answered, the same move is chosen again and its words are said.
"""

from __future__ import annotations

from typing import Any

from cathy.simulation.contract import Call, Say, Turn, item_text

from .chat_moves import Move, choose
from .chat_scene import Scene, look
from .chat_speech import speak


def plan(turn: Turn) -> list[Say | Call]:
    """Return the tool calls of this turn, or, when they have answered, what Cathy says."""
    scene = look(turn, history=_history(turn.items))
    move = choose(scene)
    calls = [Call(call.name, call.args) for call in move.calls if call.name in turn.tool_names]
    if calls and not turn.tool_results:
        return [*calls]
    return [Say(_words(scene, move, turn))]


def _words(scene: Scene, move: Move, turn: Turn) -> str:
    return speak(scene, move, results=turn.tool_results)


def _history(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The spoken turns, oldest first, as (role, text)."""
    return [(str(item["role"]), item_text(item)) for item in items if item.get("role") in {"user", "assistant"}]
