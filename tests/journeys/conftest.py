"""A running house and a browser for the ten journeys. Rows are read in this process, from the same database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.journeys.customer import Customer

ROOT = Path(__file__).resolve().parents[2]
#: Kept for whoever wants to look; CI uploads the folder.
ARTEFACTS = ROOT / "artefacts" / "journeys"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="package")
def web(django_db_setup: None) -> Iterator[str]:
    """The address of a web process over the test database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = _start(port)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture
def house(web: str, transactional_db: None, settings: Any) -> str:
    """The same with the demo's site, campaign and dealer; each journey begins in a clean house."""
    settings.PUBLIC_URL, settings.SANDBOX_URL = web, f"{web}/sandbox"
    call_command("seed_demo", verbosity=0)
    return web


def _start(port: int) -> subprocess.Popen[bytes]:
    base = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "carloans.settings_testing",
        "JOURNEYS_DATABASE": str(connection.settings_dict["NAME"]),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'agents'}",
        "PORT": str(port),
        "PUBLIC_URL": base,
        "SANDBOX_URL": f"{base}/sandbox",
    }
    command = [
        sys.executable,
        "-m",
        "daphne",
        "-v",
        "0",
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        "tests.journeys.house:application",
    ]
    return subprocess.Popen(command, env=environment, cwd=ROOT)


def _wait_for(port: int, web: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and web.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the web process did not start")


#: A shared machine may be slow; a journey waits, and only the sum of all is held to a time.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread; the ORM calls of the tests around it are synchronous all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_context(chromium: Browser, house: str) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts on the house's pages, whose scripts may fail in nothing."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def make(**options: Any) -> BrowserContext:
        usual = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US", "timezone_id": "America/Chicago"}
        context = chromium.new_context(base_url=house, **usual | options)
        context.set_default_timeout(20_000)
        context.on("weberror", lambda error: troubles.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def dana(house: str) -> int:
    """The id of a member of staff."""
    user, _ = get_user_model().objects.get_or_create(username="dana", defaults={"first_name": "Dana"})
    return int(user.pk)


@pytest.fixture
def customer(new_context: Callable[..., BrowserContext], request: pytest.FixtureRequest) -> Callable[..., Customer]:
    """`customer(context=None, path="/", **options)`: somebody on the application page, with a folder for pictures."""
    shots = ARTEFACTS / request.node.name.removeprefix("test_")

    def arrive(context: BrowserContext | None = None, *, path: str = "/", **options: Any) -> Customer:
        page = (context or new_context(**options)).new_page()
        page.goto(path)
        return Customer(page=page, shots=shots)

    return arrive
