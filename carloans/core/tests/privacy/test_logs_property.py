"""Every kind of personal data, through every way into a log record, at DEBUG: none comes out."""

import io
import logging
from random import Random
from typing import Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from carloans.core.privacy.logs import ScrubFilter
from carloans.core.tests.privacy import corpus

#: (kind of value, how one is made, a sentence that carries it, the name of a field for the bare value)
KINDS = {
    name: (make, [s for s in sentences if "{x}" in s], field)
    for (_, name, make, sentences, _), field in zip(
        corpus.PLAN,
        [
            "contact_phone",
            "mobile",
            "callback_number",
            "customer_ssn",
            "social_security_number",
            "ssn_last4",
            "card_number",
            "credit_card",
            "account_number",
            "routing_number",
            "iban",
            "date_of_birth",
            "driver_license",
            "street_address",
            "zip_code",
            "contact_email",
            "email_address",
            "ip_address",
        ],
        strict=True,
    )
}


def _standard(write) -> str:
    """What a handler with the filter prints for what `write` does with a logger."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s %(note)s", defaults={"note": ""}))
    handler.addFilter(ScrubFilter())
    logger = logging.Logger("property", level=logging.DEBUG)
    logger.addHandler(handler)
    write(logger)
    return out.getvalue()


def _failing(logger: logging.Logger, text: str) -> None:
    try:
        raise ValueError(text) from KeyError(text)
    except ValueError:
        logger.debug("failed", exc_info=True)


def _structured(**fields: object) -> str:
    lines: list[str] = []
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)

    def keep(logger: Any, name: str, event: Any) -> str:
        lines.append(str(renderer(logger, name, event)))
        raise structlog.DropEvent

    structlog.wrap_logger(None, processors=[ScrubFilter(), keep]).debug("seen", **fields)
    return lines[0]


WAYS = {
    "message": lambda text: _standard(lambda log: log.debug(text.replace("%", "%%"))),
    "argument": lambda text: _standard(lambda log: log.debug("turn %s of %d", text, 3)),
    "mapping": lambda text: _standard(lambda log: log.debug("turn %(said)s", {"said": text})),
    "extra": lambda text: _standard(lambda log: log.debug("turn", extra={"note": text})),
    "exception": lambda text: _standard(lambda log: _failing(log, text)),
    "structured": lambda text: _structured(said=text, detail={"turns": [text]}),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_way_into_a_record_lets_a_value_out(kind, seed):
    make, sentences, _ = KINDS[kind]
    rng = Random(seed)
    value = make(rng)
    text = rng.choice(sentences).replace("{x}", value)
    for way, logged in WAYS.items():
        assert value not in logged(text), (way, text)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_name_of_a_field_is_context_enough(kind, seed):
    make, _, field = KINDS[kind]
    value = make(Random(seed))
    assert value not in _structured(**{field: value}), field
    assert value not in _structured(detail={field: [value]}), field


def test_what_is_not_personal_stays_in_the_log():
    logged = _structured(order_number="4471220981", price="24,995", miles=84312, run="0199c2a1-7b", status=200)
    assert all(word in logged for word in ("4471220981", "24,995", "84312", "0199c2a1-7b", "200"))
