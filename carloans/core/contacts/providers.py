"""Mailbox providers of US customers, and the typing errors that their names attract."""

from functools import lru_cache

from carloans.core.text import words

#: label → suffixes under which the provider really serves mail; the first is what a typing error is corrected to.
PROVIDERS: dict[str, tuple[str, ...]] = {
    "gmail": ("com",),
    "googlemail": ("com",),
    "yahoo": (
        "com", "ca", "de", "fr", "es", "it", "in", "ie", "se", "no", "dk", "pl", "ro", "gr", "co.uk", "co.in", "co.jp",
        "co.nz", "co.id", "co.za", "co.kr", "co.th", "com.mx", "com.ar", "com.br", "com.au", "com.co", "com.pe",
        "com.ve", "com.sg", "com.ph", "com.hk", "com.tw", "com.tr", "com.vn", "cl", "be", "nl", "at", "ch", "pt",
    ),
    "ymail": ("com",),
    "rocketmail": ("com",),
    "hotmail": (
        "com", "ca", "de", "fr", "es", "it", "be", "nl", "se", "no", "dk", "fi", "gr", "ch", "cl", "co.uk", "co.jp",
        "co.il", "co.nz", "co.za", "co.th", "com.mx", "com.ar", "com.br", "com.au", "com.tr", "my", "ph", "sg", "hu",
        "cz", "rs", "lt", "lv",
    ),
    "outlook": (
        "com", "es", "fr", "de", "it", "be", "dk", "ie", "jp", "kr", "pt", "sa", "in", "at", "cl", "cz", "hu", "lv",
        "ph", "sg", "sk", "com.ar", "com.au", "com.br", "com.gr", "com.tr", "com.vn", "co.id", "co.il", "co.th", "my",
    ),
    "live": (
        "com", "ca", "de", "fr", "it", "nl", "be", "se", "no", "dk", "at", "ie", "jp", "cl", "cn", "ru", "co.uk",
        "co.za", "com.mx", "com.ar", "com.au", "com.pt", "com.sg", "com.my", "com.ph", "hk", "in",
    ),
    "icloud": ("com",),
    "aol": ("com", "co.uk", "de", "fr", "it", "es", "se", "nl", "in", "com.mx", "com.br", "com.au", "ca", "jp"),
    "msn": ("com",),
    "comcast": ("net", "com"),
    "verizon": ("net", "com"),
    "sbcglobal": ("net",),
    "bellsouth": ("net", "com"),
    "charter": ("net", "com"),
    "earthlink": ("net", "com"),
    "optonline": ("net",),
    "windstream": ("net", "com"),
    "frontier": ("com", "net"),
    "protonmail": ("com", "ch"),
    "fastmail": ("com", "fm"),
    "roadrunner": ("com",),
    "centurylink": ("net", "com"),
    "suddenlink": ("net", "com"),
    "juno": ("com",),
}  # fmt: skip
#: Domains one slip away from a provider that are mailboxes or companies of their own.
NEIGHBOURS = words(
    """
    mail.com email.com ymail.com fmail.com tmail.com jmail.com hmail.com gmx.com gmx.net gmx.us gmx.de mail.ru
    mail.de email.de live.com love.com line.com five.com olive.com lives.com alive.com drive.com liver.com lime.com
    like.com life.com give.com cloud.com icloud.com aol.com aon.com aou.com apl.com all.com msn.com msu.com
    yahoo.com outlooks.com look.com outlook.com charter.com chatter.com charters.com carter.com chart.com
    frontier.com frontiers.com comcast.com juno.com june.com uno.com jun.com gail.com gmall.com google.com
    googlemail.com hotels.com hotmail.com roadrunner.com verizon.com hotmart.com proton.me pm.me gmat.com
    mailgun.com kmail.com wmail.com umail.com inmail.com webmail.com vmail.com zmail.com bmail.com qmail.com
    smail.com amail.com ecloud.com mcloud.com ucloud.com vcloud.com xcloud.com bcloud.com comcastbusiness.net
    liveu.com olive.com clive.com slive.com junos.com fuji.com gamil.edu aold.com yahoos.com
    """
)
COMMON_SUFFIXES = ("com", "net", "org", "edu", "gov", "us", "info", "co.uk")
#: Country codes that exist, and that behind a US provider's name are nearly always a slip for ".com".
SLIPS = frozenset({"co", "cm", "om", "cn", "co.com", "com.com", "cc"})
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def suggestion_for(domain: str, *, is_real_suffix: bool) -> str | None:
    """The provider that `domain` was probably meant to be; None for anything that may be meant as it stands."""
    if domain in NEIGHBOURS or "." not in domain:
        return _without_dot(domain) if "." not in domain else None
    label, _, suffix = domain.partition(".")
    cut, _, rest = suffix.partition(".")
    if label + cut in PROVIDERS and _serves(label + cut, rest):
        return f"{label}{cut}.{rest}"
    if _serves(label, suffix):
        return None
    mended = None if is_real_suffix else _with_nearest_suffix(domain)
    if mended in NEIGHBOURS:
        return mended
    provider = label if label in PROVIDERS else _nearest_provider(label)
    if provider is not None:
        return _with_suffix(label, provider, suffix, is_real_suffix=is_real_suffix)
    return mended


def _serves(label: str, suffix: str) -> bool:
    return suffix in PROVIDERS.get(label, ())


def _with_suffix(label: str, provider: str, suffix: str, *, is_real_suffix: bool) -> str | None:
    suffixes = PROVIDERS[provider]
    if suffix in suffixes:
        return f"{provider}.{suffix}"
    if not is_real_suffix or suffix in SLIPS:
        return f"{provider}.{suffixes[0]}"
    cut_short = suffix == suffixes[0][:-1]
    elsewhere = suffix in ("net", "org") and provider in ("gmail", "hotmail")
    return f"{provider}.{suffixes[0]}" if label == provider and (cut_short or elsewhere) else None


def _with_nearest_suffix(domain: str) -> str | None:
    """For “acme.con”, "acme.com": the suffix does not exist, and one slip makes a common one of it."""
    name, _, suffix = domain.rpartition(".")
    for common in COMMON_SUFFIXES:
        if distance(suffix, common) == 1:
            return f"{name}.{common}"
    return None


def _without_dot(domain: str) -> str | None:
    """“gmailcom” and "gmail" have lost their dot."""
    for label, suffixes in PROVIDERS.items():
        if domain in (label, label + suffixes[0]) and len(label) >= 4:
            return f"{label}.{suffixes[0]}"
    return None


@lru_cache(maxsize=2048)
def _nearest_provider(label: str) -> str | None:
    scored = sorted((distance(label, name), name) for name in PROVIDERS if abs(len(label) - len(name)) <= 2)
    for slips, name in scored:
        if slips <= _allowed_slips(label, name):
            return name
    return None


def _allowed_slips(label: str, name: str) -> int:
    """Long names forgive two slips; four letters or fewer only a doubled or swapped letter."""
    if len(name) <= 4:
        return 1 if sorted(set(label)) == sorted(set(name)) and len(label) >= len(name) else 0
    if label[0] != name[0] and label[0] not in _beside(name[0]) and label[1:2] != name[0] and label != name[1:]:
        return 0
    if len(name) >= 7:
        return 2
    return 2 if sorted(label) == sorted(name) or (len(name) == 6 and label[0] == name[0]) else 1


def _beside(key: str) -> str:
    for row in _KEYBOARD:
        if key in row:
            place = row.index(key)
            return row[max(0, place - 1) : place + 2]
    return ""


def distance(first: str, second: str) -> int:
    """Slips between two words: a letter more, less, other, or two swapped (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
