"""No personal data in a log line, wherever in the record it stood."""

import io
import logging

import structlog

from carloans.core.privacy.logs import ScrubFilter, scrub_value

SECRETS = ("412-55-9876", "jane@x.org", "512-555-0188")


def _logger() -> tuple[logging.Logger, io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(message)s %(note)s", defaults={"note": ""}))
    handler.addFilter(ScrubFilter())
    logger = logging.Logger("test")
    logger.addHandler(handler)
    return logger, out


def _assert_clean(text: str) -> None:
    for secret in SECRETS:
        assert secret not in text


def test_scrubs_message_arguments_and_extra():
    logger, out = _logger()
    logger.info("ssn 412-55-9876 of %s", "jane@x.org", extra={"note": "call 512-555-0188"})
    _assert_clean(out.getvalue())
    assert out.getvalue() == "ssn [SSN] of [EMAIL] call [PHONE]\n"


def test_scrubs_nested_extra_and_hides_fields_by_name():
    value = scrub_value(
        {"a": ["jane@x.org", {"b": ("call 512-555-0188", 3)}], "password": "hunter2", "n": 5, "ok": True}
    )
    assert value == {"a": ["[EMAIL]", {"b": ("call [PHONE]", 3)}], "password": "[HIDDEN]", "n": 5, "ok": True}


def test_scrubs_the_traceback():
    logger, out = _logger()
    try:
        raise ValueError("bad phone 512-555-0188")
    except ValueError:
        logger.exception("failed for %s", "jane@x.org")
    _assert_clean(out.getvalue())
    assert "ValueError: bad phone [PHONE]" in out.getvalue()


def test_hides_tokens_in_addresses_that_are_themselves_a_key():
    token = "-Iy17ERGWMu2bklM-p89WQ64IcpF0uzorVI0cSSPegU"
    for path in ("/r/", "/u/", "/privacy/", "/privacy/confirm/"):
        logger, out = _logger()
        logger.error("%s: %s", "Internal Server Error", path + token)
        assert out.getvalue().strip() == f"Internal Server Error: {path}[HIDDEN]"
    assert scrub_value("/ops/runs/ and /r/ stay") == "/ops/runs/ and /r/ stay"


def test_hides_a_number_that_is_a_phone():
    assert scrub_value(5125550188) == "[HIDDEN]"
    assert scrub_value(1700000000) == 1700000000


def test_never_raises_on_a_broken_record():
    logger, out = _logger()
    logger.info("%d of %s", "jane@x.org")
    _assert_clean(out.getvalue())
    assert out.getvalue()


def test_works_as_a_structlog_processor():
    lines: list[str] = []

    def keep(logger, name, event):
        lines.append(str(event))
        raise structlog.DropEvent

    log = structlog.wrap_logger(None, processors=[ScrubFilter(), keep])
    log.info("sent to jane@x.org", phone="512-555-0188", detail={"text": "ssn 412-55-9876"})
    _assert_clean(lines[0])
    assert "sent to [EMAIL]" in lines[0]
