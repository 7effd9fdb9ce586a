"""Made-up personal data in many ways of writing it. Every function draws from a seeded `random.Random`."""

import ipaddress
import string
from random import Random

from stdnum import luhn

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
PALABRAS = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]
TENS = {2: "twenty", 3: "thirty", 4: "forty", 5: "fifty", 6: "sixty", 7: "seventy", 8: "eighty", 9: "ninety"}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
MESES = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
AREAS = [
    "205",
    "212",
    "213",
    "214",
    "305",
    "312",
    "404",
    "415",
    "480",
    "503",
    "512",
    "602",
    "615",
    "713",
    "786",
    "801",
    "816",
    "904",
    "919",
    "972",
]
FIRST = ["jane", "john", "maria", "luis", "keisha", "wei", "priya", "tom", "ana", "derek", "sofia", "omar"]
LAST = ["doe", "smith", "lopez", "garcia", "nguyen", "brown", "patel", "johnson", "rivera", "kim"]


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def fullwidth(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() or c == "-" else c for c in text)


def keycaps(text: str) -> str:
    return "".join(c + "\ufe0f\u20e3" if c.isdigit() else c for c in text)


def zero_width(rng: Random, text: str) -> str:
    place = rng.randrange(1, len(text))
    return text[:place] + "\u200b" + text[place:]


def spelled(rng: Random, number: str, words: list[str] = WORDS, *, joiner: str = " ") -> str:
    """Digit by digit; "oh" for zero at times, "double five" at times."""
    out: list[str] = []
    index = 0
    while index < len(number):
        digit = int(number[index])
        if words is WORDS and number[index : index + 2] == number[index] * 2 and rng.random() < 0.4:
            out.append(f"double {words[digit]}")
            index += 2
            continue
        out.append("oh" if words is WORDS and digit == 0 and rng.random() < 0.4 else words[digit])
        index += 1
    return joiner.join(out)


def phone(rng: Random) -> str:
    area, exchange, line = rng.choice(AREAS), str(rng.randint(2, 9)) + digits(rng, 2), digits(rng, 4)
    every = area + exchange + line
    dash = rng.choice(["-", ".", " ", "–", "/", "_", " - ", ". ", "\u2011", "*", "~"])
    return rng.choice(
        [
            f"({area}) {exchange}-{line}",
            f"({area}){exchange}-{line}",
            f"({area}) {exchange} {line}",
            f"{area}{dash}{exchange}{dash}{line}",
            f"{area}-{exchange}-{line}",
            f"{area}.{exchange}.{line}",
            f"{area} {exchange} {line}",
            f"{area} {exchange}-{line}",
            f"{area}-{exchange}{line}",
            f"{area} {exchange}{line}",
            f"{area}{exchange} {line}",
            every,
            f"1{every}",
            f"+1{every}",
            f"+1 {area} {exchange} {line}",
            f"+1 ({area}) {exchange}-{line}",
            f"+1-{area}-{exchange}-{line}",
            f"1-{area}-{exchange}-{line}",
            f"1 ({area}) {exchange} {line}",
            f"001-{area}-{exchange}-{line}",
            f"{area}-{exchange}-{line} ext {rng.randint(1, 9999)}",
            f"({area}) {exchange}-{line} x{rng.randint(10, 999)}",
            f"{area}.{exchange}.{line} extension {rng.randint(1, 999)}",
            f"{area}-{exchange}-{line[:2]}-{line[2:]}",
            fullwidth(f"{area}-{exchange}-{line}"),
            keycaps(f"{area} {exchange} {line}"),
            zero_width(rng, f"{area}-{exchange}-{line}"),
            f"({area})\u00a0{exchange}\u2013{line}",
            f"{area}\n{exchange}\n{line}",
        ]
    )


def obfuscated_phone(rng: Random) -> str:
    area, exchange, line = rng.choice(AREAS), str(rng.randint(2, 9)) + digits(rng, 2), digits(rng, 4)
    every = area + exchange + line
    return rng.choice(
        [
            " ".join(every),
            "-".join(every),
            ".".join(every),
            "  ".join([area, exchange, line]),
            f"{area} dot {exchange} dot {line}",
            f"{area} dash {exchange} dash {line}",
            f"{area}..{exchange}..{line}",
            f"{every[:2]} {every[2:4]} {every[4:6]} {every[6:8]} {every[8:]}",
            f"({spelled(rng, area)}) {exchange}-{line}",
            f"{area} {spelled(rng, exchange)} {line}",
            f"{spelled(rng, area)} {exchange} {spelled(rng, line)}",
            f"{area}, {exchange}, {line}",
            f"[{area}] {exchange}-{line}",
            f"{area}|{exchange}|{line}",
            f"{area}({exchange}){line}",
            "".join(rng.choice([c, WORDS[int(c)]]) + " " for c in every).strip(),
            f"{every[:3]}{every[3:6].replace('0', 'O').replace('1', 'l')}-{line}"
            if "0" in exchange
            else " ".join(every),
        ]
    )


def spoken_phone(rng: Random) -> str:
    area, exchange, line = rng.choice(AREAS), str(rng.randint(2, 9)) + digits(rng, 2), digits(rng, 4)
    groups = [area, exchange, line]
    words = rng.choice([WORDS, WORDS, PALABRAS])
    return rng.choice(
        [
            " ".join(spelled(rng, group, words) for group in groups),
            ", ".join(spelled(rng, group, words) for group in groups),
            " dash ".join(spelled(rng, group) for group in groups),
            "-".join(spelled(rng, group, joiner="-") for group in groups),
            "... ".join(spelled(rng, group) for group in groups),
            " ".join(spelled(rng, group) for group in groups).title(),
            f"{spelled(rng, area)}, {spelled(rng, exchange)} {spelled(rng, line)}",
            " uh ".join(spelled(rng, group) for group in groups),
            "one " + " ".join(spelled(rng, group) for group in groups),
        ]
    )


def ssn(rng: Random) -> str:
    area = rng.choice([n for n in range(1, 900) if n != 666])
    return f"{area:03d}{rng.randint(1, 99):02d}{rng.randint(1, 9999):04d}"


def written_ssn(rng: Random) -> str:
    """Ways that need no context."""
    number = ssn(rng)
    a, b, c = number[:3], number[3:5], number[5:]
    return rng.choice(
        [
            f"{a}-{b}-{c}",
            f"{a}-{b}-{c}",
            f"{a} - {b} - {c}",
            f"{a}.{b}.{c}",
            f"{a}\u2013{b}\u2013{c}",
            f"{a}/{b}/{c}",
            f"{a}_{b}_{c}",
            f"{a} {b} {c}",
            fullwidth(f"{a}-{b}-{c}"),
            zero_width(rng, f"{a}-{b}-{c}"),
            f"{a}-{b} {c}",
        ]
    )


def ssn_in_context(rng: Random) -> str:
    number = ssn(rng)
    a, b, c = number[:3], number[3:5], number[5:]
    return rng.choice(
        [
            number,
            number,
            f"{a} {b} {c}",
            f"{a}{b}-{c}",
            f"{a}-{b}{c}",
            " ".join(number),
            f"{a} {b}{c}",
            f"{a}-{c[:3]}-{b}{c[3]}",
            spelled(rng, number),
            f"{spelled(rng, a)}, {spelled(rng, b)}, {spelled(rng, c)}",
            spelled(rng, number, PALABRAS),
            " dash ".join(spelled(rng, g) for g in (a, b, c)),
            fullwidth(number),
            f"{a}\n{b}\n{c}",
            "-".join(number),
        ]
    )


def last4(rng: Random) -> str:
    number = digits(rng, 4)
    tens = f"{TENS.get(int(number[0]), 'sixty')} {WORDS[max(1, int(number[1]))]}"
    return rng.choice(
        [
            number,
            number,
            number,
            " ".join(number),
            "-".join(number),
            spelled(rng, number),
            f"{number[:2]} {number[2:]}",
            fullwidth(number),
            f"{tens} {TENS.get(int(number[2]), 'eighty')} {WORDS[max(1, int(number[3]))]}",
        ]
    )


def card_number(rng: Random) -> str:
    prefix, length = rng.choice(
        [
            ("4", 16),
            ("4", 16),
            ("51", 16),
            ("55", 16),
            ("2223", 16),
            ("34", 15),
            ("37", 15),
            ("6011", 16),
            ("65", 16),
            ("36", 14),
            ("3530", 16),
        ]
    )
    body = prefix + digits(rng, length - len(prefix) - 1)
    return body + luhn.calc_check_digit(body)


def grouped_card(rng: Random, number: str) -> str:
    sep = rng.choice([" ", "-", ".", " - ", "  ", "_", "\u00a0"])
    if len(number) == 15 or len(number) == 14:
        groups = [number[:4], number[4:10], number[10:]]
    else:
        groups = [number[i : i + 4] for i in range(0, len(number), 4)]
    return sep.join(groups)


def card(rng: Random) -> str:
    number = card_number(rng)
    return rng.choice(
        [number, number, grouped_card(rng, number), grouped_card(rng, number), fullwidth(grouped_card(rng, number))]
    )


def card_in_context(rng: Random) -> str:
    """Mistyped: a digit changed, swapped, lost or doubled."""
    number = list(card_number(rng))
    place = rng.randrange(4, len(number) - 1)
    fault = rng.choice(["change", "swap", "lose", "double", "spell"])
    if fault == "change":
        number[place] = str((int(number[place]) + rng.randint(1, 8)) % 10)
    elif fault == "swap":
        number[place], number[place + 1] = number[place + 1], number[place]
    elif fault == "lose":
        del number[place]
    elif fault == "double":
        number.insert(place, number[place])
    else:
        return spelled(rng, "".join(number))
    text = "".join(number)
    return rng.choice(
        [
            text,
            grouped_card(rng, text) if len(text) == 16 else text,
            " ".join(text[i : i + 4] for i in range(0, len(text), 4)),
        ]
    )


def account(rng: Random) -> str:
    number = digits(rng, rng.choice([8, 9, 10, 10, 11, 12, 13, 17, 7]))
    return rng.choice(
        [
            number,
            number,
            number,
            number,
            f"{number[:4]}-{number[4:]}",
            f"{number[:4]} {number[4:8]} {number[8:]}".strip(),
            spelled(rng, number),
        ]
    )


def routing(rng: Random) -> str:
    prefix = rng.choice(["02", "03", "06", "07", "09", "11", "12", "26", "31", "32"])
    body = prefix + digits(rng, 6)
    weights = (3, 7, 1) * 3
    check = -sum(int(d) * w for d, w in zip(body, weights, strict=False)) % 10
    number = f"{body}{check}"
    return rng.choice(
        [
            number,
            number,
            number,
            f"{number[:4]} {number[4:8]} {number[8]}",
            f"{number[:3]}-{number[3:6]}-{number[6:]}",
            " ".join(number),
        ]
    )


def iban(rng: Random) -> str:
    country, bban = rng.choice(
        [
            ("DE", digits(rng, 18)),
            ("ES", digits(rng, 20)),
            ("NL", "ABNA" + digits(rng, 10)),
            ("GB", "WEST" + digits(rng, 14)),
            ("FR", digits(rng, 23)),
            ("IT", "X" + digits(rng, 22)),
            ("CH", digits(rng, 17)),
        ]
    )
    if country in ("ES", "FR", "IT", "NL", "CH"):  # national check digits: published examples instead
        number = rng.choice(
            [
                "ES9121000418450200051332",
                "FR1420041010050500013M02606",
                "IT60X0542811101000000123456",
                "NL91ABNA0417164300",
                "CH9300762011623852957",
            ]
        )
    else:
        rearranged = "".join(str(int(c, 36)) for c in bban + country + "00")
        number = f"{country}{98 - int(rearranged) % 97:02d}{bban}"
    grouped = " ".join(number[i : i + 4] for i in range(0, len(number), 4))
    return rng.choice([number, grouped, number.lower(), grouped.replace(" ", "-")])


def ip(rng: Random) -> str:
    v4 = str(ipaddress.IPv4Address(rng.randint(0x01000000, 0xDFFFFFFF)))
    v6 = ipaddress.IPv6Address(rng.getrandbits(128))
    return rng.choice(
        [
            v4,
            v4,
            v4,
            v4.replace(".", "[.]"),
            v6.exploded,
            v6.compressed,
            "fe80::1ff:fe23:4567:890a",
            "2001:db8::1",
            f"{v4}",
        ]
    )
