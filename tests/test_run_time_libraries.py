"""The program starts with the libraries that it is installed with, and without those of its developers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ONLY_DEVELOPERS_HAVE = ("django_stubs_ext", "mypy", "pytest", "rest_framework_stubs")
_START = f"""
import sys
sys.path[:0] = [".", "agents"]
sys.modules.update(dict.fromkeys({_ONLY_DEVELOPERS_HAVE!r}))
import django
django.setup()
"""


def test_the_program_starts_without_the_developers_libraries() -> None:
    root = Path(__file__).parents[1]
    started = subprocess.run([sys.executable, "-c", _START], cwd=root, capture_output=True, text=True, timeout=600)
    assert started.returncode == 0, started.stderr
