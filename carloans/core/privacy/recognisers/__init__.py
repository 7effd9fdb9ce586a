"""One recogniser per type. Each is a function from a document to spans in its folded view."""

from collections.abc import Callable, Iterator

from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.bank import find_bank_accounts, find_routing_numbers
from carloans.core.privacy.recognisers.companions import find_companions
from carloans.core.privacy.recognisers.credit_card import find_credit_cards
from carloans.core.privacy.recognisers.dob import find_birthdays
from carloans.core.privacy.recognisers.driver_license import find_driver_licenses
from carloans.core.privacy.recognisers.email import find_emails
from carloans.core.privacy.recognisers.iban import find_ibans
from carloans.core.privacy.recognisers.ip import find_ips
from carloans.core.privacy.recognisers.person import find_known_names
from carloans.core.privacy.recognisers.phone import find_phones
from carloans.core.privacy.recognisers.ssn import find_ssns
from carloans.core.privacy.recognisers.ssn_last4 import find_ssn_last4
from carloans.core.privacy.recognisers.street_address import find_street_addresses
from carloans.core.privacy.recognisers.zip_code import find_zips
from carloans.core.privacy.spans import Span

__all__ = ["RECOGNISERS", "find_companions"]

Recogniser = Callable[[Document], Iterator[Span]]

RECOGNISERS: tuple[Recogniser, ...] = (
    find_emails,
    find_ibans,
    find_credit_cards,
    find_ssns,
    find_routing_numbers,
    find_bank_accounts,
    find_driver_licenses,
    find_birthdays,
    find_ips,
    find_phones,
    find_ssn_last4,
    find_street_addresses,
    find_zips,
    find_known_names,
)
