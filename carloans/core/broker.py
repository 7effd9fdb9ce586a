"""The broker of the embedded default: kombu's file-system transport with its races closed.

Kombu creates a message's file before it writes it, and a worker that looks in between reads nothing, fails to parse
it and ends. Here a message appears under its name only when it is whole, is claimed by one atomic rename within the
folder, and one that cannot be read is dropped: the broker is a nudge, and the sweeps find its work in the database.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

SUFFIX = ".msg"
#: How often to look again at an exchange's table that another process is just writing.
TABLE_TRIES = 20


class Channel(filesystem.Channel):  # type: ignore[misc]
    """One claim, one reader, no half-written messages."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as its parent names it
        """Write aside, then rename: the name orders the queue and shows whole messages only."""
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns()}_{uuid.uuid4().hex}.{queue}{SUFFIX}"
        draft = folder / f".{name}.draft"
        draft.write_text(dumps(payload))
        os.replace(draft, folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message of the queue. Raises Empty when there is none."""
        ending = f".{queue}{SUFFIX}"
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.endswith(ending) and not name.startswith("."):
                payload = self._take(name)
                if payload is not None:
                    return payload
        raise Empty

    def _take(self, name: str) -> Any:
        claimed = Path(self.data_folder_in) / f".{name}.{uuid.uuid4().hex}"
        try:
            os.rename(Path(self.data_folder_in) / name, claimed)
        except FileNotFoundError:
            return None
        try:
            return loads(claimed.read_text())
        except ValueError:
            logger.warning("A message of the broker could not be read; a sweep will find its work.")
            return None
        finally:
            claimed.unlink(missing_ok=True)

    def _size(self, queue: str) -> int:
        return sum(name.endswith(f".{queue}{SUFFIX}") for name in os.listdir(self.data_folder_in))

    def _purge(self, queue: str) -> int:
        names = [name for name in os.listdir(self.data_folder_in) if name.endswith(f".{queue}{SUFFIX}")]
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                (Path(self.data_folder_in) / name).unlink()
        return len(names)

    def get_table(self, exchange: str) -> Any:
        """The queues of an exchange; waits for a process that is just creating the table."""
        for _ in range(TABLE_TRIES):
            with contextlib.suppress(ValueError):
                return super().get_table(exchange)
            time.sleep(0.01)
        return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        """Add a queue to an exchange's table, written whole, so that no reader sees a part of it."""
        file: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]
        self.control_folder.mkdir(parents=True, exist_ok=True)
        wanted = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        table = self.get_table(exchange)
        if wanted in table:
            return
        draft = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
        draft.write_text(dumps([wanted, *table]))
        os.replace(draft, file)


class Transport(filesystem.Transport):  # type: ignore[misc]
    """For `broker_transport`."""

    Channel = Channel
