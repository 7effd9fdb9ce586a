"""Everything that is kept about one person, as one JSON document."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from carloans.core import rights
from carloans.core.clock import utc_now
from carloans.core.management.person import add_selectors, person_from


class Command(BaseCommand):
    help = "Write everything that is kept about a person as one JSON document. Each export is audited."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_selectors(parser)
        parser.add_argument("--output", help="A file, readable by its owner alone; without it standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        person = person_from(options, now=now)
        with self._target(options["output"]) as out:
            for piece in document(rights.export(person, actor=options["actor"], now=now), exported_at=now.isoformat()):
                out.write(piece)
            out.write("\n")

    @contextmanager
    def _target(self, path: str | None) -> Iterator[TextIO]:
        """The file, or standard output without the line breaks that Django would add to every piece."""
        if not path:
            self.stdout.ending = ""
            yield cast(TextIO, self.stdout)
            return
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}.") from error
        with open(handle, "w", encoding="utf-8") as file:
            yield file


def document(sections: Iterator[rights.Section], *, exported_at: str) -> Iterator[str]:
    """The JSON text, piece by piece, so that memory does not grow with the number of rows."""
    yield f'{{"exported_at": {json.dumps(exported_at)}, "tables": ['
    for number, section in enumerate(sections):
        head = {"room": section.room, "table": section.table, "title": str(section.title)}
        yield (",\n" if number else "\n") + json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
        for place, row in enumerate(section.rows):
            yield (",\n  " if place else "\n  ") + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield "]}"
    yield "\n]}"
