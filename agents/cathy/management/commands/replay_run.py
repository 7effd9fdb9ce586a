"""`replay_run ID`: play a recorded agent run again and tell what came out otherwise."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cathy.engine.replay import NotReplayable, Replay, replay


class Command(BaseCommand):
    """Exit status 0 when nothing differs, 1 when something does or the run cannot be played."""

    help = "Play a recorded agent run again, with its tools' recorded answers, and show what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=UUID, metavar="ID", help="the run's id, as the operations room shows it")
        parser.add_argument("--model", action="store_true", help="ask the configured model anew")
        parser.add_argument("--json", action="store_true", help="print the whole comparison as JSON")

    def handle(self, *args: Any, run: UUID, model: bool, json: bool, **options: Any) -> None:
        try:
            done = async_to_sync(replay)(run_id=run, with_model=model)
        except NotReplayable as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(_as_json(done) if json else _as_text(done))
        if not done.same:
            raise SystemExit(1)


def _as_json(done: Replay) -> str:
    said = {"run": str(done.run_id), "same": done.same, **asdict(done)}
    del said["run_id"]
    return json.dumps(said, ensure_ascii=False, indent=2, default=str)


def _as_text(done: Replay) -> str:
    lines = [f"{done.agent}, {done.mode}, {done.model}: {'the same' if done.same else 'different'}"]
    for one in done.differences:
        lines += [f"  {one.what}", f"    recorded: {one.recorded}", f"    replayed: {one.replayed}"]
    return "\n".join([*lines, *(f"  note: {note}" for note in done.notes)])
