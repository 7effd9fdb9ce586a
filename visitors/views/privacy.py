"""`/privacy/<token>`: somebody's own page. A GET only shows; every act is a POST of the page's own form.

The token in the address opens the page; a signed cookie, which only the mailbox's owner can get, opens the values.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from carloans.core import rights
from carloans.core.clock import utc_now
from carloans.core.errors import CarLoansError
from carloans.core.middleware import client_ip
from visitors import consent_documents, selectors, services
from visitors.cleaning import US_STATES
from visitors.forms import Filled, read_form
from visitors.privacy_words import done, request_meaning, withdrawal_effect
from visitors.selectors.privacy import ERASED, EXPIRED, UNKNOWN, USABLE, LinkState
from visitors.services.erasing import erase_on_page
from visitors.services.privacy import CORRECTABLE, CORRECTABLE_WORK, WITHDRAWABLE
from visitors.throttle import too_often
from visitors.tokens import PROOF_COOKIE, PROOF_SECONDS, proof_cookie, read_proof
from visitors.views.events import arrival_of

#: Per minute: looks and acts of one network address, and acts on one page.
MOST_BY_ADDRESS, MOST_ACTS = 60, 20
LANGUAGES = ("en", "es")
#: Names of the correction form; they are those of the application form.
FIELDS = ("first_name", "last_name", "email", "phone", "state", "zip", "employer", "monthly_income")
_STATUS = {USABLE: 200, UNKNOWN: 404, EXPIRED: 410, ERASED: 410}
View = Callable[[HttpRequest, str], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page that may be shown: by which link, whether the address was proved, and when."""

    token: str
    link: LinkState
    verified: bool
    now: datetime

    @property
    def visitor_id(self) -> Any:
        return self.link.visitor_id

    @property
    def path(self) -> str:
        return f"/privacy/{self.token}"


def private(view: View) -> View:
    """What holds for every answer here: nobody keeps it, lists it or learns its address; and nobody hammers."""

    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponseBase:
        if too_often(what="privacy.address", who=client_ip(request), most=MOST_BY_ADDRESS, seconds=60):
            response: HttpResponseBase = _closed(request, "too_often", 429)
        else:
            response = view(request, token)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store, private"
        return response

    return answer


# The token in the address is the credential and mail apps' browsers may keep no cookies: instead of a CSRF cookie, a
# form from another site's page is refused, and the cookie of a proof is SameSite=Strict.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def privacy_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """GET and HEAD show; POST does what its `act` says."""
    now = utc_now()
    link = selectors.privacy_link(token=token, now=now)
    _speak(request, link)
    if link.state != USABLE or link.visitor_id is None:
        return _closed(request, link.state, _STATUS[link.state])
    visit = Visit(token, link, read_proof(request.COOKIES) == link.link_id, now)
    if arrival_of(request).gpc:
        # The signal is itself the request (11 CCR 7025): it counts however it arrives.
        services.note_privacy_signal(visitor_id=link.visitor_id, now=now)
    if request.method == "POST" and not _is_foreign(request):
        return _act(request, visit)
    return _remember_language(request, _page(request, visit))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def confirm_address(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link in the mail that proves the address. Looking uses nothing up; the press does, once."""
    now = utc_now()
    proof = selectors.proof_link(token=token, now=now)
    _speak(request, proof)
    if proof.state == USABLE and request.method == "POST" and not _is_foreign(request):
        return _prove(request, token, now)
    if proof.state == USABLE:
        return _remember_language(request, render(request, "visitors/privacy_confirm_address.html", {"token": token}))
    state = "proof_spent" if proof.state == EXPIRED else proof.state
    return _closed(request, state, _STATUS[proof.state])


def _prove(request: HttpRequest, token: str, now: datetime) -> HttpResponse:
    try:
        link_id = services.redeem_proof(token=token, now=now)
    except CarLoansError as error:
        return _closed(request, "proof_spent", error.status)
    response = HttpResponseRedirect(f"{selectors.privacy_path(link_id=link_id)}?done=verified")
    response.set_cookie(
        PROOF_COOKIE, proof_cookie(link_id), max_age=PROOF_SECONDS, path="/privacy/", httponly=True, samesite="Strict",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


def _is_foreign(request: HttpRequest) -> bool:
    """Whether another site's page sent this form. `Origin: null` is what our own forms send under `no-referrer`."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") not in (None, "null", own)


def _speak(request: HttpRequest, link: LinkState) -> None:
    """The language that was chosen here, else the one chosen on this site before, else the person's own."""
    chosen = request.GET.get("lang", "")
    if chosen in LANGUAGES:
        translation.activate(chosen)
    elif settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and link.state != UNKNOWN:
        translation.activate("es" if link.locale.startswith("es") else "en")


def _remember_language(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    chosen = request.GET.get("lang", "")
    if chosen in LANGUAGES:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, samesite="Lax", secure=request.is_secure())
    return response


def _act(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if too_often(what="privacy.page", who=str(visit.link.link_id), most=MOST_ACTS, seconds=60):
        return _closed(request, "too_often", 429)
    act = request.POST.get("act", "")
    if act in _NEED_PROOF and not visit.verified:
        return _page(request, visit, status=403, notice="prove_first")
    return _ACTS[act](request, visit) if act in _ACTS else _page(request, visit, status=400)


def _pressed(request: HttpRequest) -> bool:
    """Whether the second press, which confirms, was made."""
    return request.POST.get("confirm") == "yes"


def _ask(request: HttpRequest, visit: Visit, act: str, *, effect: str = "", **more: Any) -> HttpResponse:
    context = {"visit": visit, "act": act, "effect": effect, **more}
    return render(request, "visitors/privacy_ask.html", context)


def _back(visit: Visit, code: str) -> HttpResponse:
    return HttpResponseRedirect(f"{visit.path}?done={code}")


def _withdraw(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    kind = request.POST.get("kind", "")
    if kind not in WITHDRAWABLE:
        return _page(request, visit, status=400)
    if not _pressed(request):
        return _ask(request, visit, "withdraw", effect=withdrawal_effect(kind), kind=kind)
    services.withdraw_on_page(visitor_id=visit.visitor_id, kind=kind, now=visit.now)
    return _back(visit, "withdrawn")


def _opt_out(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if not _pressed(request):
        return _ask(request, visit, "opt_out")
    services.opt_out_of_sale(visitor_id=visit.visitor_id, via="page", now=visit.now)
    return _back(visit, "opted_out")


def _ask_staff(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    kind = request.POST.get("kind", "")
    if kind not in {"human_review", "human_help"}:
        return _page(request, visit, status=400)
    if not _pressed(request):
        return _ask(request, visit, "ask_staff", effect=request_meaning(kind), kind=kind)
    services.ask_staff(visitor_id=visit.visitor_id, kind=kind, now=visit.now)
    return _back(visit, "asked")


def _request_proof(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The answer is the same whether a mail leaves or not: it tells nothing to a stranger."""
    assert visit.link.link_id is not None  # noqa: S101  a usable link has one
    services.request_proof(link_id=visit.link.link_id, now=visit.now)
    return render(request, "visitors/privacy_mail_sent.html", {"visit": visit})


def _correct(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    assert visit.link.link_id is not None  # noqa: S101  a usable link has one
    allow = selectors.is_demo_visitor(visitor_id=visit.visitor_id)
    typed = {name: str(request.POST.get(name, "")) for name in FIELDS}
    filled = read_form(typed, on_file=frozenset({"email"}), submitting=False, allow_test_numbers=allow)
    if filled.errors:
        return _page(request, visit, status=422, filled=filled)
    data = {name: filled.data[name] for name in (*CORRECTABLE, *CORRECTABLE_WORK) if name in filled.data}
    found = services.correct(link_id=visit.link.link_id, data=data, now=visit.now)
    code = "corrected_dealers" if found.dealers else "corrected"
    return _back(visit, code if found.changed else "unchanged")


def _download(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    services.note_export(visitor_id=visit.visitor_id, now=visit.now)
    person = selectors.proven_person(visitor_id=visit.visitor_id, now=visit.now)
    sections = rights.export(person, actor=f"visitor:{visit.visitor_id}", now=visit.now)
    response = StreamingHttpResponse(_stream(_as_json(sections, visit.now)), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _consent_record(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """One of the person's own consents as a document to print, under the document's own policy."""
    page = selectors.privacy_page(visitor_id=visit.visitor_id, verified=True, now=visit.now)
    asked = request.POST.get("consent", "")
    own = next((one.info.id for one in page.consents if str(one.info.id) == asked), None)
    if own is None:
        return _page(request, visit, status=400)
    services.note_consent_copy(visitor_id=visit.visitor_id, consent_id=own, now=visit.now)
    answer = HttpResponse(consent_documents.as_html(consent_documents.document(consent_id=own, now=visit.now)))
    answer["Content-Security-Policy"] = consent_documents.POLICY
    return answer


def _as_json(sections: Iterator[rights.Section], now: datetime) -> Iterator[str]:
    """One JSON document, a row at a time."""
    encode = DjangoJSONEncoder(ensure_ascii=False).encode
    yield f'{{"created_at": {encode(now)}, "sections": ['
    for number, section in enumerate(sections):
        head = {"room": section.room, "table": section.table, "title": str(section.title)}
        yield f'{"," if number else ""}\n{encode(head)[:-1]}, "rows": ['
        for place, row in enumerate(section.rows):
            yield f"{',' if place else ''}\n{encode(row)}"
        yield "]}"
    yield "\n]}\n"


async def _stream(source: Iterator[str]) -> AsyncIterator[str]:
    """A bundle of rows at a time from the thread that owns the database connection."""
    advance = sync_to_async(_bundle, thread_sensitive=True)
    while text := await advance(source):
        yield text


def _bundle(source: Iterator[str]) -> str:
    parts: list[str] = []
    for part in source:
        parts.append(part)
        if len(parts) >= 200:
            break
    return "".join(parts)


def _erase(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if not _pressed(request):
        person = rights.find_visitor(visitor_id=visit.visitor_id, now=visit.now)
        return _ask(request, visit, "erase", report=rights.plan(person, now=visit.now))
    report = erase_on_page(visitor_id=visit.visitor_id, now=visit.now)
    response = render(request, "visitors/privacy_erased.html", {"report": report})
    response.delete_cookie(PROOF_COOKIE, path="/privacy/", samesite="Strict")
    return response


_ACTS: dict[str, Callable[[HttpRequest, Visit], HttpResponseBase]] = {
    "withdraw": _withdraw,
    "opt_out": _opt_out,
    "ask_staff": _ask_staff,
    "prove": _request_proof,
    "correct": _correct,
    "download": _download,
    "consent": _consent_record,
    "erase": _erase,
}
_NEED_PROOF = frozenset({"correct", "download", "consent", "erase"})


def _page(
    request: HttpRequest, visit: Visit, *, status: int = 200, notice: str = "", filled: Filled | None = None
) -> HttpResponse:
    page = selectors.privacy_page(visitor_id=visit.visitor_id, verified=visit.verified, now=visit.now)
    if visit.verified and request.method != "HEAD":
        services.note_seen_in_full(visitor_id=visit.visitor_id, now=visit.now)
    form = selectors.correctable(visitor_id=visit.visitor_id) if visit.verified else {}
    context = {
        "visit": visit,
        "page": page,
        "form": form | {name: value for name, value in (filled.raw if filled else {}).items() if value},
        "done": done(request.GET.get("done", "")) if request.method != "POST" else "",
        "notice": notice,
        "errors": filled.errors if filled else {},
        "states": sorted(US_STATES),
    }
    return render(request, "visitors/privacy.html", context, status=status)


def _closed(request: HttpRequest, state: str, status: int) -> HttpResponse:
    return render(request, "visitors/privacy_closed.html", {"state": state}, status=status)
