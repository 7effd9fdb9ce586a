"""`check_contacts --mx`, asking a name server of our own over UDP."""

import io
import json
import socket
import threading
from collections.abc import Iterator

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from django.core.management import call_command

ANSWERS = {
    ("takes-mail.com.", "MX"): "10 mx.takes-mail.com.",
    ("refuses-mail.com.", "MX"): "0 .",
    ("only-web.com.", "A"): "93.184.215.14",
    ("only-inside.com.", "A"): "10.0.0.4",
    ("new-throwaway.com.", "MX"): "5 mail.mailinator.com.",
}
KNOWN = {name for name, _ in ANSWERS}


def _reply(packet: bytes) -> bytes | None:
    """What the zone above holds; nothing at all for "silent.com", a failure for "broken.com"."""
    query = dns.message.from_wire(packet)
    question = query.question[0]
    name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
    if name == "silent.com.":
        return None
    reply = dns.message.make_response(query)
    if name == "broken.com.":
        reply.set_rcode(dns.rcode.SERVFAIL)
    elif (found := ANSWERS.get((name, kind))) is not None:
        reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, found))
    elif name not in KNOWN:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply.to_wire()


def _serve(server: socket.socket, asked: list[bytes]) -> None:
    while True:
        try:
            packet, asker = server.recvfrom(4096)
        except OSError:
            return
        asked.append(packet)
        if (answer := _reply(packet)) is not None:
            server.sendto(answer, asker)


@pytest.fixture
def asked(monkeypatch) -> Iterator[list[bytes]]:
    """The packets that a name server on a port of this machine was sent; dnspython asks it and nobody else."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    packets: list[bytes] = []
    thread = threading.Thread(target=_serve, args=(server, packets), daemon=True)
    thread.start()
    _ask(monkeypatch, server.getsockname()[1])
    yield packets
    server.close()
    thread.join(0.1)


def _ask(monkeypatch, port: int) -> None:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)


def _check(monkeypatch, domain: str, **options) -> dict:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"id": 1, "email": f"jane@{domain}"}) + "\n"))
    out = io.StringIO()
    call_command("check_contacts", stdout=out, **options)
    return json.loads(out.getvalue())["email"]


@pytest.mark.parametrize(
    ("domain", "reason"),
    [
        ("takes-mail.com", None),
        ("only-web.com", None),
        ("broken.com", None),
        ("refuses-mail.com", "undeliverable_domain"),
        ("only-inside.com", "undeliverable_domain"),
        ("nobody-has-this.com", "undeliverable_domain"),
        ("new-throwaway.com", "disposable"),
    ],
)
def test_judges_by_what_the_name_server_says(monkeypatch, asked, domain, reason):
    answer = _check(monkeypatch, domain, mx=True)
    assert (answer["valid"], answer["reason"]) == (reason is None, reason)
    assert asked


def test_asks_nobody_unless_told_to(monkeypatch, asked):
    assert _check(monkeypatch, "nobody-has-this.com")["valid"]
    assert not asked


@pytest.mark.slow
def test_a_name_server_that_is_silent_refuses_nobody(monkeypatch, asked):
    assert _check(monkeypatch, "silent.com", mx=True)["valid"]
    assert asked


@pytest.mark.slow
def test_a_name_server_that_is_not_there_refuses_nobody(monkeypatch):
    closed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    closed.bind(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    _ask(monkeypatch, port)
    assert _check(monkeypatch, "takes-mail.com", mx=True)["valid"]


def test_a_machine_without_a_resolver_refuses_nobody(monkeypatch):
    def unconfigured() -> dns.resolver.Resolver:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "get_default_resolver", unconfigured)
    assert _check(monkeypatch, "takes-mail.com", mx=True)["valid"]
