"""A lead as Auto-lead Data Format 1.0, the XML that dealers' systems read.

The order of elements is part of the format, and none that it requires may be left out. Output is pure ASCII
(other letters become character references) because some dealer systems accept nothing else. What the format
has no field for goes into the customer's comments; a score, a date of birth or bureau data never does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

#: What XML 1.0 cannot hold even as a reference: controls, lone surrogates and two non-characters.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile(r"\s+")
#: The format wants a year, make and model even before a car is chosen.
NO_YEAR, NO_CAR = "0000", "Not chosen yet"
NO_NAME = "Not given"


@dataclass(frozen=True, slots=True)
class Vendor:
    """The dealer who receives the message."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Provider:
    """Us, the sender."""

    name: str
    url: str


def write(
    package: dict[str, Any], *, vendor: Vendor, provider: Provider, requested_at: datetime, resend: bool = False
) -> bytes:
    """The message for one lead package (see `leads.package`), without a byte outside ASCII.

    `requested_at` must carry its offset. Raises ValueError when it does not, or when the package has neither
    an e-mail address nor a telephone number, which the format requires.
    """
    if requested_at.tzinfo is None:
        raise ValueError("The time of request needs an offset.")
    root = Element("adf")
    prospect = SubElement(root, "prospect", status="resend" if resend else "new")
    _text(prospect, "id", package["lead_id"], sequence="1", source=provider.name)
    _text(prospect, "requestdate", requested_at.isoformat(timespec="seconds"))
    _vehicle(prospect, package["vehicle"], package["application"])
    _customer(prospect, package, provider)
    _vendor(prospect, vendor, provider)
    _provider(prospect, provider)
    head = b'<?xml version="1.0" encoding="US-ASCII"?>\n<?adf version="1.0"?>\n'
    return head + bytes(tostring(root, encoding="us-ascii", xml_declaration=False))


def clean(value: object) -> str:
    """The value as one line of text that XML can hold."""
    return _BLANKS.sub(" ", _UNWRITABLE.sub("", str(value if value is not None else ""))).strip()


def _text(parent: Element, tag: str, value: object, **attributes: str) -> Element:
    element = SubElement(parent, tag, {name: clean(text) for name, text in attributes.items()})
    element.text = clean(value)
    return element


def _vehicle(prospect: Element, vehicle: dict[str, Any], application: dict[str, Any]) -> None:
    element = SubElement(prospect, "vehicle", interest="buy", status="used")
    chosen = bool(clean(vehicle.get("make")) or clean(vehicle.get("model")))
    _text(element, "year", clean(vehicle.get("year")) or NO_YEAR)
    _text(element, "make", clean(vehicle.get("make")) or NO_CAR)
    _text(element, "model", clean(vehicle.get("model")) or NO_CAR)
    cents = application.get("loan_amount_cents")
    if cents:
        finance = SubElement(element, "finance")
        _text(finance, "method", "finance")
        _text(finance, "amount", f"{int(cents) // 100}", type="total", limit="maximum", currency="USD")
    if not chosen:
        _text(element, "comments", "The customer has not chosen a car yet.")


def _customer(prospect: Element, package: dict[str, Any], provider: Provider) -> None:
    customer = SubElement(prospect, "customer")
    _contact(customer, package["contact"])
    _text(customer, "id", package["application"].get("id") or package["lead_id"], sequence="1", source=provider.name)
    _text(customer, "comments", _comments(package))


def _contact(customer: Element, contact: dict[str, Any]) -> None:
    element = SubElement(customer, "contact")
    names = {part: clean(contact.get(f"{part}_name")) for part in ("first", "last")}
    for part, name in names.items():
        if name:
            _text(element, "name", name, part=part)
    if not any(names.values()):
        _text(element, "name", NO_NAME, part="full")
    email, phone = clean(contact.get("email")), clean(contact.get("phone"))
    if not (email or phone):
        raise ValueError("The format needs an e-mail address or a telephone number.")
    if email:
        _text(element, "email", email, preferredcontact="0" if phone else "1")
    if phone:
        _text(element, "phone", phone, type="cellphone", time="nopreference", preferredcontact="1")


def _comments(package: dict[str, Any]) -> str:
    state = clean(package["contact"].get("state"))
    parts = [
        package.get("summary", ""),
        f"State: {state}." if state else "",
        package.get("ai_disclosure", ""),
        f"Consent to be contacted: {package['consent']['id']}.",
    ]
    return " ".join(clean(part) for part in parts if part)


def _vendor(prospect: Element, vendor: Vendor, provider: Provider) -> None:
    element = SubElement(prospect, "vendor")
    _text(element, "id", vendor.slug, source=provider.name)
    _text(element, "vendorname", vendor.name)
    contact = SubElement(element, "contact")
    _text(contact, "name", "Internet Sales", part="full")
    # The format requires a telephone or an e-mail address here; ours goes by HTTP, so the reserved domain.
    _text(contact, "email", f"{vendor.slug}@dealers.invalid")


def _provider(prospect: Element, provider: Provider) -> None:
    element = SubElement(prospect, "provider")
    _text(element, "name", provider.name, part="full", type="business")
    _text(element, "service", "Loan application re-engagement")
    _text(element, "url", provider.url)
