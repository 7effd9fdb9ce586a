"""The client: what leaves, and what every answer of a provider means to us."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from campaigns import mail
from carloans.core.errors import Category, ExternalApiError, NetworkError


def letter(**changes) -> mail.Letter:
    facts: dict[str, Any] = {
        "message_id": uuid4(),
        "to": "jane@example.com",
        "sender": "Cathy, AI assistant of Acme, Inc.",
        "subject": "Su solicitud está guardada",
        "text": "Hello",
        "html": "<p>Hello</p>",
        "unsubscribe_url": "https://carloans.example/u/TOKEN",
        "tag": "step",
    }
    return mail.Letter(**(facts | changes))


def test_what_leaves(provider):
    one = letter()
    assert mail.send(one) == mail.message_header(one.message_id)
    (sent,) = provider.posts
    assert sent["from"] == '"Cathy, AI assistant of Acme, Inc." <cathy@mail.carloans.example>'
    assert sent.getlist("to") == ["jane@example.com"]
    assert sent["subject"] == "Su solicitud está guardada"
    assert sent["h:List-Unsubscribe"] == "<https://carloans.example/u/TOKEN>"
    assert sent["h:List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["h:Message-Id"] == f"<{one.message_id}@mail.carloans.example>"
    assert sent["v:message_uuid"] == str(one.message_id)
    assert (sent["o:tracking-opens"], sent["o:tracking-clicks"]) == ("no", "no")
    assert "bcc" not in sent
    assert "cc" not in sent


def test_a_sent_mail_can_be_looked_up_and_an_unsent_one_not(provider):
    one = letter()
    assert mail.look_up(one.message_id) == []
    mail.send(one)
    assert [event.type for event in mail.look_up(one.message_id)] == ["accepted", "delivered"]


@pytest.mark.parametrize("fault", ["error", "outage", "rate_limited", "unauthorized", "html"])
def test_an_answer_that_may_change_is_retryable(provider, fault):
    provider.fails_with(fault)
    with pytest.raises(ExternalApiError) as caught:
        mail.send(letter())
    assert caught.value.retryable
    assert caught.value.provider == "mailgun"


def test_a_refused_mail_is_final(provider):
    provider.fails_with("refused")
    with pytest.raises(ExternalApiError) as caught:
        mail.send(letter())
    assert not caught.value.retryable
    assert caught.value.code == "mail_refused"


@pytest.mark.parametrize("address", ["", "not an address", "a@b@c", "jane@example.com, joe@example.com"])
def test_anything_but_one_address_never_leaves(provider, address):
    with pytest.raises(ExternalApiError) as caught:
        mail.send(letter(to=address))
    assert not caught.value.retryable
    assert not [form for form in provider.posts if len(form.getlist("to")) > 1]


@pytest.mark.parametrize("fault", ["stall", "stall_after_accept"])
def test_silence_is_a_network_error(provider, fault):
    provider.fails_with(fault)
    with pytest.raises(NetworkError) as caught:
        mail.send(letter())
    assert caught.value.code == "mail_timeout"
    assert caught.value.retryable


def test_nobody_at_the_address_is_a_network_error(settings):
    settings.MAILGUN_API_URL = "http://127.0.0.1:9/v3"
    with pytest.raises(NetworkError) as caught:
        mail.send(letter())
    assert caught.value.category == Category.NETWORK
    with pytest.raises(NetworkError):
        mail.look_up(uuid4())


def test_a_log_that_cannot_be_read_is_no_answer(provider):
    provider.fails_with("outage")
    with pytest.raises(ExternalApiError):
        mail.look_up(uuid4())


@pytest.mark.parametrize("fault", ["error", "refused", "stall", "html"])
def test_no_error_repeats_the_address(provider, fault):
    provider.fails_with(fault)
    with pytest.raises((ExternalApiError, NetworkError)) as caught:
        mail.send(replace(letter(), to="very.private@example.com"))
    chain = [caught.value, caught.value.__cause__]
    assert "very.private" not in " ".join(f"{one} {getattr(one, 'message', '')} {vars(one)}" for one in chain if one)
    assert caught.value.__cause__ is None


def test_the_webhook_key_is_this_installations_own_while_simulated(settings):
    made = mail.webhook_signing_key()
    assert len(made) == 64
    settings.MAILGUN_WEBHOOK_SIGNING_KEY = "given"
    assert mail.webhook_signing_key() == "given"
    settings.MAILGUN_WEBHOOK_SIGNING_KEY, settings.MAIL_MODE = "", "live"
    assert mail.webhook_signing_key() == ""
