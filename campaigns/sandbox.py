"""A simulated Mailgun: the same HTTP protocol, validation, event log and signed webhooks, and faults on demand.

Served alone by `manage.py mail_sandbox`, or mounted in the web process. It keeps ids and outcomes of what it
accepted (`carloans.core.sandboxing`), never an address or a text. docs/sandboxes-mail.md describes it for users.
"""

from __future__ import annotations

import hmac
import json
import random
import secrets
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.core.validators import validate_email
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from campaigns.mail import MESSAGE_VARIABLE, webhook_signing_key
from carloans.core.clock import utc_now
from carloans.core.sandboxing import accepted_count, recall, remember

PROVIDER = "mail"
Answer = tuple[int, dict[str, Any] | str, dict[str, str]]

#: What can be asked for with --fault, or per mail with a recipient such as jane+fault-error@example.com.
FAULTS = {
    "error": "500 instead of accepting",
    "outage": "503 to everything, look-ups too",
    "rate_limited": "429 with Retry-After",
    "unauthorized": "401 as for a wrong key",
    "refused": "400 as for an impossible mail",
    "html": "200 with a page that is not JSON",
    "stall": "no answer for a long time; nothing is accepted",
    "stall_after_accept": "accepts the mail, then no answer for a long time",
    "webhook_lost": "accepts, never reports the delivery",
    "webhook_twice": "reports each event twice, with two tokens",
    "webhook_forged": "reports with a wrong signature",
}
#: What becomes of a mail: jane+outcome-bounced@example.com; without it, it is delivered.
OUTCOMES: dict[str, tuple[tuple[str, str], ...]] = {
    "delivered": (("delivered", ""),),
    "bounced": (("failed", "permanent"),),
    "deferred": (("failed", "temporary"),),
    "complained": (("delivered", ""), ("complained", "")),
    "unsubscribed": (("delivered", ""), ("unsubscribed", "")),
    "opened": (("delivered", ""), ("opened", "")),
    "clicked": (("delivered", ""), ("opened", ""), ("clicked", "")),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and the share of requests that it strikes (0 to 1)."""

    name: str
    rate: float = 1.0


def parse_fault(text: str) -> Fault:
    """`NAME` or `NAME:rate`. Raises ValueError with the names that exist."""
    name, _, rate = text.partition(":")
    if name not in FAULTS:
        raise ValueError(f"Unknown fault {name!r}; there are: {', '.join(FAULTS)}.")
    share = float(rate or 1)
    if not 0 <= share <= 1:
        raise ValueError("A fault's rate lies between 0 and 1.")
    return Fault(name, share)


@dataclass(frozen=True, slots=True)
class Post:
    """An accepted submission, as far as it is needed to report on it."""

    message_id: str
    recipient: str
    variables: dict[str, str]
    tags: list[str]


@dataclass
class MailSandbox:
    """One simulated account: its key, its sending domain and where its webhooks go."""

    api_key: str
    domain: str
    signing_key: str
    webhook_url: str = ""
    faults: tuple[Fault, ...] = ()
    latency_ms: int = 0
    stall_seconds: float = 15.0
    webhook_delay_ms: int = 150
    chance: random.Random = field(default_factory=random.Random)
    #: Who carries the webhooks, given the events and the key to sign with; without one, a thread posts them.
    postman: Callable[[list[dict[str, Any]], str], None] | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        time.sleep(self.latency_ms / 1000)
        status, content, headers = self._answer(environ)
        kind = "application/json" if isinstance(content, dict) else "text/html; charset=utf-8"
        body = json.dumps(content).encode() if isinstance(content, dict) else content.encode()
        start_response(
            f"{status} {'OK' if status == 200 else 'Error'}",
            [("Content-Type", kind), ("Content-Length", str(len(body))), *headers.items()],
        )
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        parts = str(environ.get("PATH_INFO", "")).strip("/").split("/")
        if len(parts) != 3 or parts[0] != "v3":
            return 200, "Mailgun Magnificent API", {}
        if self._strikes("outage"):
            return 503, {"message": "Service Unavailable"}, {}
        if not self._authorized(environ):
            return 401, "Forbidden", {}
        if parts[1] != self.domain:
            return 404, {"message": f"Domain not found: {parts[1]}"}, {}
        route = (str(environ.get("REQUEST_METHOD")), parts[2])
        if route == ("POST", "messages"):
            return self._submit(environ)
        if route == ("GET", "events"):
            return self._log(environ)
        return 405, {"message": "Method not allowed"}, {}

    def _authorized(self, environ: dict[str, Any]) -> bool:
        expected = "Basic " + b64encode(f"api:{self.api_key}".encode()).decode()
        return hmac.compare_digest(str(environ.get("HTTP_AUTHORIZATION", "")).encode(), expected.encode())

    def _submit(self, environ: dict[str, Any]) -> Answer:
        form = _form(environ)
        if problem := _problem(form):
            return 400, {"message": problem}, {}
        wish = _wishes(str(form["to"]))
        if answer := self._fault_before(wish):
            return answer
        post = _read_post(form, self.domain)
        outcome = _accept(post, wish)
        self._report_later(outcome, wish)
        if self._strikes("stall_after_accept", wish):
            self.stall()
        if self._strikes("html", wish):
            return 200, "<html><body>Welcome</body></html>", {}
        return 200, {"id": f"<{post.message_id}>", "message": "Queued. Thank you."}, {}

    def _fault_before(self, wish: str) -> Answer | None:
        if self._strikes("stall", wish):
            self.stall()
            return 504, {"message": "Gateway Timeout"}, {}
        answers: dict[str, Answer] = {
            "error": (500, {"message": "Internal Server Error"}, {}),
            "rate_limited": (429, {"message": "Too many requests"}, {"Retry-After": "1"}),
            "unauthorized": (401, "Forbidden", {}),
            "refused": (400, {"message": "'to' parameter is not a valid address. please check documentation"}, {}),
        }
        return next((answer for name, answer in answers.items() if self._strikes(name, wish)), None)

    def stall(self) -> None:
        """Silence: the line stays open and nothing comes."""
        time.sleep(self.stall_seconds)

    def _strikes(self, name: str, wish: str = "") -> bool:
        if f"fault-{name}" == wish:
            return True
        return any(fault.name == name and self.chance.random() < fault.rate for fault in self.faults)

    def _log(self, environ: dict[str, Any]) -> Answer:
        wanted = parse_qs(str(environ.get("QUERY_STRING", ""))).get("message-id", [""])[0].strip("<>")
        return 200, {"items": _logged(wanted), "paging": {}}, {}

    def _report_later(self, events: list[dict[str, Any]], wish: str) -> None:
        if not (self.webhook_url or self.postman) or self._strikes("webhook_lost", wish):
            return
        key = "no such key" if self._strikes("webhook_forged", wish) else self.signing_key
        times = 2 if self._strikes("webhook_twice", wish) else 1
        calls = [event for event in events for _ in range(times)]
        if self.postman:
            self.postman(calls, key)
            return
        threading.Thread(target=self._report, args=(calls, key), daemon=True).start()

    def _report(self, events: list[dict[str, Any]], key: str) -> None:
        time.sleep(self.webhook_delay_ms / 1000)
        with requests.Session() as session:
            session.trust_env = False
            for event in events:
                _call_webhook(session, self.webhook_url, event, key)


#: Seconds between the attempts of a webhook; Mailgun's own are 5, 10, 15 minutes and then hours.
WEBHOOK_RETRIES = (0.5, 1.0, 2.0, 4.0)


def sign(key: str, *, timestamp: str, token: str) -> dict[str, str]:
    """The signature block of a webhook call, as Mailgun makes it."""
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), sha256).hexdigest()
    return {"timestamp": timestamp, "token": token, "signature": signature}


def _call_webhook(session: requests.Session, url: str, event: dict[str, Any], key: str) -> None:
    """Post until 200 (done) or 406 (never again), as the real one does."""
    for pause in (*WEBHOOK_RETRIES, None):
        signature = sign(key, timestamp=str(int(time.time())), token=secrets.token_hex(25))
        try:
            answer = session.post(url, json={"signature": signature, "event-data": event}, timeout=10)
            if answer.status_code in (200, 406):
                return
        except requests.RequestException:
            pass
        if pause is not None:
            time.sleep(pause)


def _form(environ: dict[str, Any]) -> QueryDict:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length)
    kind = str(environ.get("CONTENT_TYPE", ""))
    if not kind.startswith("multipart/form-data"):
        return QueryDict(body, encoding="utf-8")
    try:
        meta = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body))}
        return MultiPartParser(meta, BytesIO(body), [MemoryFileUploadHandler()]).parse()[0]
    except MultiPartParserError:
        return QueryDict("")


def _problem(form: QueryDict) -> str:
    """What Mailgun would object to, in its words; empty when nothing."""
    for name in ("from", "to"):
        if not form.get(name):
            return f"{name} parameter is missing"
        if not all(_is_address(value) for value in form.getlist(name)):
            return f"'{name}' parameter is not a valid address. please check documentation"
    if not (form.get("text") or form.get("html")):
        return "Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified"
    return ""


def _is_address(value: str) -> bool:
    try:
        validate_email(parseaddr(value)[1])
    except ValidationError:
        return False
    return True


def _wishes(to: str) -> str:
    """The tag of a recipient such as jane+fault-error@example.com; empty for an ordinary one."""
    local = parseaddr(to)[1].rpartition("@")[0]
    tag = local.partition("+")[2]
    return tag if tag.startswith(("fault-", "outcome-")) else ""


def _read_post(form: QueryDict, domain: str) -> Post:
    given = str(form.get("h:Message-Id") or f"{secrets.token_hex(16)}@{domain}").strip("<>")
    variables = {name[2:]: str(value) for name, value in form.items() if name.startswith("v:")}
    return Post(given, parseaddr(str(form["to"]))[1], variables, [str(tag) for tag in form.getlist("o:tag")])


def _accept(post: Post, wish: str) -> list[dict[str, Any]]:
    """Take the mail and decide what becomes of it; the events to report.

    A second submission under the same Message-Id is counted: it is a second mail, as it is in reality.
    """
    outcome = OUTCOMES.get(wish.removeprefix("outcome-"), OUTCOMES["delivered"])
    events = [_event(post, name, severity) for name, severity in outcome]
    log = [_without_address(event) for event in (_event(post, "accepted", ""), *events)]
    remember(PROVIDER, post.message_id, {"log": log})
    return events


def _event(post: Post, name: str, severity: str) -> dict[str, Any]:
    event: dict[str, Any] = {
        "event": name,
        "id": secrets.token_urlsafe(16),
        "timestamp": utc_now().timestamp(),
        "log-level": "error" if name == "failed" else "info",
        "recipient": post.recipient,
        "tags": post.tags,
        "message": {"headers": {"message-id": post.message_id}},
        "user-variables": post.variables,
    }
    if name == "failed":
        event |= {"severity": severity, "reason": "bounce" if severity == "permanent" else "generic"}
    return event


def _without_address(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != "recipient"}


def _logged(message_id: str) -> list[dict[str, Any]]:
    """The event log of one message: an `accepted` line for every time that it came, then its outcomes."""
    kept = recall(PROVIDER, message_id)
    if not kept:
        return []
    accepted, *outcomes = kept["log"]
    repeats = range(1, accepted_count(PROVIDER, message_id))
    return [accepted, *({**accepted, "id": f"{accepted['id']}-{number}"} for number in repeats), *outcomes]


def accepted_times(message_id: object) -> int:
    """How often the sandbox accepted our message: the judge of "exactly once"."""
    return accepted_count(PROVIDER, f"{message_id}@{settings.MAILGUN_SENDER_DOMAIN}")


def account(**options: Any) -> MailSandbox:
    """The account that this installation's settings describe; options override its fields."""
    base: dict[str, Any] = {
        "api_key": settings.MAILGUN_API_KEY or "simulated",
        "domain": settings.MAILGUN_SENDER_DOMAIN,
        "signing_key": webhook_signing_key(),
    }
    return MailSandbox(**(base | options))


@lru_cache(maxsize=8)
def _mounted(webhook_url: str) -> MailSandbox:
    return account(webhook_url=webhook_url)


def mail_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The sandbox inside the web process; its webhooks come back to the server that it is mounted in.

    The port is the socket's own and not the Host header's, which the caller chooses.
    """
    port = str(environ.get("SERVER_PORT", ""))
    origin = urlsplit(settings.SANDBOX_URL)
    host = f"127.0.0.1:{port}" if port.isdecimal() else origin.netloc
    return _mounted(f"http://{host}/webhooks/mailgun/")(environ, start_response)


__all__ = ["FAULTS", "MESSAGE_VARIABLE", "OUTCOMES", "MailSandbox", "account", "mail_app", "parse_fault", "sign"]
