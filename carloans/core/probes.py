"""Alive, ready, measured: what a platform asks of a running process."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from carloans.core import rotation
from carloans.core.clock import utc_now
from carloans.core.context import provider_modes
from carloans.core.models import Heartbeat
from carloans.core.privacy.index import blind_index


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers."""
    return JsonResponse({"status": "ok"})


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis() -> None:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        client.ping()
    finally:
        client.close()


def _probe(check: Callable[[], None]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        check()
    except Exception as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True, "ms": round((time.perf_counter() - started) * 1000, 1)}


def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: each dependency's state; 503 while one of them fails. Says which providers are simulated."""
    checks = {"database": _probe(_database), "keys": _probe(rotation.readable)}
    checks |= {"redis": _probe(_redis)} if settings.REDIS_URL else {}
    ready = all(entry["ok"] for entry in checks.values())
    if checks["database"]["ok"]:
        checks["worker"] = _worker(utc_now())
    body = {
        "status": "ready" if ready else "not ready",
        "checks": checks,
        "providers": provider_modes(),
        "instance": instance(),
    }
    return JsonResponse(body, status=200 if ready else 503)


def _worker(now: datetime) -> dict[str, Any]:
    """The worker's last sign of life. It does not decide whether this process is ready."""
    last = Heartbeat.objects.filter(process="worker").values_list("at", flat=True).first()
    age = round((now - last).total_seconds(), 1) if last else None
    return {"ok": age is not None and age < max(30.0, settings.SWEEP_SECONDS * 4), "age_seconds": age}


def instance() -> str:
    """Which installation this is: equal for every process with the same database and keys, and says nothing else."""
    return blind_index("instance", str(settings.DATABASES["default"]["NAME"]) + settings.DATABASE_URL)[:16]


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; no personal data in any label."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
