"""The chat with every durable write beside bare echoes and Chainlit's, in one run on one machine.

`python manage.py bench chat` (`make bench`). Per server and number of sockets: milliseconds (p50, p95, p99), turns a
second, the server's own milliseconds of work for each turn, and memory for each idle socket. Our turn has every durable
write, the guardrails and the simulated model; the echoes have nothing. Chainlit runs in an interpreter of its own
(CHAINLIT_PYTHON), because its pins are not ours.

BENCH_SECONDS is the length of each measurement, BENCH_SOCKETS the numbers of sockets, BENCH_WEB the number of web
processes of ours and of the echoes (one for each core, as they would be run). Server, load, PostgreSQL and Redis share
the machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from chat.bench import servers
from chat.bench.servers import Environment, Server

_HERE = Path(__file__).resolve().parent
#: Questions a second at 1,000 sockets, as a busy site sees them.
RATE = 20
NO_CHAINLIT = (
    "not measured: python -m venv V; V/bin/pip install -r requirements-bench-chainlit.txt; "
    "then set CHAINLIT_PYTHON=V/bin/python"
)
TARGETS = {
    "first_text_p50_ms_at_1_socket": 25,
    "first_text_p50_ms_at_1000_sockets_and_20_turns_per_second": 40,
    "first_text_p99_ms_at_1000_sockets_and_20_turns_per_second": 250,
    "turns_per_second": 100,
    "idle_socket_kb_over_bare": 60,
}


def prepare() -> None:
    """Make the site that the bench talks to; runs in the server's environment, after the migrations."""
    from visitors import services

    services.ensure_site(key="bench", name="Bench", company_name="Car Loans", origins=[], is_demo=True)


def measure() -> dict[str, Any]:
    """All figures of one run. Raises RuntimeError when a server does not start."""
    found: dict[str, Any] = {"mode": "simulated", "load_before": _load()}
    with tempfile.TemporaryDirectory() as data_dir:
        made = servers.environment(data_dir)
        with servers.own_database(made):
            servers.prepare(made)
            found["database"] = "postgresql" if "postgres" in made.get("DATABASE_URL", "") else "sqlite"
            found["redis"] = bool(made.get("REDIS_URL"))
            found |= _ours(made)
        found["chainlit_echo"] = _chainlit(data_dir)
    return found | {"load_after": _load(), "ratios": _ratios(found), "targets": TARGETS}


def _load() -> float:
    return round(os.getloadavg()[0], 2)


def _ours(made: Environment) -> dict[str, Any]:
    web = int(os.environ.get("BENCH_WEB", "0")) or os.cpu_count() or 1
    with servers.daphne("carloans.asgi:application", made, web) as server:
        chat = _series(server, {"kind": "chat"})
    with servers.daphne("chat.bench.echo:application", made, web) as server:
        bare = _series(server, {"kind": "echo", "path": "/ws/chat/"})
        stored = _series(server, {"kind": "echo", "path": "/ws/stored/"})
    return {"web_processes": web, "chat": chat, "channels_echo": bare, "channels_echo_one_insert": stored}


def _series(server: Server, plan: dict[str, Any], command: list[str] | None = None) -> list[dict[str, Any]]:
    """At each number of sockets as fast as it goes; at the greatest also at a fixed rate."""
    sockets = [int(number) for number in os.environ.get("BENCH_SOCKETS", "1,100,1000").split(",")]
    seconds = float(os.environ.get("BENCH_SECONDS", "8"))
    plans = [{"sockets": number, "rate": 0} for number in sockets]
    if max(sockets) > 1:
        plans.append({"sockets": max(sockets), "rate": RATE})
    whole = {**plan, "ports": server.ports, "seconds": seconds}
    return [_run(server, {**whole, **one}, command or [sys.executable, "-m", "chat.bench.talking"]) for one in plans]


def _run(server: Server, plan: dict[str, Any], command: list[str]) -> dict[str, Any]:
    before = server.memory_kb()
    with subprocess.Popen(  # noqa: S603
        [*command, json.dumps(plan)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=servers.ROOT
    ) as load:
        assert load.stdin is not None  # noqa: S101  both are pipes
        assert load.stdout is not None  # noqa: S101
        if load.stdout.readline().strip() != "connected":
            raise RuntimeError("The load could not connect.")
        idle = (server.memory_kb() - before) / plan["sockets"]
        load.stdin.write("go\n")
        load.stdin.flush()
        load.stdout.readline()
        worked = server.cpu_seconds()
        figures: dict[str, Any] = json.loads(load.stdout.readline())
        worked = server.cpu_seconds() - worked
    answered = figures["asked"] - figures["lost"]
    shown = {"rate": plan["rate"] or "as fast as it goes", **figures, "load": _load()}
    shown |= {"server_cpu_ms": round(worked / answered * 1000, 2)} if answered else {}
    # A few sockets do not move resident memory by a page that could be told from noise.
    return shown | ({"idle_socket_kb": round(idle, 1)} if plan["sockets"] >= 100 else {})


def _chainlit(data_dir: str) -> Any:
    python = os.environ.get("CHAINLIT_PYTHON", "")
    if not python:
        return NO_CHAINLIT
    port = servers.free_port()
    app = str(_HERE / "chainlit_app.py")
    command = [python, "-m", "chainlit", "run", app, "--headless", "--port", str(port), "--host", "127.0.0.1"]
    # With a database in its environment it would store, which is not what it is measured for.
    made = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PYTHONPATH"}}
    made["CHAINLIT_APP_ROOT"] = data_dir
    with servers.running(command, made, port, Path(data_dir)) as process:
        load = [python, str(_HERE / "chainlit_talking.py")]
        return _series(Server([port], [process]), {"kind": "chainlit"}, load)


def _ratios(found: dict[str, Any]) -> dict[str, Any]:
    """Ours against each floor of the same run, at the same number of sockets; above 1 is slower, or more."""
    return {
        name: _compared(found["chat"], found[name])
        for name in ("channels_echo", "channels_echo_one_insert", "chainlit_echo")
        if isinstance(found[name], list)
    }


def _compared(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_pair(one, other) for one, other in zip(ours, theirs, strict=True)]


def _pair(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    figures: dict[str, Any] = {"sockets": one["sockets"], "rate": one["rate"]}
    mine, floor = one.get("first_text_ms", {}).get("p50"), other.get("echo_ms", {}).get("p50")
    if mine and floor:
        figures["first_text_p50"] = round(mine / floor, 2)
    if other["turns_per_second"]:
        figures["turns_per_second"] = round(one["turns_per_second"] / other["turns_per_second"], 2)
    if "idle_socket_kb" in one and "idle_socket_kb" in other:
        figures["idle_socket_kb_more"] = round(one["idle_socket_kb"] - other["idle_socket_kb"], 1)
    return figures
