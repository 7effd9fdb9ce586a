"""The switches: how each stands, who turned it, when and why; and turning one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from carloans.core import switches
from carloans.core.clock import utc_now
from carloans.core.errors import BadInput, CarLoansError
from dashboard.views.guards import needs
from dashboard.views.lists import Words
from leads import selectors as leads
from visitors.cleaning import US_STATES

MEANING: dict[str, tuple[Words, Words]] = {
    "ai": (_("AI"), _("No model is asked: the chat goes to people, mails and judgements come from rules.")),
    "send": (_("Send"), _("Mails and notices wait.")),
    "pull": (_("Pull"), _("No credit check is started; those under way wait.")),
    "post": (_("Post"), _("Leads wait and are handed to no dealer.")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One switch with its scope in words."""

    state: switches.SwitchState
    title: Words
    means: Words
    where: str


@needs("view_room")
@require_GET
def switch_page(request: HttpRequest) -> HttpResponse:
    """Every switch, and for those who may turn them the forms."""
    names = leads.buyer_names()
    context = {
        "rows": [_row(one, names) for one in switches.every()],
        "tab": "switches",
        "may_flip": request.user.has_perm("dashboard.flip_switches"),
        "reasons": switches.REASONS,
        "note_max": switches.NOTE_MAX,
        "meaning": MEANING,
        "us_states": sorted(US_STATES),
        "buyers": sorted(names.items(), key=lambda pair: pair[1]),
    }
    return render(request, "dashboard/switches.html", context)


def _row(one: switches.SwitchState, names: dict[str, str]) -> Row:
    title, means = MEANING[one.name]
    kind, _colon, value = one.scope.partition(":")
    where = names.get(value, value) if kind == "buyer" else value
    return Row(one, title, means, where or str(_("everywhere")))


@needs("flip_switches")
@require_POST
def switch_flip(request: HttpRequest) -> HttpResponse:
    """Turn one switch, for a reason."""
    back = reverse("dashboard:switches")
    try:
        switches.flip(
            name=request.POST.get("name", ""),
            scope=_scope(request),
            on=_wanted(request),
            reason=request.POST.get("reason", ""),
            note=request.POST.get("note", ""),
            actor=f"staff:{request.user.pk}",
            staff=request.user.get_username()[:80],
            now=utc_now(),
        )
    except CarLoansError as refusal:
        return render(
            request, "dashboard/refused.html", {"message": refusal.message, "back": back}, status=refusal.status
        )
    return HttpResponseRedirect(back)


def _scope(request: HttpRequest) -> str:
    """A scope as it stands, or one that is put together from the form's lists."""
    scope = request.POST.get("scope", "")
    kind, _colon, value = scope.partition(":")
    known = {"state": lambda: value in US_STATES, "buyer": lambda: value in leads.buyer_names()}
    if scope != switches.EVERYWHERE and (kind not in known or not known[kind]()):
        raise BadInput("Please choose where the switch holds.", code="unknown_scope")
    return scope


def _wanted(request: HttpRequest) -> bool:
    if request.POST.get("to") not in ("on", "off"):
        raise BadInput("Please choose on or off.", code="position_missing")
    return request.POST["to"] == "on"
