"""A dealer's system that takes leads as JSON or ADF, and has no dealer behind it.

It checks the signature, the shape, and that nothing is in the package that a dealer may not have. Magic last names
bring about the special answers of MAGIC (`docs/sandboxes-buyer.md`). What was taken is kept by lead id (ids and
outcomes, no contact data), so that asking later gives the same answer and the same lead is never taken twice.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree

from django.conf import settings

from carloans.core import sandboxing, signatures
from carloans.core.clock import utc_now
from carloans.core.wsgi import Environ, Fault, Reply, StartResponse, read_body

PROVIDER: Final = "buyer"
_TRIES: Final = "buyer-tries"
PATH: Final = "/leads"

#: The customer's last name, and what it brings about.
MAGIC: Final = {
    "timeoutafter": "timeout_after",
    "timeoutbefore": "timeout_before",
    "flaky": "flaky",
    "outage": "outage",
    "ratelimited": "rate_limited",
    "rejected": "reject",
    "unmatched": "unmatched",
    "signinpage": "html",
    "emptybody": "empty",
}
FAULTS: Final = tuple(MAGIC.values())
#: Fields that no lead may carry, wherever they stand.
_FORBIDDEN: Final = re.compile(
    r'"(ssn|social_security\w*|dob|date_of_birth|score|credit_score|tier|bureau)"\s*:|<(ssn|dob)'
)


def demo_secret(slug: str) -> str:
    """The shared key of a simulated buyer: the same for its row and for this application."""
    return hmac.new(settings.SECRET_KEY.encode(), f"buyer sandbox {slug}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class _Incoming:
    lead_id: str
    last_name: str
    contactable: bool


class BuyerSandbox:
    """The WSGI application. `hang_seconds` is how long a time-out keeps the line open."""

    def __init__(
        self,
        *,
        slug: str = "lakeside-motors",
        fault: Fault | None = None,
        latency_ms: int = 0,
        hang_seconds: float = 12.0,
    ) -> None:
        self.slug = slug
        self.fault = fault or Fault()
        self.latency_ms = latency_ms
        self.hang_seconds = hang_seconds

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        time.sleep(self.latency_ms / 1000)
        return self._route(environ).send(start_response)

    def _route(self, environ: Environ) -> Reply:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD")
        body = read_body(environ) if method == "POST" else b""
        if not self._genuine(environ, body):
            return Reply(401, {"status": "rejected", "code": "bad_signature"})
        if path == PATH and method == "POST":
            return self._take(environ, body)
        if path.startswith(f"{PATH}/") and method == "GET":
            return _look_up(path.removeprefix(f"{PATH}/"))
        return Reply(404, {"code": "not_found"})

    def _genuine(self, environ: Environ, body: bytes) -> bool:
        try:
            header = environ.get("HTTP_X_SIGNATURE", "")
            signatures.verify(header, body, secret=demo_secret(self.slug), now=utc_now())
        except signatures.BadSignature:
            return False
        return True

    def _take(self, environ: Environ, body: bytes) -> Reply:
        text = body.decode(errors="replace")
        try:
            lead = _read(text, environ.get("CONTENT_TYPE", ""))
        except (ValueError, KeyError, TypeError, ElementTree.ParseError):
            return Reply(400, {"status": "rejected", "code": "invalid_body"})
        if _FORBIDDEN.search(text.lower()):
            return Reply(422, {"status": "rejected", "code": "invalid_field_not_allowed"})
        if not environ.get("HTTP_IDEMPOTENCY_KEY") or not lead.contactable:
            return Reply(422, {"status": "rejected", "code": "missing_contact_or_key"})
        if known := sandboxing.recall(PROVIDER, lead.lead_id):
            sandboxing.remember(PROVIDER, lead.lead_id, known)
            return _present(known)
        return self._fresh(lead)

    def _fresh(self, lead: _Incoming) -> Reply:
        fault = MAGIC.get(re.sub(r"[^a-z]", "", lead.last_name.lower()), "") or self.fault.strikes()
        return self._fail(fault, lead.lead_id) if fault else _present(_accept(lead.lead_id))

    def hang(self) -> None:
        """Silence: the line stays open and nothing comes."""
        time.sleep(self.hang_seconds)

    def _fail(self, fault: str, lead_id: str) -> Reply:
        sandboxing.remember(_TRIES, lead_id, {})
        first = sandboxing.accepted_count(_TRIES, lead_id) == 1
        if fault == "timeout_after":
            _accept(lead_id)
        if fault in {"timeout_after", "timeout_before"}:
            self.hang()
            return Reply(504, {"code": "gateway_timeout"})
        if fault == "flaky" and first:
            return Reply(500, {"code": "internal"})
        if fault == "rate_limited" and first:
            return Reply(429, {"code": "slow_down"}, headers=(("Retry-After", "1"),))
        if fault == "empty":
            _accept(lead_id)
        return _STATIC.get(fault) or _present(_accept(lead_id))


_STATIC: Final = {
    "outage": Reply(503, {"code": "unavailable"}),
    "reject": Reply(422, {"status": "rejected", "code": "out_of_area"}),
    "unmatched": Reply(200, {"status": "Unmatched", "response": {"errors": {"error": ["Duplicate lead"]}}}),
    "html": Reply(200, "<html><body>Please sign in</body></html>", "text/html"),
    "empty": Reply(204),
}


def _read(text: str, content_type: str) -> _Incoming:
    if "xml" in content_type:
        return _read_adf(text)
    document = json.loads(text)
    contact = document["contact"]
    reachable = bool(contact.get("email") or contact.get("phone"))
    return _Incoming(
        str(document["lead_id"]), str(contact.get("last_name") or ""), reachable and bool(document["consent"])
    )


def _read_adf(text: str) -> _Incoming:
    prospect = ElementTree.fromstring(text).find("prospect")  # noqa: S314  our own client's message, on loopback
    if prospect is None:
        raise ValueError("no prospect")
    names = {name.get("part", "full"): name.text or "" for name in prospect.iter("name")}
    contact = prospect.find("customer/contact")
    reachable = contact is not None and (contact.find("email") is not None or contact.find("phone") is not None)
    return _Incoming(prospect.findtext("id") or "", names.get("last", ""), reachable)


def _accept(lead_id: str) -> dict[str, Any]:
    reference = "LM-" + hashlib.sha256(lead_id.encode()).hexdigest()[:10].upper()
    answer: dict[str, Any] = {"status": "accepted", "reference": reference, "simulated": True}
    return sandboxing.remember(PROVIDER, lead_id, answer)


def _present(answer: dict[str, Any]) -> Reply:
    return Reply(201, answer)


def _look_up(lead_id: str) -> Reply:
    answer = sandboxing.recall(PROVIDER, lead_id)
    return Reply(200, answer) if answer else Reply(404, {"code": "unknown_lead"})


buyer_app = BuyerSandbox()
