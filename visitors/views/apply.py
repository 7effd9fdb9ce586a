"""`/`: the demo loan application, embedded as a customer's site would embed us. It works without JavaScript too."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from carloans.core.errors import CarLoansError
from visitors import consent_texts, selectors, services
from visitors.cleaning import US_STATES
from visitors.forms import PAGE_NAME, STEP_OF, Filled, messages_for_script, read_form
from visitors.selectors import RestoredForm, SiteInfo
from visitors.services import Arrival, IngestResult
from visitors.steps import LAST_STEP
from visitors.tokens import COOKIE, read_cookie
from visitors.views.events import arrival_of

SITE_KEY = "demo"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """GET shows the form, restored for a browser that came by its link; POST saves or submits it."""
    site = selectors.site_by_key(key=SITE_KEY)
    restored = _restored(request)
    if request.method == "POST":
        return _take(request, site, restored)
    return _form(request, site, restored, Filled({}))


@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    """Forget the restored application on this device, for the next person who uses it."""
    response = HttpResponseRedirect("/")
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _restored(request: HttpRequest) -> RestoredForm | None:
    claim = read_cookie(request.COOKIES)
    found = selectors.restored_form(application_id=claim.application_id) if claim else None
    return None if found is None or found.submitted else found


def _take(request: HttpRequest, site: SiteInfo, restored: RestoredForm | None) -> HttpResponse:
    submitting = request.POST.get("intent") == "submit"
    on_file = restored.on_file | restored.values.keys() if restored else frozenset()
    filled = read_form(
        request.POST.dict(), on_file=frozenset(on_file), submitting=submitting, allow_test_numbers=site.is_demo
    )
    if filled.errors:
        return _form(request, site, restored, filled, status=422)
    try:
        _store(request, site, restored, filled, submitting=submitting)
    except CarLoansError as error:
        filled.errors[str(error.extra.get("field") or "email")] = str(error.message)
        return _form(request, site, restored, filled, status=error.status)
    return HttpResponseRedirect("/?sent=1" if submitting else "/?saved=1")


def _store(
    request: HttpRequest, site: SiteInfo, restored: RestoredForm | None, filled: Filled, *, submitting: bool
) -> IngestResult:
    """The press becomes the same events that the tracker would send."""
    arrival = arrival_of(request)
    step = LAST_STEP if submitting else _posted_step(request)
    events = [_event("save_progress", arrival, step, data={**filled.data, **_choices(request)})]
    if submitting:
        events.append(_event("submit", arrival, step))
    return services.ingest_events(
        site_key=site.key, origin=None, visitor_id=_visitor(request, restored), events=events, arrival=arrival
    )


def _event(kind: str, arrival: Arrival, step: int, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "type": kind, "ts": arrival.now.isoformat(), "page": "/", "step": step, **more}


def _posted_step(request: HttpRequest) -> int:
    step = request.POST.get("step", "")
    return int(step) if step in {"1", "2", "3", "4", "5"} else 1


def _choices(request: HttpRequest) -> dict[str, Any]:
    return {
        "locale": get_language() or "en",
        "notice_version": request.POST.get("notice_version", ""),
        "marketing_email": request.POST.get("marketing_email") == "on",
    }


def _visitor(request: HttpRequest, restored: RestoredForm | None) -> UUID | None:
    """The restored visitor, else the id that the tracker keeps in this browser."""
    if restored:
        return restored.visitor_id
    try:
        return UUID(request.POST.get("visitor", ""))
    except ValueError:
        return None


def _form(
    request: HttpRequest, site: SiteInfo, restored: RestoredForm | None, filled: Filled, status: int = 200
) -> HttpResponse:
    locale = get_language() or "en"
    values = {**(restored.values if restored else {}), **{k: v for k, v in filled.raw.items() if v}}
    steps = [STEP_OF.get(name, LAST_STEP) for name in filled.errors]
    on_file = restored.on_file if restored else frozenset()
    context = {
        "site": site,
        "values": values,
        "errors": filled.errors,
        "restored": restored,
        "on_file": {PAGE_NAME.get(key, key): True for key in on_file},
        "messages_for_script": messages_for_script(),
        "step": min(steps) if steps else restored.step if restored else 1,
        "notice": consent_texts.text(consent_texts.PRIVACY_NOTICE, locale, company=site.company_name),
        "marketing": consent_texts.text(consent_texts.MARKETING_EMAIL, locale, company=site.company_name),
        "states": sorted(US_STATES),
        "saved": "saved" in request.GET,
        "sent": "sent" in request.GET,
    }
    template = "visitors/sent.html" if context["sent"] else "visitors/apply.html"
    return render(request, template, context, status=status)
