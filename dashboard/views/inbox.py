"""The staff inbox: lists by state with their counts, the rows that changed, search, and one's own desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from carloans.core import audit
from carloans.core.clock import utc_now
from chat import inbox as chat
from chat import services
from dashboard import finding
from dashboard.views.guards import needs
from dashboard.views.lists import PAGE, Words

NAMES: dict[str, Words] = {
    "queue": _("Needs a person"),
    "mine": _("Mine"),
    "colleagues": _("With colleagues"),
    "ai": _("Cathy active"),
    "waiting": _("Waiting for the customer"),
    "closed": _("Closed"),
}
#: Rows that one request for news may ask for.
MOST_NEWS = 50


@needs("view_room")
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """One list, and how many each of them holds."""
    now, shown, me = utc_now(), _shown(request), _me(request)
    show_sign_of_life(request, now)
    after = _mark(request.GET.get("after", ""))
    rows = chat.lines(shown=shown, staff_id=me, now=now, after=after, limit=PAGE + 1)
    context = _frame(request, shown) | {
        "rows": rows[:PAGE],
        "now": now,
        "is_first": after is None,
        "next": _next(shown, rows) if len(rows) > PAGE else "",
    }
    return render(request, "dashboard/inbox.html", context)


@needs("view_room")
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The rows of a list among these conversations, and the counts: what a page fetches when it hears of them."""
    now, shown, me = utc_now(), _shown(request), _me(request)
    ids = [one for one in map(finding.as_uuid, request.GET.get("ids", "").split(",")[:MOST_NEWS]) if one]
    found = chat.lines_of(ids=ids, shown=shown, staff_id=me, now=now) if ids else []
    return render(request, "dashboard/inbox_news.html", _frame(request, shown) | {"rows": found, "now": now})


@needs("work_conversations")
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Conversations by id, tag, or a customer's address or number. Posted, so that no address stands in a log."""
    now, asked = utc_now(), request.POST.get("q", "").strip()[:200]
    result = finding.find(asked, now=now)
    audit.record(
        action="conversation.searched",
        actor=f"staff:{request.user.pk}",
        subject=f"account:{request.user.pk}",
        now=now,
        facts={"by": result.by, "found": len(result.rows)},
    )
    shown = {"rows": result.rows, "found_by": result.by, "q": asked if result.by != "contact" else "", "now": now}
    return render(request, "dashboard/inbox.html", _frame(request, "") | shown)


@needs("work_conversations")
@require_POST
def desk(request: HttpRequest) -> HttpResponse:
    """Take conversations from now on, or not."""
    services.set_desk(staff_id=_me(request), takes=request.POST.get("takes") == "yes", now=utc_now())
    return HttpResponseRedirect(reverse("dashboard:inbox"))


def show_sign_of_life(request: HttpRequest, now: datetime) -> None:
    """A page that a person opens says that they are here; fragments that a page fetches by itself do not."""
    if request.user.has_perm("dashboard.work_conversations"):
        services.sign_of_life(staff_id=_me(request), now=now)


def _frame(request: HttpRequest, shown: str) -> dict[str, Any]:
    counts = chat.counts(staff_id=_me(request))
    return {
        "tab": "inbox",
        "shown": shown,
        "lists": [(name, words, counts[name]) for name, words in NAMES.items()],
        "most": chat.MOST_COUNTED,
        "takes": chat.takes_conversations(staff_id=_me(request)),
    }


def _shown(request: HttpRequest) -> str:
    asked = request.GET.get("list", "")
    return asked if asked in NAMES else "queue"


def _me(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _next(shown: str, rows: list[chat.InboxLine]) -> str:
    at, pk = rows[PAGE - 1].mark
    return urlencode({"list": shown, "after": f"{at.isoformat()}|{pk}"})


def _mark(text: str) -> tuple[datetime, UUID] | None:
    """The (time, id) of the last row of the page before, as `_next` writes it."""
    at, _sign, key = text.partition("|")
    pk = finding.as_uuid(key)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, pk) if pk and moment.tzinfo else None
