"""The outbox: mails, one mail, and its preview."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from campaigns import selectors as campaigns
from campaigns.services import render_message
from carloans.core.clock import utc_now
from carloans.core.errors import NotFound
from dashboard import revealing
from dashboard.views.guards import needs
from dashboard.views.lists import PAGE, Words, chips, chosen, listing

_STATES: dict[str, Words] = {
    "": gettext_lazy("all"),
    "pending": gettext_lazy("queued"),
    "done": gettext_lazy("sent"),
    "parked": gettext_lazy("failed"),
    "cancelled": gettext_lazy("cancelled"),
}


@needs("view_room")
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Mails, newest first; `?part=rows` renders the table alone."""
    state = chosen(request, "state", _STATES)
    context = {
        "rows": campaigns.outbox(limit=PAGE, state=state),
        "state": state,
        "chips": chips("state", state, _STATES.items()),
    }
    return listing(request, "dashboard/outbox.html", "dashboard/mail_rows.html", "outbox", context)


@needs("view_room")
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


@needs("view_room")
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
