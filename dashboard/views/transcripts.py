"""A conversation on paper: who said what and when. Notes of staff are not part of it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carloans.core import audit
from carloans.core.clock import utc_now
from chat import inbox as chat
from dashboard import revealing
from dashboard.views.guards import needs
from visitors import selectors as visitors


@needs("work_conversations")
@require_GET
def print_page(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The transcript as a page of its own to print; contact data stays masked unless it is revealed to this person."""
    now = utc_now()
    line = chat.line(conversation_id=conversation_id, now=now)
    if line is None:
        raise Http404
    revealed = revealing.is_revealed(request, "conversation", conversation_id, now=now)
    contact = visitors.visitor_contact(visitor_id=line.visitor_id)
    audit.record(
        action="conversation.printed",
        actor=f"staff:{request.user.pk}",
        subject=f"conversation:{conversation_id}",
        now=now,
        facts={"revealed": revealed},
    )
    context = {
        "line": line,
        "now": now,
        "company": contact.company_name,
        "customer": f"{contact.first_name} {contact.last_name}".strip() if revealed else "",
        "talk": chat.talk(conversation_id=conversation_id, reveal=revealed),
    }
    return render(request, "dashboard/transcript.html", context)
