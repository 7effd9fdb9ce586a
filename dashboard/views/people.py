"""What is recorded about a person, a lead or a conversation, in one ordered list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from carloans.core.clock import utc_now
from dashboard import timeline
from dashboard.views.guards import needs
from visitors import selectors as visitors
from visitors.errors import UnknownVisitor


@needs("view_audit")
@require_GET
def person(request: HttpRequest, visitor_id: UUID) -> HttpResponse:
    """Everything about a person: every browser with the same address on the same site. No contact data."""
    try:
        facts = visitors.visitor_facts(visitor_id=visitor_id)
    except UnknownVisitor as error:
        raise Http404 from error
    about = timeline.about_person(visitor_id=visitor_id, now=utc_now())
    more = {"facts": facts, "about": about, "visitor_id": visitor_id}
    return _page(request, about, tab="audit", title=_("Person"), id=visitor_id, **more)


@needs("view_audit")
@require_GET
def lead_timeline(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """Everything about a lead."""
    about = timeline.about_lead(lead_id=lead_id)
    back = reverse("dashboard:lead", args=[lead_id])
    return _page(request, about, tab="leads", title=_("Lead"), id=lead_id, back=back)


@needs("view_audit")
@require_GET
def conversation_timeline(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Everything about a conversation."""
    about = timeline.about_conversation(conversation_id=conversation_id)
    back = reverse("dashboard:conversation", args=[conversation_id])
    return _page(request, about, tab="conversations", title=_("Conversation"), id=conversation_id, back=back)


def _page(request: HttpRequest, found: timeline.About | None, **context: Any) -> HttpResponse:
    if found is None:
        raise Http404
    shown = timeline.lines(found)
    return render(
        request, "dashboard/timeline.html", context | {"lines": shown, "is_cut": len(shown) == timeline.LINES}
    )
