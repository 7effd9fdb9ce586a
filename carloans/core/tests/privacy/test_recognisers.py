"""Each recogniser by example: what it finds, and the look-alike that it leaves alone.

«…» marks what must be found. Nothing else in the text may be.
"""

import pytest

from carloans.core.privacy.redaction import find, redact

EXAMPLES = {
    "PHONE": [
        "«+52 1 55 1234 5678»",
        "«512-555-0188/0199»",
        "my cell's «(737) 555-0188» and work is «512.555.0111 ext. 4»",
        "«512-555-0188»/«512-555-0199»",
        "numero: «(55) 1234-5678»",
        "seven thirty seven: no; «seven thirty seven five fifty five zero one eighty eight» yes",
        "its «eight hundred five five five zero one nine nine»",
        "my number is «double five 5 one two three 4 5 6 7»",
        "call «fivefivefive one two three four five six seven»",
        "reach me «512.555.O188»",
        "«1-800-FLOWERS» is open",
        "«+44 20 7946 0958» is my number in London",
        "texting «5️⃣1️⃣2️⃣5️⃣5️⃣5️⃣0️⃣1️⃣8️⃣8️⃣» works",
        "order 4512345678, stock 512-5550",
        "https://www.example.com/listing/5125550188",
        "unix time 1700000000 and 2015 150000 miles",
    ],
    "SSN": [
        "socal securty «412559876»",
        "«412-55-98O6»",
        "for the credit check: «412559876»",
        "«412559876» <- social",
        "listing 412559876",
        "listing id: 412559876",
        "work order #412-55-9876",
        "my ssn «412559876»",
        "Mi seguro social es «412 55 9876»",
        "it should be «412-55-9876» not «412-55-9867»",
        "SSN: «412–55–9876»",
        "SSN «４１２-５５-９８７６»",
        "my ssn is «412-55-98761»",
        "social is «four one two, five five, nine eight seven six»",
        "«412559876»",
        "order number 412559876 came",
        "the 9 digit part number is 412559876",
        "open 2018-2022, two years closed",
        "setuptools 44.0.0\nsix 1.16.0",
    ],
    "SSN_LAST4": [
        "last4ssn=«9876»",
        "last four of my social is «9876», hers «2093»",
        "Bot: last 4 of your SSN?\nUser: «9876»",
        "Bot: last 4 of your SSN? User: I have 2500 down",
        "last four of my social is «9876»",
        "what's left: last four = «9876» (ssn)",
        "it's «9876», the last four of my social",
        "«***-**-9876»",
        "los últimos cuatro de mi seguro social son «9 8 7 6»",
        "last four of my card are 9876",
        "I get 1500 a month from social security since 2015",
        "1969 Camaro SS 396, Impala SS 2015",
    ],
    "CREDIT_CARD": [
        "tried «4111111111111112», no luck",
        "cardNumber=«4111111111111112»",
        "id=4111111111111112",
        "Visa «4111-1111-1111-1111» 09/27",
        "my cc is «4111111111111112»",
        "Amex «3782 822463 10005»",
        "«4111 1111 1111 1111»",
        "tarjeta «4242424242424241» vence 10/27",
        "charge card «4111 1111 1111 111» please",
        "tracking number 4111111111111112",
        "card ending in 4242",
    ],
    "BANK_ACCOUNT": [
        "my account was charged twice on 20251128",
        "transfer from «7781200451» (checking)",
        "my checking acct is «9876543210» at BofA",
        "Account No. - «0012-3456-789»",
        "mi cuenta de ahorros es «1234567890»",
        "«1234567890» is my account number",
        "account_number: «2722895170»",
        "<AccountNumber>«976462842624»</AccountNumber>",
        "account history 2004-2022",
        "my account balance is 12345",
        "the account has 1234567 in it",
        "account closed in 2019",
    ],
    "ROUTING": [
        "rounting number «044000037»",
        "the rotting part 044000037",
        "routing number «021000021»",
        "RTG# «021000021»",
        "número de ruta «021000021»",
        "which route should I take, 021000021 or the highway",
    ],
    "IBAN": [
        "my iban: «ES91 2100 0418 4502 0005 1332».",
        "«GB82WEST12345698765432»",
        "iban «DE89370400440532013001»",
        "GB82 is a postcode district",
    ],
    "DOB": [
        "birth_date: «1971-02-09 00:00:00»",
        "cumple el «9 de febrero»",
        "born «Jan 5 1985»",
        "nací en Puebla el «12 de octubre de 1979»",
        "D.O.B: «1985.01.05»",
        '"date_of_birth": "«1985-01-05»"',
        "<DateOfBirth>«01/05/1985»</DateOfBirth>",
        "«5 May 1985» is my date of birth",
        "date of birth «05051985»",
        "birthday is «june fifth nineteen seventy nine»",
        '"dob": "«1985-01-05T00:00:00Z»"',
        "my b day's «01/05/1985»",
        "D/O/B «01.05.85»",
        "I bought it on 01/05/1985",
        "dob is on my license, it expires 05/06/2027",
        "I was born in Texas and moved on 3/4/2015",
    ],
    "DRIVER_LICENSE": [
        "TXDL «40118827»",
        "ID card number «40118827»",
        "my DL is «D1234567»",
        "DL «S123-456-78-901-0» florida",
        "driver's license is «WDLABCD456DG»",
        "licencia de manejo «B7654321»",
        "drivers_license_number: «A7952761»",
        "license plate ABC1234",
        "got my license 5 years ago, expires 05/06/2027",
        "fishing license 1234567",
    ],
    "STREET_ADDRESS": [
        "house at «5801 Bolm Rd»",
        "«1600 Pennsylvania Avenue NW», Washington",
        "my addr is «22 acacia avenue»",
        "«P O Box 1234», Waco",
        "«15 Old Mill Boulevard Apt 379»",
        "vivo en la «avenida Insurgentes Sur 1602»",
        "I live at «742 Evergreen»",
        "«One Harbor Plaza, Suite 900»",
        "«W142 N8893 Merrimac Dr», Menomonee Falls",
        "mi domicilio es «Calle 16 de Septiembre 204»",
        "the address on my license is «303 Vista Bonita»",
        "address the 3 issues in the report please",
        "take home is 2750 biweekly",
        "«1234 County Road 456»",
        "2015 Buick Park Avenue, 2013 Ford Focus ST",
        "Copyright 1991-1998, Thomas G. Lane.",
        "it's a 5 minute drive down the road",
        "28 city 35 highway 30 combined",
    ],
    "ZIP": [
        "my zip is «78701»",
        "I'm in Boise, ID «83702-1234»",
        "what's in «78745» area?",
        "OK 15000 is fine, or 20000, in 30000 miles",
        "asking 12500",
    ],
    "EMAIL": [
        "email: «dana@x.io».",
        "write me: «d a n a at yahoo dot com»",
        "mi correo «dana arroba hotmail punto com»",
        "my email is «dana w 22 at gmail dot com»",
        "«dana[at]gmail[dot]com»",
        "«dana＠gmail．com»",
        "look at carmax dot com, or at autotrader.com",
        "follow @dealership, ping @support",
    ],
    "IP": [
        "from «203.0.113.7» and «2001:db8::1»",
        "version 10.0.3.12 at 10:30:45, section 4.1.2.3",
    ],
}


def _marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    plain, places, start = "", [], 0
    for char in text:
        if char == "«":
            start = len(plain)
        elif char == "»":
            places.append((start, len(plain)))
        else:
            plain += char
    return plain, places


@pytest.mark.parametrize(("kind", "example"), [(kind, text) for kind, texts in EXAMPLES.items() for text in texts])
def test_finds_exactly_what_is_marked(kind, example):
    text, places = _marked(example)
    assert [(s.type, s.start, s.end) for s in find(text)] == [(kind, start, end) for start, end in places]


def test_every_type_of_the_contract_has_examples():
    contract = {"PHONE", "EMAIL", "SSN", "SSN_LAST4", "CREDIT_CARD", "BANK_ACCOUNT", "ROUTING", "IBAN", "DOB"}
    assert EXAMPLES.keys() == contract | {"DRIVER_LICENSE", "STREET_ADDRESS", "ZIP", "IP"}


class TestPerson:
    def test_finds_known_names_and_their_parts_whatever_the_accents(self):
        text = "I'm MARIA LOPEZ, María to friends; Sra. López at work"
        found = redact(text, known_names=["María López"])
        assert found.text == "I'm [PERSON], [PERSON] to friends; Sra. [PERSON] at work"

    def test_guesses_no_name(self):
        assert find("I'm Maria Lopez") == ()

    def test_a_name_that_is_an_everyday_word_needs_to_be_written_as_a_name(self):
        found = redact("Will I be approved? will it hurt? Ask for Will.", known_names=["Will May"])
        assert found.text == "Will I be approved? will it hurt? Ask for [PERSON]."


def test_several_values_in_one_message_keep_their_types():
    text = "Jane, 512-555-0188, ssn 412-55-9876, acct 12345678 routing 021000021, 12 Oak St, Austin, TX 78701"
    assert [s.type for s in find(text)] == [
        "PHONE",
        "SSN",
        "BANK_ACCOUNT",
        "ROUTING",
        "STREET_ADDRESS",
        "ZIP",
    ]


def test_a_number_inside_an_address_belongs_to_the_address():
    assert redact("5125550188@txt.example.net").text == "[EMAIL]"
