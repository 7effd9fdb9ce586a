"""The scripts of customers' pages are sent small; their sources stay as they are."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from carloans.core import minifying

SOURCES = Path(settings.BASE_DIR) / "chat" / "static"


def served(path: str) -> Path:
    return Path(str(finders.find(path)))


def test_a_script_of_the_chat_is_found_small_and_other_files_as_they_are() -> None:
    source, copy = SOURCES / "chat/widget/panel.js", served("chat/widget/panel.js")
    assert copy.is_relative_to(settings.MINIFIED_ROOT)
    assert copy.stat().st_size < source.stat().st_size
    assert "/**" in source.read_text()
    assert "/**" not in copy.read_text()
    assert gzip.decompress(copy.with_name("panel.js.gz").read_bytes()) == copy.read_bytes()
    assert not served("visitors/visitors.css").is_relative_to(settings.MINIFIED_ROOT)


def test_a_browser_gets_the_gzipped_copy(client: Client) -> None:
    answer = client.get("/static/chat/widget/panel.js", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(answer)) == served("chat/widget/panel.js").read_bytes()


def test_a_changed_source_makes_a_new_copy(tmp_path: Path) -> None:
    source = tmp_path / "source.js"
    source.write_text("// one\nlet a = 1;\n")
    first = minifying.up_to_date_copy("chat/widget/test-only.js", source)
    assert first.read_text().strip() == "let a=1;"
    source.write_text("let a = 2;\n")
    os.utime(source, ns=(1, 1))
    assert minifying.up_to_date_copy("chat/widget/test-only.js", source).read_text().strip() == "let a=2;"


def test_collected_files_hold_the_small_copy(tmp_path: Path, settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=1)
    assert (tmp_path / "chat/widget/panel.js").read_bytes() == served("chat/widget/panel.js").read_bytes()
    assert "'chat/" not in capsys.readouterr().out
