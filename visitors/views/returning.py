"""`/r/<token>`: the way back. Looking consumes nothing; the press redeems, once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from carloans.core.clock import utc_now
from visitors import selectors, services
from visitors.selectors.applications import link_id_of
from visitors.services import LinkExpired, LinkUnknown, LinkUsed
from visitors.tokens import COOKIE, COOKIE_SECONDS, ReturnClaim, cookie_value, read_cookie
from visitors.views.origins import is_foreign_post

WELCOME = "/?welcome=1"


# The token in the address is the credential and mail apps' browsers may keep no cookies: instead of a CSRF cookie, a
# form from another site's page is refused.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def return_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET and HEAD show what can be done; POST does it."""
    if _is_own(request, token):
        return HttpResponseRedirect(WELCOME)
    if request.method == "POST" and not is_foreign_post(request):
        return _fresh(request, token) if request.POST.get("fresh") else _redeem(request, token)
    return _page(request, token, selectors.return_link_preview(token=token, now=utc_now()))


def _is_own(request: HttpRequest, token: str) -> bool:
    """The browser that redeemed this link may come back by it for a day."""
    claim = read_cookie(request.COOKIES)
    return claim is not None and claim.link_id == link_id_of(token=token)


def _redeem(request: HttpRequest, token: str) -> HttpResponse:
    try:
        redemption = services.redeem_return_link(token=token, now=utc_now())
    except LinkUnknown:
        return _page(request, token, "unknown")
    except LinkUsed:
        return _page(request, token, "used")
    except LinkExpired:
        return _page(request, token, "expired")
    return _welcome(request, redemption.claim)


def _welcome(request: HttpRequest, claim: ReturnClaim) -> HttpResponse:
    response = HttpResponseRedirect(WELCOME)
    response.set_cookie(
        COOKIE, cookie_value(claim), max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response


def _fresh(request: HttpRequest, token: str) -> HttpResponse:
    """The answer is the same whether the link was asked for now or before: it tells nothing to a stranger."""
    services.request_fresh_link(token=token, now=utc_now())
    return render(request, "visitors/fresh_link.html")


_STATUS = {"usable": 200, "unknown": 404, "used": 410, "expired": 410}


def _page(request: HttpRequest, token: str, state: str) -> HttpResponse:
    template = "visitors/return.html" if state == "usable" else "visitors/return_spent.html"
    return render(request, template, {"token": token, "state": state}, status=_STATUS[state])
