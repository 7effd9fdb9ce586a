"""A credit service that speaks FlexPath's protocol and has no bureau behind it.

The outcome follows from the phone number by a rule that `docs/sandboxes-flexpath.md` states, so that anybody can
foresee it. Numbers whose last seven digits are 555-01NN (reserved for fiction) produce the special results and faults
of MAGIC. What was answered is kept by key (ids and outcomes, no contact data): asking later gives the same answer, and
the same key never pulls twice.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable
from typing import Any, Final

from carloans.core import sandboxing
from carloans.core.clock import utc_now
from carloans.core.wsgi import Environ, Fault, Reply, StartResponse, read_json
from credit.outcomes import PURPOSE, Status

PROVIDER: Final = "flexpath"
PULLS: Final = "flexpath-pulls"
_TRIES: Final = "flexpath-tries"
PATH: Final = "/v1/prequalifications"

#: The lowest score for which lenders of this sandbox make an offer.
OFFERS_FROM: Final = 501
#: The last two digits of a number 555-01NN, and what it brings about.
MAGIC: Final = {
    "01": Status.NO_HIT,
    "02": Status.THIN_FILE,
    "03": Status.FROZEN,
    "04": Status.LOCKED,
    "05": Status.IDENTITY_UNCONFIRMED,
    "06": "timeout_after",
    "07": "timeout_before",
    "08": "flaky",
    "09": "outage",
    "10": "rate_limited",
    "11": "html",
    "12": "wrong_key",
    "13": "unauthorized",
    "14": "not_credentialed",
    "15": "duplicate",
    "16": "processing",
}
FAULTS: Final = tuple(name for name in MAGIC.values() if not isinstance(name, Status))
_RESULTS: Final = frozenset(name for name in MAGIC.values() if isinstance(name, Status))
_HTTP_STATUS: Final = {Status.NO_HIT: 404, Status.FROZEN: 422, Status.LOCKED: 422}
_FIELDS: Final = {"phone": r"\+1\d{10}", "first_name": r".{0,80}", "last_name": r".{0,80}", "email": r".{0,254}"}


def score_of(phone: str) -> int:
    """The score of a number: 300 + (20 n + 100) mod 551, where n is its last four digits. From 300 to 850."""
    return 300 + (20 * int(phone[-4:]) + 100) % 551


class FlexPathSandbox:
    """The WSGI application. `hang_seconds` is how long a time-out keeps the line open."""

    def __init__(self, *, fault: Fault | None = None, latency_ms: int = 0, hang_seconds: float = 12.0) -> None:
        self.fault = fault or Fault()
        self.latency_ms = latency_ms
        self.hang_seconds = hang_seconds

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        time.sleep(self.latency_ms / 1000)
        return self._route(environ).send(start_response)

    def _route(self, environ: Environ) -> Reply:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD")
        if not environ.get("HTTP_AUTHORIZATION", "").startswith("Bearer "):
            return Reply(401, {"code": "unauthorized"})
        if path == PATH and method == "POST":
            return self._pull(environ)
        if path.startswith(f"{PATH}/") and method == "GET":
            return _look_up(path.removeprefix(f"{PATH}/"))
        return Reply(404, {"code": "not_found"})

    def _pull(self, environ: Environ) -> Reply:
        key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
        try:
            request = read_json(environ)
        except ValueError:
            return Reply(400, {"errors": [{"code": "malformed", "field": "body"}]})
        if errors := _field_errors(request, key):
            return Reply(400, {"errors": errors})
        if known := sandboxing.recall(PROVIDER, key):
            return _present(known)
        return self._fresh(key, request["consumer"]["phone"])

    def _fresh(self, key: str, phone: str) -> Reply:
        special = _magic(phone) or self.fault.strikes()
        if special and special not in _RESULTS:
            return self._fail(special, key, phone)
        return _present(_accept(key, phone, special))

    def hang(self) -> None:
        """Silence: the line stays open and nothing comes."""
        time.sleep(self.hang_seconds)

    def _fail(self, fault: str, key: str, phone: str) -> Reply:
        sandboxing.remember(_TRIES, key, {})
        first = sandboxing.accepted_count(_TRIES, key) == 1
        if fault == "timeout_after":
            _accept(key, phone, "")
        if fault in {"timeout_after", "timeout_before"}:
            self.hang()
            return Reply(504, {"code": "gateway_timeout"})
        if fault == "flaky" and first:
            return Reply(500, {"code": "internal"})
        if fault == "rate_limited" and first:
            return Reply(429, {"code": "slow_down"}, headers=(("Retry-After", "1"),))
        if fault == "processing":
            return _present(_accept(key, phone, "", ready_in=2.0))
        if fault == "wrong_key":
            return Reply(200, {**_accept(key, phone, ""), "key": f"other-{key}"[:80]})
        return _STATIC.get(fault) or _present(_accept(key, phone, ""))


_STATIC: Final = {
    "outage": Reply(503, {"code": "unavailable"}),
    "html": Reply(200, "<html><body>Please sign in</body></html>", "text/html"),
    "unauthorized": Reply(401, {"code": "unauthorized"}),
    "not_credentialed": Reply(403, {"code": "not_credentialed"}),
    "duplicate": Reply(409, {"code": "duplicate"}),
}


def _magic(phone: str) -> str:
    found = re.search(r"55501(\d\d)$", phone)
    return str(MAGIC.get(found[1], "")) if found else ""


def _field_errors(request: dict[str, Any], key: str) -> list[dict[str, str]]:
    consumer, consent = request.get("consumer"), request.get("consent")
    bad = [] if re.fullmatch(r"[\w:.-]{8,100}", key) else ["idempotency_key"]
    bad += [] if request.get("purpose") == PURPOSE else ["purpose"]
    bad += [] if request.get("pull") == "soft" else ["pull"]
    if not isinstance(consumer, dict) or not isinstance(consent, dict):
        return [{"code": "missing", "field": "consumer"}]
    bad += [n for n, rule in _FIELDS.items() if not re.fullmatch(rule, str(consumer.get(n) or ""), re.DOTALL)]
    bad += [] if re.fullmatch(r"[0-9a-f]{64}", str(consent.get("text_sha256"))) else ["consent_text_sha256"]
    bad += [] if consent.get("id") else ["consent_id"]
    return [{"code": "invalid", "field": field} for field in bad]


def _accept(key: str, phone: str, special: str, *, ready_in: float = 0.0) -> dict[str, Any]:
    """Pull once for this key and keep the answer; a repeat gets the answer that stands."""
    document = _result(key, phone, Status(special or Status.PULLED))
    document["ready_at"] = utc_now().timestamp() + ready_in
    kept = sandboxing.remember(PROVIDER, key, document)
    sandboxing.remember(PULLS, key, {})
    return kept


def _result(key: str, phone: str, status: Status) -> dict[str, Any]:
    reference = "fp_" + hashlib.sha256(key.encode()).hexdigest()[:20]
    document = {"key": key, "id": reference, "status": status.value, "simulated": True}
    if status != Status.PULLED:
        return {**document, "no_pull_reason": status.value}
    score = score_of(phone)
    return {
        **document,
        "pulled_at": utc_now().isoformat(),
        "bureau": "Simulated Bureau",
        "model": "VantageScore 4.0",
        "score": score,
        "score_range": [300, 850],
        "offers": score >= OFFERS_FROM,
        "key_factors": [] if score >= OFFERS_FROM else ["simulated: length of credit history"],
    }


def _present(document: dict[str, Any]) -> Reply:
    if document.get("ready_at", 0) > utc_now().timestamp():
        return Reply(202, {"key": document["key"], "id": document["id"], "status": "processing"})
    shown = {name: value for name, value in document.items() if name != "ready_at"}
    return Reply(_HTTP_STATUS.get(Status(document["status"]), 200), shown)


def _look_up(key: str) -> Reply:
    document = sandboxing.recall(PROVIDER, key)
    if document is None:
        return Reply(404, {"code": "unknown_key"})
    reply = _present(document)
    return Reply(200, reply.body) if reply.status in {404, 422} else reply


flexpath_app = FlexPathSandbox()
