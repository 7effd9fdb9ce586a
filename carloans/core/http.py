"""The one door to other people's servers: time-outs, no redirects, no private addresses, errors in our words."""

from __future__ import annotations

import ipaddress
import socket
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings

from carloans.core.errors import ExternalApiError, NetworkError

#: Seconds to connect, seconds between bytes.
TIMEOUT = (3.0, 10.0)


class AddressRefused(ExternalApiError):
    code = "address_refused"
    message = "The address leads into a private network."


@lru_cache(maxsize=1)
def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=16))
    session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=16))
    return session


def _refuse_private(url: str, provider: str) -> None:
    """Guard against a stored address that points at our own network (server-side request forgery)."""
    host = urlsplit(url).hostname or ""
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except OSError as error:
        raise NetworkError(code="unknown_host", provider=provider) from error
    if any(not ipaddress.ip_address(str(entry[4][0])).is_global for entry in found):
        raise AddressRefused(provider=provider, retryable=False)


def is_simulated(url: str) -> bool:
    """Whether an address is one of this installation's simulated providers, which live on loopback."""
    return url.startswith(settings.SANDBOX_URL) or urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def request(
    method: str,
    url: str,
    *,
    provider: str,
    allow_private: bool = False,
    timeout: tuple[float, float] = TIMEOUT,
    **options: Any,
) -> requests.Response:
    """Send one request and return whatever status comes back; no retries, no redirects.

    Raises NetworkError when no answer came (the provider may have acted: ask before you repeat), AddressRefused for a
    private address unless `allow_private`.
    """
    if not allow_private:
        _refuse_private(url, provider)
    try:
        return _session().request(method, url, timeout=timeout, allow_redirects=False, **options)
    except requests.Timeout as error:
        raise NetworkError(code="timeout", provider=provider) from error
    except requests.RequestException as error:
        raise NetworkError(code="connection", provider=provider) from error


def post(url: str, *, provider: str, **options: Any) -> requests.Response:
    return request("POST", url, provider=provider, **options)


def get(url: str, *, provider: str, **options: Any) -> requests.Response:
    return request("GET", url, provider=provider, **options)
