"""Conversations and their transcripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from carloans.core import feed
from cathy import selectors as cathy
from chat import reading as chat
from dashboard.views.guards import needs
from dashboard.views.lists import PAGE, Words, chips, chosen, listing

_OWNERS: dict[str, Words] = {
    "": gettext_lazy("all"),
    "queue": gettext_lazy("needs a person"),
    "ai": gettext_lazy("with Cathy"),
    "human": gettext_lazy("with a person"),
    "closed": gettext_lazy("closed"),
}


@needs("view_room")
@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    """Conversations that moved last; `?part=rows` renders the table alone."""
    owner = chosen(request, "owner", _OWNERS)
    context = {
        "rows": chat.conversations(owner=owner, limit=PAGE),
        "owner": owner,
        "chips": chips("owner", owner, _OWNERS.items()),
    }
    return listing(
        request, "dashboard/conversations.html", "dashboard/conversation_rows.html", "conversations", context
    )


@needs("view_room")
@require_GET
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One conversation as it is stored; `?part=talk` renders the transcript alone."""
    line = chat.conversation(conversation_id=conversation_id)
    if line is None:
        raise Http404
    context: dict[str, Any] = {"line": line, "talk": chat.transcript(conversation_id=conversation_id)}
    if request.GET.get("part"):
        return render(request, "dashboard/talk.html", context)
    context |= {
        "tab": "conversations",
        "events": feed.about(visitor=line.visitor_id, conversation=conversation_id),
        "runs": cathy.recent_runs(conversation=conversation_id, limit=20),
    }
    return render(request, "dashboard/conversation.html", context)
