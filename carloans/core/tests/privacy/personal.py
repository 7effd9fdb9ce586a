"""Made-up birthdays, licences, addresses and mailboxes in many ways of writing them."""

import string
from random import Random

from carloans.core.tests.privacy.values import FIRST, LAST, MESES, MONTHS, TENS, WORDS, digits, fullwidth, zero_width


def dob(rng: Random) -> str:
    year, month, day = rng.randint(1940, 2006), rng.randint(1, 12), rng.randint(1, 28)
    yy = year % 100
    name, mes = MONTHS[month - 1], MESES[month - 1]
    suffix = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
    return rng.choice(
        [
            f"{month:02d}/{day:02d}/{year}",
            f"{month}/{day}/{year}",
            f"{month}/{day}/{yy:02d}",
            f"{month:02d}-{day:02d}-{year}",
            f"{month:02d}.{day:02d}.{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{year}/{month:02d}/{day:02d}",
            f"{name} {day}, {year}",
            f"{name} {day}{suffix}, {year}",
            f"{name} {day} {year}",
            f"{day} {name} {year}",
            f"{name[:3]} {day}, {year}",
            f"{name[:3].lower()} {day} {yy:02d}",
            f"{day}-{name[:3]}-{year}",
            f"the {day}{suffix} of {name}, {year}",
            f"{day} de {mes} de {year}",
            f"{mes} {day}, {year}",
            f"{month:02d}{day:02d}{year}",
            f"{month:02d} {day:02d} {year}",
            f"{day:02d}/{month:02d}/{year}",
            f"{name} {day}{suffix} {year}",
            f"{name[:3]}. {day}, {year}",
            fullwidth(f"{month:02d}-{day:02d}-{year}"),
            f"{name.lower()} {day}{suffix} nineteen {TENS[rng.randint(4, 9)]} {WORDS[rng.randint(1, 9)]}",
        ]
    )


def licence(rng: Random) -> str:
    letter = rng.choice(string.ascii_uppercase)
    return rng.choice(
        [
            letter + digits(rng, 7),
            digits(rng, 8),
            letter + digits(rng, 12),
            f"{letter}{digits(rng, 3)}-{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 3)}-0",
            f"{letter}{digits(rng, 3)}-{digits(rng, 4)}-{digits(rng, 4)}",
            digits(rng, 9),
            f"{digits(rng, 3)} {digits(rng, 3)} {digits(rng, 3)}",
            f"{letter}{digits(rng, 4)} {digits(rng, 5)} {digits(rng, 5)}",
            (letter + digits(rng, 8)).lower(),
            rng.choice("ABCD") + "B" + digits(rng, 6),
            digits(rng, 7),
        ]
    )


_STREETS = (
    "Main", "Oak", "Maple", "Washington", "Elm", "Lake View", "Martin Luther King Jr", "5th", "42nd", "Cedar Creek",
    "Sunset", "St. Charles", "Johnson", "O'Brien", "Peachtree", "Old Mill", "Guadalupe", "El Camino", "Rio Grande",
    "W 34th", "N. Lamar", "South Congress", "NE 8th", "Country Club",
)  # fmt: skip
_KINDS_OF_STREET = (
    "Street", "St", "St.", "Avenue", "Ave", "Ave.", "Blvd", "Boulevard", "Road", "Rd", "Drive", "Dr", "Dr.", "Lane",
    "Ln", "Court", "Ct", "Circle", "Way", "Place", "Pl", "Parkway", "Pkwy", "Terrace", "Trail", "Loop", "Highway",
    "Hwy", "Cove", "Ridge", "Crossing", "Run", "Point", "Square", "Hollow", "Bend",
)  # fmt: skip


def street(rng: Random) -> str:
    number = rng.choice([rng.randint(1, 99), rng.randint(100, 999), rng.randint(1000, 1949), rng.randint(2100, 19999)])
    name, kind = rng.choice(_STREETS), rng.choice(_KINDS_OF_STREET)
    plain = f"{number} {name} {kind}{_unit(rng)}"
    lower = f"{number} {name} {kind}".lower() if kind[0] not in "CRPSHB" else plain
    return rng.choice([*[plain] * 5, lower, *_other_addresses(rng, number)])


def _unit(rng: Random) -> str:
    units = [
        f" Apt {rng.randint(1, 400)}",
        f", Apt. {rng.randint(1, 30)}B",
        f" #{rng.randint(1, 99)}",
        f" Unit {rng.randint(1, 9)}C",
        f", Suite {rng.randint(100, 900)}",
    ]
    return rng.choice(["", "", "", *units])


def _other_addresses(rng: Random, number: int) -> list[str]:
    """Boxes, county roads, and streets of Spanish names."""
    return [
        f"PO Box {rng.randint(1, 99999)}",
        f"P.O. Box {rng.randint(1, 9999)}",
        f"{number} County Road {rng.randint(10, 900)}",
        f"{number} N Highway {rng.randint(1, 400)}",
        f"{number} Calle {rng.choice(['Ocho', 'Sol', 'Luna'])}",
        f"{number} FM {rng.randint(100, 3000)}",
        f"RR {rng.randint(1, 9)} Box {rng.randint(1, 99)}",
        f"{number} Avenida {rng.choice(['Central', 'Juárez'])}",
        f"Calle {rng.choice(['Hidalgo', 'Morelos'])} #{rng.randint(1, 999)}",
    ]


def zip_code(rng: Random) -> str:
    number = f"{rng.randint(10001, 99950)}"
    return rng.choice([number, number, number, f"{number}-{digits(rng, 4)}"])


def email(rng: Random) -> str:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    local = rng.choice(
        [
            f"{first}.{last}",
            f"{first}{last}{rng.randint(1, 99)}",
            f"{first[0]}{last}",
            f"{first}_{last}",
            f"{first}+loan",
            f"{first}-{last}",
            f"{first}{rng.randint(1960, 2005)}",
        ]
    )
    domain = rng.choice(
        [
            "gmail.com",
            "yahoo.com",
            "hotmail.com",
            "outlook.com",
            "icloud.com",
            "aol.com",
            "example.org",
            "mail.co.uk",
            "company-name.com",
            "alumni.state.edu",
            "sbcglobal.net",
            "correo.mx",
        ]
    )
    address = f"{local}@{domain}"
    return rng.choice(
        [
            address,
            address,
            address,
            address.upper(),
            address.title(),
            f"<{address}>".strip("<>"),
            zero_width(rng, address),
            address.replace("@", "＠"),
        ]
    )


def obfuscated_email(rng: Random) -> str:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    local = rng.choice([f"{first}{last}", f"{first}.{last}", f"{first}{rng.randint(1, 99)}", f"{first}_{last}"])
    host, tld = rng.choice(
        [("gmail", "com"), ("yahoo", "com"), ("hotmail", "com"), ("acme", "org"), ("icloud", "com"), ("company", "net")]
    )
    return rng.choice(
        [
            f"{local} at {host} dot {tld}",
            f"{local} AT {host} DOT {tld}",
            f"{local}(at){host}(dot){tld}",
            f"{local} [at] {host} [dot] {tld}",
            f"{local}[at]{host}.{tld}",
            f"{local} (at) {host}.{tld}",
            f"{local} @ {host} . {tld}",
            f"{local}@{host} dot {tld}",
            f"{local} at {host}.{tld}"
            if host in ("gmail", "yahoo", "hotmail", "icloud")
            else f"{local} at {host} dot {tld}",
            f"{first} dot {last} at {host} dot {tld}",
            f"{first} underscore {last} at {host} dot {tld}",
            f"{local} arroba {host} punto {tld}",
            f"{local}_at_{host}_dot_{tld}",
            f"{local} {{at}} {host} {{dot}} {tld}",
            f"{local}@{host},{tld}",
        ]
    )
