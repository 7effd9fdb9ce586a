"""The operations room's pages. Each view asks the rooms' selectors and renders; all of them need a staff sign-in.

`?part=…` renders one section alone: that is what a page fetches when its socket says that something happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from campaigns import selectors as campaigns
from campaigns.services import render_message
from carloans.core import audit, feed
from carloans.core.clock import utc_now
from carloans.core.errors import NotFound
from cathy import selectors as cathy
from cathy.registry import cards
from chat import reading as chat
from dashboard import figures, revealing
from leads import selectors as leads
from visitors import selectors as visitors

View = Callable[..., HttpResponse]
Words = str | Promise
PAGE = 50


def in_english(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """This room speaks one language; a browser's wish for another would mix Django's own translations in."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override("en"):
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return spoken


def staff_only(view: View) -> Callable[..., HttpResponseBase]:
    """Signed-in staff, nobody else; pages are never cached."""

    @wraps(view)
    @never_cache
    @login_required
    @in_english
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff:
            return render(request, "dashboard/no_access.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter."""

    query: str
    label: Words
    current: bool


def _chips(name: str, chosen: str, choices: Iterable[tuple[str, Words]]) -> list[Chip]:
    return [Chip(urlencode({name: value} if value else {}), label, value == chosen) for value, label in choices]


@staff_only
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
    context["chips"] = _chips("period", period, figures.PERIODS.items())
    for section in sections.values():
        context |= section()
    return render(request, "dashboard/overview.html", context)


@staff_only
@require_GET
def lead_table(request: HttpRequest) -> HttpResponse:
    """Leads, newest first; `?part=rows` renders the table alone."""
    status, search = request.GET.get("status", ""), request.GET.get("q", "").strip()
    offset = _offset(request)
    rows = leads.table(status=status, search=search, limit=PAGE, offset=offset)
    total = leads.count(status=status, search=search)
    context = {"rows": rows, "status": status, "q": search, "tab": "leads", **_pages(offset, total)}
    if request.GET.get("part"):
        return render(request, "dashboard/lead_rows.html", context)
    context["statuses"] = [name for name in leads.figures(since=utc_now()) if name != "total"]
    return render(request, "dashboard/leads.html", context)


def _offset(request: HttpRequest) -> int:
    raw = request.GET.get("offset", "0")
    return min(int(raw), 1_000_000) if raw.isascii() and raw.isdecimal() and len(raw) < 8 else 0


def _pages(offset: int, total: int) -> dict[str, Any]:
    older = offset + PAGE
    return {
        "total": total,
        "offset": offset,
        "newer": max(offset - PAGE, 0),
        "older": older,
        "has_newer": offset > 0,
        "has_older": older < total,
    }


@staff_only
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


_STATUSES: dict[str, Words] = {
    "": gettext_lazy("all"),
    "started": gettext_lazy("started"),
    "saved": gettext_lazy("saved"),
    "abandoned": gettext_lazy("abandoned"),
    "returned": gettext_lazy("returned"),
    "submitted": gettext_lazy("submitted"),
}


@staff_only
@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """Applications that moved last; `?part=rows` renders the table alone."""
    status = request.GET.get("status", "")
    context = {
        "rows": visitors.recent_applications(status=status or None, limit=PAGE),
        "status": status,
        "chips": _chips("status", status, _STATUSES.items()),
    }
    return _list(request, "dashboard/applications.html", "dashboard/application_rows.html", "applications", context)


def _list(request: HttpRequest, page: str, rows: str, tab: str, context: dict[str, Any]) -> HttpResponse:
    """A list's page, or its table alone."""
    template = rows if request.GET.get("part") else page
    return render(request, template, context | {"tab": tab, "page": PAGE})


_STATES: dict[str, Words] = {
    "": gettext_lazy("all"),
    "pending": gettext_lazy("queued"),
    "done": gettext_lazy("sent"),
    "parked": gettext_lazy("failed"),
    "cancelled": gettext_lazy("cancelled"),
}


@staff_only
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Mails, newest first; `?part=rows` renders the table alone."""
    state = request.GET.get("state", "")
    context = {
        "rows": campaigns.outbox(limit=PAGE, state=state),
        "state": state,
        "chips": _chips("state", state, _STATES.items()),
    }
    return _list(request, "dashboard/outbox.html", "dashboard/mail_rows.html", "outbox", context)


@staff_only
@require_GET
def mail(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One mail with its states and a preview, masked until somebody gives a reason."""
    line = campaigns.message_line(message_id=message_id)
    if line is None:
        raise Http404
    context = {
        "mail": line,
        "preview": _preview(request, message_id),
        "reveal_reasons": revealing.REASONS,
        "tab": "outbox",
    }
    return render(request, "dashboard/mail.html", context)


def _preview(request: HttpRequest, message_id: UUID) -> Any:
    now = utc_now()
    try:
        shown = revealing.is_revealed(request, "mail", message_id, now=now)
        return render_message(message_id, now=now, reveal=shown)
    except NotFound:
        return None


#: A mail brings its own styles; it may run nothing and load nothing.
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@staff_only
@require_GET
@xframe_options_sameorigin
def mail_body(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The mail itself, for the preview's sandboxed frame; its links open outside of it."""
    preview = _preview(request, message_id)
    if preview is None:
        raise Http404
    html = preview.html.replace("<head>", '<head><base target="_blank">', 1)
    response = HttpResponse(html)
    response["Content-Security-Policy"] = _MAIL_POLICY
    return response


def _mail_exists(subject: UUID) -> bool:
    return campaigns.message_line(message_id=subject) is not None


def _lead_exists(subject: UUID) -> bool:
    return leads.detail(lead_id=subject) is not None


_REVEALED: dict[str, Callable[[UUID], bool]] = {"mail": _mail_exists, "lead": _lead_exists}


@staff_only
@require_POST
def reveal(request: HttpRequest, kind: str, subject: UUID) -> HttpResponse:
    """Show contact data for some minutes to a person who says why; the trail keeps who, what and why."""
    if kind not in _REVEALED or not _REVEALED[kind](subject):
        raise Http404
    back = reverse(f"dashboard:{kind}", args=[subject])
    error = revealing.reveal(request, kind, subject, reason=request.POST.get("reason", ""), now=utc_now())
    if error:
        return render(request, "dashboard/refused.html", {"message": error, "back": back}, status=400)
    return HttpResponseRedirect(back)


@staff_only
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """The newest agent runs, optionally of one agent; `?part=rows` renders the table alone."""
    agent = request.GET.get("agent", "")
    names = [(card.name, card.name) for card in cards()]
    context = {
        "rows": cathy.recent_runs(agent=agent or None, limit=PAGE),
        "agent": agent,
        "chips": _chips("agent", agent, [("", _("all")), *names]),
    }
    return _list(request, "dashboard/runs.html", "dashboard/run_rows.html", "runs", context)


@staff_only
@require_GET
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One run: tools, verdicts and timings; no words of the customer."""
    found = cathy.run_detail(run_id=run_id)
    if found is None:
        raise Http404(_("There is no such run."))
    return render(request, "dashboard/run.html", {"run": found, "tab": "runs"})


_OWNERS: dict[str, Words] = {
    "": gettext_lazy("all"),
    "queue": gettext_lazy("needs a person"),
    "ai": gettext_lazy("with Cathy"),
    "human": gettext_lazy("with a person"),
    "closed": gettext_lazy("closed"),
}


@staff_only
@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    """Conversations that moved last; `?part=rows` renders the table alone."""
    owner = request.GET.get("owner", "")
    context = {
        "rows": chat.conversations(owner=owner, limit=PAGE),
        "owner": owner,
        "chips": _chips("owner", owner, _OWNERS.items()),
    }
    return _list(request, "dashboard/conversations.html", "dashboard/conversation_rows.html", "conversations", context)


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
