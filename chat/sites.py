"""Which pages may embed the chat, and where a request comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from visitors import selectors as visitors


@dataclass(frozen=True, slots=True)
class Door:
    """A site's entrance; `is_open` says whether the asking page may use it."""

    site_id: int
    is_open: bool


def find_door(*, key: str, origin: str, host: str) -> Door | None:
    """The entrance of the site with this public key, None when there is no such active site.

    Pages of the site's origins may use it, and our own (`host` is what the request was sent to). Browsers send an
    `Origin` with every socket; a client without one is no browser, carries no customer's cookies and could claim any
    origin, so refusing it would protect nobody.
    """
    try:
        site = visitors.site_by_key(key=key)
    except visitors.UnknownSite:
        return None
    return Door(site_id=site.id, is_open=not origin or _is_own(origin, host) or site.allows(origin))


def _is_own(origin: str, host: str) -> bool:
    name, _ = split_domain_port(host)
    return origin in {f"http://{host}", f"https://{host}"} and validate_host(name, settings.ALLOWED_HOSTS)


def client_address(scope: Mapping[str, Any]) -> str:
    """The caller's address of a socket; behind our own proxy the last hop that it reports."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = [value.decode("latin-1") for key, value in scope["headers"] if key == b"x-forwarded-for"]
        if forwarded:
            return str(forwarded[-1].split(",")[-1].strip())
    client = scope.get("client")
    return str(client[0]) if client else ""
