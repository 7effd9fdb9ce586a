"""Leads: the table and one lead."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carloans.core import audit, feed
from carloans.core.clock import utc_now
from cathy import selectors as cathy
from dashboard import revealing
from dashboard.views.guards import needs
from dashboard.views.lists import PAGE, chosen, offset_of, pages
from leads import selectors as leads
from visitors import selectors as visitors


@needs("view_room")
@require_GET
def lead_table(request: HttpRequest) -> HttpResponse:
    """Leads, newest first; `?part=rows` renders the table alone."""
    statuses = leads.statuses()
    status, search = chosen(request, "status", statuses), request.GET.get("q", "").strip()
    offset = offset_of(request)
    rows = leads.table(status=status, search=search, limit=PAGE, offset=offset)
    total = leads.count(status=status, search=search)
    context = {
        "rows": rows,
        "status": status,
        "q": search,
        "tab": "leads",
        "statuses": statuses,
        **pages(offset, total),
    }
    if request.GET.get("part"):
        return render(request, "dashboard/lead_rows.html", context)
    return render(request, "dashboard/leads.html", context)


@needs("view_room")
@require_GET
def lead_detail(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """One lead: its words, its way to the dealer, its history and the runs behind it."""
    lead = leads.detail(lead_id=lead_id)
    if lead is None:
        raise Http404
    shown = revealing.is_revealed(request, "lead", lead_id, now=utc_now())
    application, conversation_id = lead["application_id"], lead["conversation_id"]
    refs = {"visitor": lead["visitor_id"], "application": application, "conversation": conversation_id}
    context = {
        "lead": lead,
        "tab": "leads",
        "contact": visitors.visitor_contact(visitor_id=lead["visitor_id"]) if shown else None,
        "reveal_reasons": revealing.REASONS,
        "events": feed.about(lead=lead_id, **refs),
        "trail": audit.about(f"lead:{lead_id}"),
        "runs": cathy.recent_runs(application=application, limit=20) if application else [],
    }
    return render(request, "dashboard/lead.html", context)
