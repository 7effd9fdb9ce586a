"""Every shape in which a buyer may answer is understood, and only a clear one settles a lead."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from carloans.core import sandboxing
from carloans.core.clock import utc_now
from carloans.core.errors import ExternalApiError
from carloans.core.wsgi import Reply
from leads import delivery
from leads.delivery import Target


class Scripted:
    """A buyer who says what the test wants."""

    reply = Reply(200)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        return self.reply.send(start_response)


@pytest.fixture
def scripted() -> Iterator[tuple[Scripted, Target]]:
    app = Scripted()
    server = sandboxing.make_sandbox_server(app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield app, Target("test", f"http://127.0.0.1:{server.server_port}/leads", "key", simulated=True)
    server.shutdown()
    server.server_close()
    thread.join()


def post(scripted, reply):
    app, target = scripted
    app.reply = reply
    return delivery.post(target, body=b"{}", content_type="application/json", key="k", now=utc_now())


@pytest.mark.parametrize(
    ("reply", "reference"),
    [
        (Reply(201, {"status": "accepted", "reference": "LM-1"}), "LM-1"),
        (Reply(200, {"status": "Matched", "lead_id": 4711}), "4711"),
        (Reply(200, {"status": "Success"}), ""),
        (Reply(202, {}), ""),
        (Reply(204), ""),
        (Reply(200, "OK", "text/plain"), ""),
        (Reply(200, "<response><status>ok</status></response>", "application/xml"), ""),
        (Reply(200, {"reference": "jane@example.com wrote"}), ""),
    ],
)
def test_it_accepts(scripted, reply, reference):
    receipt = post(scripted, reply)
    assert (receipt.result, receipt.reference) == ("accepted", reference)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(422, {"status": "rejected", "code": "out_of_area"}), "out_of_area"),
        (Reply(400, "nonsense", "text/plain"), "http_400"),
        (Reply(404, {}), "http_404"),
        (Reply(409, {"code": "duplicate"}), "duplicate"),
        (Reply(200, {"status": "Unmatched", "unmatched_reason": "Monthly cap reached"}), "no_capacity"),
        (Reply(200, {"status": "Error", "response": {"errors": {"error": ["Duplicate lead", "x"]}}}), "duplicate"),
        (Reply(200, {"status": "Error", "response": {"error": {"error": "Invalid Zip"}}}), "out_of_area"),
        (Reply(200, {"status": "Error", "errors": ["Missing phone"]}), "missing_field"),
        (Reply(422, {"error": "Jane Doe lives too far away"}), "unspecified"),
        (Reply(422, {"errors": {"errors": {}}}), "http_422"),
    ],
)
def test_it_refuses_with_a_code_of_ours(scripted, reply, reason):
    receipt = post(scripted, reply)
    assert (receipt.result, receipt.reason) == ("rejected", reason)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, "<html>Sign in</html>", "text/html"),
        Reply(200, {"status": "perhaps"}),
        Reply(302, "", headers=(("Location", "http://127.0.0.1:1/"),)),
    ],
)
def test_an_unclear_answer_settles_nothing(scripted, reply):
    with pytest.raises(delivery.UnclearAnswerError) as caught:
        post(scripted, reply)
    assert caught.value.retryable


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_a_passing_trouble_is_retried(scripted, status):
    with pytest.raises(ExternalApiError) as caught:
        post(scripted, Reply(status, {}, headers=(("Retry-After", "7"),)))
    assert (caught.value.code, caught.value.retryable, caught.value.extra["retry_after"]) == (f"http_{status}", True, 7)


def test_asking_about_a_lead_that_the_buyer_does_not_have(scripted):
    app, target = scripted
    app.reply = Reply(404, {"code": "unknown_lead"})
    assert delivery.ask(target, lead_id="one", now=utc_now()) is None
