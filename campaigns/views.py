"""The way out of our mails, and the provider's delivery reports."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import selectors, services, texts
from carloans.core.clock import utc_now
from carloans.core.errors import CarLoansError, NotFound, problem


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: the POST of a mail program or of the page's button opts out. A GET, a scanner's too, only shows.

    No cookie and no cross-site token: the link itself is the proof, and a mail program has nothing else to send.
    """
    if request.method != "POST":
        message = selectors.message_by_token(token=token)
        return _page(request, "ask" if message else "unknown", message.locale if message else _preferred(request))
    try:
        source = "one_click" if request.POST.get("List-Unsubscribe") == "One-Click" else "link"
        message = services.unsubscribe(token=token, source=source, now=utc_now())
    except NotFound:
        return _page(request, "unknown", _preferred(request))
    return _page(request, "done", message.locale)


def _page(request: HttpRequest, view: str, locale: str) -> HttpResponse:
    lang = texts.language(locale)
    context = {"view": view, "lang": lang, "page": texts.OPT_OUT_PAGES[lang]}
    response = render(request, "campaigns/unsubscribe.html", context, status=404 if view == "unknown" else 200)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _preferred(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "en"))


@csrf_exempt
@require_POST
def mailgun_webhook(request: HttpRequest) -> HttpResponse:
    """200: done, also for what we had already. 406: never repeat. 5xx: our fault, repeat later."""
    try:
        news = services.receive_webhook(body=request.body, now=utc_now())
    except services.WebhookRefused as error:
        return _answer(error, 406)
    except RequestDataTooBig:
        return _answer(services.WebhookRefused(code="webhook_too_large"), 406)
    except services.SigningKeyMissing as error:
        return _answer(error, 503)
    return JsonResponse({"recorded": news})


def _answer(error: CarLoansError, status: int) -> JsonResponse:
    body = problem(error) | {"status": status}
    return JsonResponse(body, status=status, content_type="application/problem+json")
