"""The operations room's pages. Each view makes one call for its data and renders; all of them need a staff sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns import selectors as campaigns
from campaigns.services import render_message
from carloans.core import audit, feed
from carloans.core.clock import utc_now
from carloans.core.errors import NotFound
from cathy import selectors as cathy
from chat import reading as chat
from dashboard import figures, revealing
from leads import selectors as leads
from visitors import selectors as visitors

View = Callable[..., HttpResponse]
PAGE = 50


def staff_only(view: View) -> View:
    """Signed-in staff, nobody else; pages are never cached."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@staff_only
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Figures, agents and the feed. `?part=figures|agents` renders that section alone, for live updates."""
    now = utc_now()
    part = request.GET.get("part", "")
    template = {"figures": "dashboard/figures.html", "agents": "dashboard/agents.html"}.get(part)
    context: dict[str, Any] = {"now": now, "tab": "overview"}
    if part != "agents":
        context |= figures.overview(period=request.GET.get("period", "today"), now=now)
    if part != "figures":
        context["agents"] = cathy.agent_states(now=now)
    if not template:
        context["events"] = feed.recent()
    return render(request, template or "dashboard/overview.html", context)


@staff_only
@require_GET
def lead_table(request: HttpRequest) -> HttpResponse:
    """Leads, newest first; `?part=rows` renders the table alone."""
    status, search = request.GET.get("status", ""), request.GET.get("q", "").strip()
    offset = _offset(request)
    rows = leads.table(status=status, search=search, limit=PAGE, offset=offset)
    total = leads.count(status=status, search=search)
    context = {"rows": rows, "status": status, "q": search, "tab": "leads", **_pages(offset, total)}
    context["statuses"] = [name for name in leads.figures(since=utc_now()) if name != "total"]
    template = "dashboard/lead_rows.html" if request.GET.get("part") else "dashboard/leads.html"
    return render(request, template, context)


def _offset(request: HttpRequest) -> int:
    raw = request.GET.get("offset", "0")
    return min(int(raw), 1_000_000) if raw.isascii() and raw.isdecimal() and len(raw) < 8 else 0


def _pages(offset: int, total: int) -> dict[str, Any]:
    newer = max(offset - PAGE, 0) if offset else None
    older = offset + PAGE if offset + PAGE < total else None
    return {"total": total, "newer": newer, "older": older, "has_newer": offset > 0, "has_older": older is not None}


@staff_only
@require_GET
def lead_detail(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """One lead: its words, its way to the dealer, its history and the runs behind it."""
    lead = leads.detail(lead_id=lead_id)
    if lead is None:
        raise Http404
    context = {
        "lead": lead,
        "tab": "leads",
        "contact": revealing.revealed_contact(request, lead["visitor_id"]),
        "events": feed.about(
            visitor=lead["visitor_id"], application=lead["application_id"], lead=lead_id,
            conversation=lead["conversation_id"],
        ),
        "trail": audit.about(f"lead:{lead_id}"),
        "runs": cathy.recent_runs(application=lead["application_id"], limit=20) if lead["application_id"] else [],
    }  # fmt: skip
    return render(request, "dashboard/lead.html", context)


@staff_only
@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """Applications that moved last."""
    status = request.GET.get("status", "")
    rows = visitors.recent_applications(status=status or None)
    return render(request, "dashboard/applications.html", {"rows": rows, "status": status, "tab": "applications"})


@staff_only
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Mails, newest first; `?part=rows` renders the table alone."""
    rows = campaigns.outbox(limit=PAGE)
    template = "dashboard/mail_rows.html" if request.GET.get("part") else "dashboard/outbox.html"
    return render(request, template, {"rows": rows, "tab": "outbox"})


@staff_only
@require_GET
def mail(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One mail with its states and a preview, masked until somebody gives a reason."""
    line = campaigns.message_line(message_id=message_id)
    if line is None:
        raise Http404
    preview = _preview(request, message_id)
    context = {"mail": line, "preview": preview, "tab": "outbox"}
    return render(request, "dashboard/mail.html", context)


def _preview(request: HttpRequest, message_id: UUID) -> Any:
    try:
        return render_message(
            message_id, now=utc_now(), reveal=revealing.is_revealed(request, "mail", message_id)
        )
    except NotFound:
        return None


#: A mail brings its own styles; it may run nothing and load nothing.
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@staff_only
@require_GET
def mail_body(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The mail itself, for the preview's sandboxed frame; its links open outside of it."""
    preview = _preview(request, message_id)
    if preview is None:
        raise Http404
    html = preview.html.replace("<head>", '<head><base target="_blank">', 1)
    response = HttpResponse(html)
    response["Content-Security-Policy"] = _MAIL_POLICY
    return response


@staff_only
@require_POST
def reveal(request: HttpRequest, kind: str, subject: UUID) -> HttpResponse:
    """Show contact data for some minutes to a person who says why; the trail keeps who, what and why."""
    pages = {"mail": "mail", "lead": "lead"}
    if kind not in pages:
        raise Http404
    error = revealing.reveal(request, kind, subject, reason=request.POST.get("reason", ""), now=utc_now())
    if error:
        return render(request, "dashboard/refused.html", {"message": error}, status=400)
    return HttpResponseRedirect(reverse(f"dashboard:{pages[kind]}", args=[subject]))


@staff_only
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """The newest agent runs, optionally of one agent."""
    agent = request.GET.get("agent", "")
    context = {"rows": cathy.recent_runs(agent=agent or None, limit=PAGE), "agent": agent, "tab": "runs"}
    return render(request, "dashboard/runs.html", context)


@staff_only
@require_GET
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One run: tools, verdicts and timings; no words of the customer."""
    found = cathy.run_detail(run_id=run_id)
    if found is None:
        raise Http404(_("There is no such run."))
    return render(request, "dashboard/run.html", {"run": found, "tab": "runs"})


@staff_only
@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    """Conversations that moved last; `?part=rows` renders the table alone."""
    owner = request.GET.get("owner", "")
    context = {"rows": chat.conversations(owner=owner), "owner": owner, "tab": "conversations"}
    template = "dashboard/conversation_rows.html" if request.GET.get("part") else "dashboard/conversations.html"
    return render(request, template, context)


@staff_only
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
