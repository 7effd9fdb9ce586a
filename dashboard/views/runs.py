"""Agent runs."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from carloans.core.errors import CarLoansError
from cathy import selectors as cathy
from cathy.engine import mode
from cathy.engine.replay import COMPARED, replay
from cathy.prompts import reading as prompts
from cathy.registry import cards
from cathy.simulation.contract import item_text
from dashboard.views.guards import needs, slow_down
from dashboard.views.lists import PAGE, chips, chosen, listing


@needs("view_room")
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """The newest agent runs, optionally of one agent; `?part=rows` renders the table alone."""
    names = [(card.name, card.name) for card in cards()]
    agent = chosen(request, "agent", dict(names))
    context = {
        "rows": cathy.recent_runs(agent=agent or None, limit=PAGE),
        "agent": agent,
        "chips": chips("agent", agent, [("", _("all")), *names]),
    }
    return listing(request, "dashboard/runs.html", "dashboard/run_rows.html", "runs", context)


@needs("view_room")
@require_GET
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One run: what the model was told, given and answered, with placeholders; tools, verdicts and timings."""
    found = cathy.run_detail(run_id=run_id)
    if found is None:
        raise Http404(_("There is no such run."))
    context = {
        "run": found,
        "tab": "runs",
        "number": prompts.number_of(version_id=found.prompt) if found.prompt else None,
        "turns": [_turn(item) for item in _items(found.recording)],
        "may_replay": request.user.has_perm("dashboard.edit_prompts") and bool(found.recording),
        "mode": mode(),
    }
    return render(request, "dashboard/run.html", context)


def _items(recording: dict[str, Any]) -> list[Any]:
    given = recording.get("given")
    return given if isinstance(given, list) else [{"role": "input", "content": given}] if given else []


def _turn(item: dict[str, Any]) -> tuple[str, str]:
    """Who, and the words, of one item that the model was given."""
    return str(item.get("role") or item.get("type") or ""), item_text(item) or json.dumps(item, ensure_ascii=False)


@needs("edit_prompts")
@require_POST
def replay_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Play a run again: with what its model answered, or by asking the model anew; no tool acts."""
    back = reverse("dashboard:run", args=[run_id])
    with_model = request.POST.get("with") == "model"
    try:
        if with_model:
            slow_down(request, "replay")
        done = async_to_sync(replay)(run_id=run_id, with_model=with_model)
    except CarLoansError as refusal:
        context = {"message": refusal.message, "back": back}
        return render(request, "dashboard/refused.html", context, status=refusal.status)
    beside = [
        (what, done.recorded[what], done.replayed[what], done.recorded[what] == done.replayed[what])
        for what in COMPARED
    ]
    return render(request, "dashboard/replay.html", {"replay": done, "beside": beside, "back": back, "tab": "runs"})
