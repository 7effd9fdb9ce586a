"""Showing contact data for a reason."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns import selectors as campaigns
from carloans.core.clock import utc_now
from chat import inbox as chat
from dashboard import revealing
from dashboard.views.guards import needs
from leads import selectors as leads


def _mail_exists(subject: UUID) -> bool:
    return campaigns.message_line(message_id=subject) is not None


def _lead_exists(subject: UUID) -> bool:
    return leads.detail(lead_id=subject) is not None


def _conversation_exists(subject: UUID) -> bool:
    return chat.line(conversation_id=subject, now=utc_now()) is not None


_REVEALED: dict[str, Callable[[UUID], bool]] = {
    "mail": _mail_exists,
    "lead": _lead_exists,
    "conversation": _conversation_exists,
}
#: Where a kind is shown, if its page has another name.
_PAGES = {"conversation": "inbox_talk"}


@needs("reveal_contact", fresh=True)
@require_POST
def reveal(request: HttpRequest, kind: str, subject: UUID) -> HttpResponse:
    """Show contact data for some minutes to a person who says why; the trail keeps who, what and why."""
    if kind not in _REVEALED or not _REVEALED[kind](subject):
        raise Http404
    back = reverse(f"dashboard:{_PAGES.get(kind, kind)}", args=[subject])
    error = revealing.reveal(request, kind, subject, reason=request.POST.get("reason", ""), now=utc_now())
    if error:
        return render(request, "dashboard/refused.html", {"message": error, "back": back}, status=400)
    return HttpResponseRedirect(back)
