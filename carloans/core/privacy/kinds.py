"""What a number can be announced as."""

from enum import StrEnum


class Kind(StrEnum):
    """What a context word announces."""

    SSN = "ssn"
    LAST4 = "last4"
    CARD = "card"
    ROUTING = "routing"
    BANK = "bank"
    IBAN = "iban"
    LICENCE = "licence"
    DOB = "dob"
    DATED = "dated"  # a date that is not a birthday
    ZIP = "zip"
    ADDRESS = "address"
    EMAIL = "email"
    CODE = "code"  # an order, part or claim number: said outright
    PHONE = "phone"
    NOUN = "noun"  # an order, a part or a claim, without the word "number"
    PLAIN = "plain"  # a quantity, a price, a year
