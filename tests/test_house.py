"""The house itself: the SDK's name is free, the layers hold, the schedule is whole, documentation tells the truth."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_import_agents_is_the_sdk():
    import agents

    assert hasattr(agents, "Runner")
    assert "site-packages" in str(agents.__file__)


def test_the_layers_hold():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        env={
            "PATH": "",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'agents'}",
            "DJANGO_SETTINGS_MODULE": "carloans.settings_testing",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_models_are_imported_in_their_own_app_alone():
    apps = ("cathy", "visitors", "campaigns", "credit", "chat", "leads")
    wrong = []
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).parts
        if parts[0] in {".venv", "var"} or "tests" in parts:
            continue
        own = parts[1] if parts[0] == "agents" else parts[0]
        for app in re.findall(r"^\s*from (\w+)\.models", path.read_text(), flags=re.MULTILINE):
            if app in apps and app != own:
                wrong.append(f"{path.relative_to(ROOT)} imports {app}.models")
    assert wrong == []


def test_every_room_schedules_its_sweeps_under_its_own_name():
    from carloans.celery import app, collect_schedule

    app.loader.import_default_modules()
    schedule = collect_schedule()
    assert schedule
    assert {entry["task"] for entry in schedule.values()} <= set(app.tasks)
