"""Applications that moved last."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from credit import selectors as credit
from dashboard.views.guards import needs
from dashboard.views.lists import PAGE, Words, chips, chosen, listing
from visitors import selectors as visitors

_STATUSES: dict[str, Words] = {
    "": gettext_lazy("all"),
    "started": gettext_lazy("started"),
    "saved": gettext_lazy("saved"),
    "abandoned": gettext_lazy("abandoned"),
    "returned": gettext_lazy("returned"),
    "submitted": gettext_lazy("submitted"),
}


@needs("view_room")
@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """Applications that moved last; `?part=rows` renders the table alone."""
    status = chosen(request, "status", _STATUSES)
    rows = visitors.recent_applications(status=status or None, limit=PAGE)
    clocks = credit.application_clocks(application_ids=[row["id"] for row in rows])
    context = {
        "rows": [{**row, "clock": clocks.get(row["id"])} for row in rows],
        "status": status,
        "chips": chips("status", status, _STATUSES.items()),
    }
    return listing(request, "dashboard/applications.html", "dashboard/application_rows.html", "applications", context)
