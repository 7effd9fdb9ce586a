"""The words for a move: one variant for each topic, none that was just used, then what the tools brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cathy.simulation.style import longest, without

from . import chat_words_en, chat_words_es
from .chat_moves import Move
from .chat_scene import Scene
from .reading import pick

_FAILED = ("error", "could not", "did not work", "unable", "went wrong", "not allowed")
_MOST_WORDS = 60
_WORDS = {"en": chat_words_en, "es": chat_words_es}


def speak(scene: Scene, move: Move, *, results: list[tuple[str, str]]) -> str:
    """Return Cathy's reply for a move whose tools have answered."""
    words = _WORDS[scene.lang]
    parts = [_variant(words.ANSWERS.get(topic) or words.CARDS[topic], scene, topic) for topic in move.topics]
    most = longest(scene.style, _MOST_WORDS)
    if _count(parts) > most:
        parts = parts[:1]
    parts += [_variant(words.CARDS[key], scene, key) for key in _from_tools(scene, results)]
    if move.follow_up and not any("?" in part[-2:] for part in parts):
        question = _variant(_follow_ups(scene, words, move.follow_up), scene, move.follow_up)
        parts += [question] if most == _MOST_WORDS or _count([*parts, question]) <= most else []
    return " ".join(parts)


def _count(parts: list[str]) -> int:
    return sum(len(part.split()) for part in parts)


def _follow_ups(scene: Scene, words: Any, topic: str) -> tuple[str, ...]:
    wished = str(scene.style.get("phone_words") or "") if topic == "contact" else ""
    return (wished,) if wished else words.FOLLOW_UPS[topic]


def _from_tools(scene: Scene, results: list[tuple[str, str]]) -> list[str]:
    """Which card sentences the tools' answers ask for."""
    keys: list[str] = []
    for name, output in results:
        low = output.lower()
        if name == "offer_credit_check":
            keys.append(_for_check(low))
        elif name == "ask_for_contact":
            keys.append("contact_form")
        elif name == "resume_application":
            keys.append(_for_application(scene))
        elif name in {"save_phone", "save_email", "save_name"} and any(sign in low for sign in _FAILED):
            keys.append("tool_failed")
    return list(dict.fromkeys(keys))


def _for_check(output: str) -> str:
    if "phone number is needed" in output or "contact form" in output:
        return "contact_first"
    if "under way" in output:
        return "running"
    return "consent" if "agreement" in output else "tool_failed"


def _for_application(scene: Scene) -> str:
    if scene.finished:
        return "finished"
    return "step" if scene.step else "no_application"


def _short(options: Sequence[str], most: int) -> list[str]:
    """Those that keep to the wished length; the shortest where none does."""
    short = [option for option in options if len(option.split()) <= most]
    return short or [min(options, key=lambda option: len(option.split()))]


def _variant(options: tuple[str, ...], scene: Scene, topic: str) -> str:
    """One of the variants, by the conversation; one that was said in the last lines is left out if another is there."""
    ready = [option.replace("{company}", scene.company).replace("{step}", str(scene.step)) for option in options]
    ready = _short(without(ready, scene.style), longest(scene.style, _MOST_WORDS))
    recent = " ".join(scene.said[-3:])
    fresh = [option for option in ready if option not in recent]
    return pick(fresh or ready, topic, len(scene.said), scene.text)
