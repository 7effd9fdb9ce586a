"""`converse`: talk to Cathy in the terminal, or give her customers' turns as JSON lines. No server is needed."""

from __future__ import annotations

from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandParser

from carloans.core.jsonl import run_filter, text_of
from chat.rehearsal import Answer, Rehearsal


class Command(BaseCommand):
    help = "Talk to Cathy. With --jsonl, one customer turn per line in, one answer per line out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lang", choices=["en", "es"], default="en")
        parser.add_argument("--jsonl", action="store_true", help='lines of {"id","text","session"?}')

    def handle(self, *args: Any, lang: str, jsonl: bool, **options: Any) -> None:
        with Rehearsal(lang) as rehearsal:
            if not jsonl:
                self._terminal(rehearsal)
                return
            sessions = _Sessions(rehearsal)
            if run_filter(sessions.answer, target=cast(TextIO, self.stdout)):
                raise SystemExit(1)

    def _terminal(self, rehearsal: Rehearsal) -> None:
        self.stdout.write(f"Cathy: {rehearsal.greeting}")
        self.stdout.write("(an empty line ends the conversation)")
        while text := _ask():
            answer = rehearsal.say(text)
            for line in answer.lines:
                self.stdout.write(line)
            self.stdout.write(f"       [{', '.join(answer.tools) or 'no tools'}; owner: {answer.owner}]")


def _ask() -> str:
    try:
        return input("You: ").strip()
    except EOFError:
        return ""


class _Sessions:
    """A line with a session that differs from the line before starts afresh."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._session: Any = None
        self._begun = False

    def answer(self, record: dict[str, Any]) -> dict[str, Any]:
        text = text_of(record)
        session = record.get("session", self._session)
        if self._begun and session != self._session:
            self._rehearsal.restart()
        self._session, self._begun = session, True
        return _line(self._rehearsal.say(text))


def _line(answer: Answer) -> dict[str, Any]:
    return {
        "text": answer.text,
        "intent": answer.intent,
        "slots": answer.slots,
        "tools": answer.tools,
        "owner": answer.owner,
        "blocked": answer.blocked,
    }
