"""How much the widget weighs, and how soon its opened window is painted, beside a peer's.

The page and the scripts come from a server of the bench on this machine, as the program serves them: minified, gzipped,
to be cached for a minute. No chat answers: the window is painted before it is connected.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from chat import weight

ROUNDS = 20
TARGET_MS = 100
PEER = "chainlit==2.12.0"
_PAGE = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title><h1>A page</h1>
<script src="/embed.js" data-site="bench" async></script></html>"""
#: From the press to the frame in which the window stands on the screen.
_OPEN = """() => new Promise((done) => {
  const button = document.querySelector("[data-car-loans-launcher]").shadowRoot.querySelector("button");
  const start = performance.now();
  const look = () => {
    const panel = document.querySelector("[data-car-loans-chat]")?.shadowRoot.querySelector(".panel:not([hidden])");
    if (panel?.offsetHeight) requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    else requestAnimationFrame(look);
  };
  button.click();
  look();
})"""


def measure() -> dict[str, Any]:
    """Bytes gzipped, milliseconds from the press to the first paint, and the peer's bytes."""
    return {
        "gzipped_bytes": weight.figures(),
        "target_bytes": {"launcher": weight.MOST_LAUNCHER, "widget": weight.MOST_WIDGET},
        "first_paint_ms": _first_paint(),
        "target_first_paint_ms": TARGET_MS,
        "peer": {"name": f"{PEER}, its copilot", "gzipped_bytes": _peer_bytes()},
    }


@cache
def _served() -> frozenset[str]:
    return frozenset({*weight.scripts(), weight.TRACKER})


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == "/":
            self._answer(_PAGE, "text/html")
            return
        name = "visitors/embed.js" if path == "/embed.js" else path.removeprefix("/static/")
        if name in _served():
            self._answer(Path(str(finders.find(name))).read_bytes(), "text/javascript")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _answer(self, body: bytes, kind: str) -> None:
        zipped = gzip.compress(body)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(zipped)))
        self.send_header("Cache-Control", "max-age=60")
        self.end_headers()
        self.wfile.write(zipped)

    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def _serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


def _first_paint() -> dict[str, float] | str:
    browser = shutil.which("chromium")
    if not browser or not find_spec("playwright"):
        return "not measured: needs Chromium and Playwright"
    from playwright.sync_api import sync_playwright

    with _serving() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page()
        waited = []
        for _ in range(ROUNDS + 1):
            page.goto(address)
            page.wait_for_selector("[data-car-loans-launcher]", state="attached")
            waited.append(float(page.evaluate(_OPEN)))
        chromium.close()
    # The first visit fills the cache.
    ordered = sorted(waited[1:])
    return {"p50": round(ordered[ROUNDS // 2], 1), "p95": round(ordered[int(ROUNDS * 0.95) - 1], 1)}


def _peer_bytes() -> int | str:
    """Of the scripts and styles in its wheel, each gzipped as a server would send it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--only-binary",
            ":all:",
            "-d",
            folder,
            PEER,
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=180)  # noqa: S603
        except (subprocess.SubprocessError, OSError):
            return "not measured: the wheel could not be downloaded"
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            names = [name for name in wheel.namelist() if "/copilot/" in name and name.endswith((".js", ".css"))]
            return sum(len(gzip.compress(wheel.read(name), 9)) for name in names)
