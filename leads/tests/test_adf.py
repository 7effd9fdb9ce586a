"""Every message is valid ADF, plain ASCII, and holds nothing that may not travel by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from leads import adf

DTD = etree.DTD(file=str(Path(__file__).parent.parent / "dtd" / "adf-1.0.dtd"))
VENDOR, PROVIDER = (
    adf.Vendor("lakeside-motors", "Lakeside Motors"),
    adf.Provider("Car Loans", "https://carloans.example"),
)
MOMENT = datetime(2026, 11, 22, 18, 31, 28, tzinfo=timezone(timedelta(hours=-5)))


def a_package(**contact):
    return {
        "lead_id": "11111111-2222-4333-8444-555555555555",
        "contact": {
            "first_name": "Jane",
            "last_name": "Doe",
            "email": "jane@example.com",
            "phone": "",
            "state": "TX",
            **contact,
        },
        "vehicle": {"year": 2021, "make": "Kia", "model": "Forte"},
        "application": {"id": "11111111-2222-4333-8444-555555555555", "loan_amount_cents": 1_850_000},
        "summary": "Interested in a Forte.",
        "ai_disclosure": "Prepared by Cathy, an AI assistant of Car Loans.",
        "consent": {"id": "11111111-2222-4333-8444-555555555555"},
    }


def write(package, **options):
    return adf.write(package, vendor=VENDOR, provider=PROVIDER, requested_at=MOMENT, **options)


def parsed(message):
    root = etree.fromstring(message)
    assert DTD.validate(root), DTD.error_log.filter_from_errors()
    return root


def test_it_is_valid_and_says_what_the_package_says():
    root = parsed(write(a_package(phone="+15551234567")))
    assert root.findtext("prospect/vehicle/model") == "Forte"
    assert root.findtext("prospect/vehicle/finance/amount") == "18500"
    assert [(name.get("part"), name.text) for name in root.iterfind("prospect/customer/contact/name")] == [
        ("first", "Jane"),
        ("last", "Doe"),
    ]
    assert root.findtext("prospect/customer/contact/phone") == "+15551234567"
    assert root.findtext("prospect/vendor/vendorname") == "Lakeside Motors"


def test_the_time_of_request_carries_its_offset():
    assert parsed(write(a_package())).findtext("prospect/requestdate") == "2026-11-22T18:31:28-05:00"


def test_a_time_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        adf.write(a_package(), vendor=VENDOR, provider=PROVIDER, requested_at=MOMENT.replace(tzinfo=None))


def test_a_repeat_says_that_it_is_one():
    assert parsed(write(a_package(), resend=True)).find("prospect").get("status") == "resend"


def test_without_a_car_the_required_elements_are_still_there():
    root = parsed(write({**a_package(), "vehicle": {}, "application": {}}))
    assert [root.findtext(f"prospect/vehicle/{tag}") for tag in ("year", "make", "model")] == [
        "0000",
        "Not chosen yet",
        "Not chosen yet",
    ]


@pytest.mark.parametrize("contact", [{"email": ""}, {"email": None, "phone": None}])
def test_without_a_way_to_reach_the_customer_there_is_no_message(contact):
    with pytest.raises(ValueError, match="telephone"):
        write(a_package(**contact))


def test_markup_in_a_name_stays_text():
    message = write(a_package(last_name="</name><ssn>1</ssn>&\"O'Neil"))
    assert b"<ssn>" not in message
    assert parsed(message).findall(".//name")[1].text == "</name><ssn>1</ssn>&\"O'Neil"


def test_a_figure_that_strays_into_the_package_does_not_reach_the_message():
    package = {**a_package(), "score": 825, "ssn": "123-45-6789", "credit": {"tier": "prime"}}
    package["contact"]["date_of_birth"] = "1990-01-01"
    text = write(package).decode()
    for secret in ("825", "123-45-6789", "prime", "1990"):
        assert secret not in text


def test_the_published_order_matters():
    """The DTD itself can fail: the same elements in another order are not valid."""
    wrong = etree.fromstring(
        "<adf><prospect><requestdate/><vehicle><make/><year/><model/></vehicle>"
        "<customer><contact><name/><phone/></contact></customer>"
        "<vendor><vendorname/><contact><name/><phone/></contact></vendor></prospect></adf>"
    )
    assert not DTD.validate(wrong)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=st.text(max_size=60), last=st.text(max_size=60), make=st.text(max_size=40), phone=st.booleans())
def test_any_name_gives_a_valid_ascii_message(first, last, make, phone):
    package = a_package(first_name=first, last_name=last, phone="+15551234567" if phone else "")
    package["vehicle"] = {"year": 2021, "make": make, "model": ""}
    message = write(package)
    assert message.isascii()
    root = parsed(message)
    kept = adf.clean(last)
    assert kept in ("", *[name.text for name in root.iterfind("prospect/customer/contact/name")])


def test_a_moment_in_utc_is_written_with_its_offset():
    message = adf.write(a_package(), vendor=VENDOR, provider=PROVIDER, requested_at=MOMENT.astimezone(UTC))
    assert b"2026-11-22T23:31:28+00:00" in message
