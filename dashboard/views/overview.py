"""The first page: figures, funnel, agents and the feed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carloans.core import feed
from carloans.core.clock import utc_now
from cathy import selectors as cathy
from dashboard import figures
from dashboard.views.guards import needs
from dashboard.views.lists import chips


@needs("view_room")
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Figures, funnel, agents and the feed. Parts: figures, flow, agents, feed."""
    now, part = utc_now(), request.GET.get("part", "")
    period = request.GET.get("period", "")
    period = period if period in figures.PERIODS else "today"
    since = figures.since_of(period, now)
    sections: dict[str, Callable[[], dict[str, Any]]] = {
        "figures": lambda: figures.headline(since=since, now=now),
        "flow": lambda: figures.flow(since=since, now=now),
        "agents": lambda: {"agents": cathy.agent_states(now=now)},
        "feed": lambda: {"events": feed.recent()},
    }
    context = {"now": now, "tab": "overview", "period": period}
    if part in sections:
        return render(request, f"dashboard/{part}.html", context | sections[part]())
    context["chips"] = chips("period", period, figures.PERIODS.items())
    for section in sections.values():
        context |= section()
    return render(request, "dashboard/overview.html", context)
