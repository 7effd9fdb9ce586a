"""E-mail addresses as people type or say them, checked without asking the network."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer
from email_validator import EmailNotValidError, EmailUndeliverableError, ValidatedEmail, validate_email

from carloans.core.contacts.domains import is_delegated, is_disposable, is_registrable
from carloans.core.contacts.providers import PROVIDERS, suggestion_for
from carloans.core.text import words
from carloans.core.text.spoken import spoken_numbers

Reason = Literal["empty", "syntax", "disposable", "role", "undeliverable_domain"]

#: Mailboxes of an office, not of a person (RFC 2142 and common practice). A lead needs a person.
ROLES = words(
    """
    abuse accounting accounts admin administrator all billing careers compliance contact contactus customercare
    customerservice devnull do-not-reply donotreply enquiries enquiry everyone feedback finance ftp hello help
    helpdesk hostmaster hr info information inquiries inquiry it jobs legal list list-request mail mailer-daemon
    mailerdaemon marketing media news newsletter no-reply nobody noc noreply no.reply notifications null office
    orders ops payments payroll postmaster press privacy purchasing recruiting remove reply request returns root
    sales security service services shop spam staff subscribe support sysadmin team tech technical
    undisclosed-recipients unsubscribe usenet uucp web webadmin webmaster welcome www
    contacto ventas soporte informacion informes facturacion administracion ayuda recepcion atencion atencionalcliente
    clientes empleo empleos rrhh compras pedidos hola cobranza cobranzas reception frontdesk accountspayable
    """
)
#: Number words that are letters or articles in a spelled-out mailbox ("j o e").
_NO_DIGITS = frozenset({"o", "oh", "un", "una", "once"})
_SPECIAL_USE = re.compile(
    r"(?:^|\.)(?:test|example|invalid|localhost|local|onion|arpa|internal|lan|home|corp|intranet)$"
)
_SMALL_TALK = re.compile(
    r"^(?:(?:hi|hello|sure|yes|ok|okay|si|claro|it'?s|its|is|es|my|mi|the|best|personal|work|e-?mail|mail|"
    r"correo|electronico|address|would be|use|you can|"
    r"reach me|at|to|send|it|contact)\b[\s,:.=-]*)+(?=\S.*(?:@|\bat\b|\barroba\b|[\[({]))"
)
_QUOTES = "\"'`<> \t\n"
# Without blanks or brackets an "@" is meant, and "dot" in a mailbox is a word.
_NEEDS_READING = re.compile(r"[\s()\[\]{}]")
_AROUND = re.compile(r"^(?:mailto:)|\?[^@]*$")
_TALK_WORD = re.compile(r"\b(?:it'?s|is|its|es|to|at|use|email|mail|correo|address|yes|sure|ok|hi)[\s:,]*$")
_BRACKETED_AT = re.compile(r"\s*[\[({<]\s*@\s*[\])}>]\s*")
#: an address among other words, with nothing about it that must be guessed
_AMONG_WORDS = re.compile(
    r"(?<![\w.+@-])[\w.+'&-]+@(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,}(?![\w@-])", re.IGNORECASE
)
_DISPLAY = re.compile(r"^[^<>@]*<([^<>]+)>$")
_AT = re.compile(
    r"\s*[\[({<]\s*(?:at|arroba|a|@)\s*[\])}>]\s*|\s+(?:at the rate(?: of)?|at[ -]sign|at|arroba)\s+|"
    r"\s*[-_*]+at[-_*]+\s*|&#64;|&commat;|%40"
)
# "gee mail": a name that was dictated and written down as it sounds.
_BY_EAR = (
    (re.compile(r"(?<=@)\s*(?:gee|g|jee)[\s-]mail\b"), "gmail"),
    (re.compile(r"(?<=@)\s*hot\s?mail\b"), "hotmail"),
    (re.compile(r"(?<=@)\s*out\s?look\b"), "outlook"),
    (re.compile(r"(?<=@)\s*(?:i|eye)[\s-]cloud\b"), "icloud"),
    (re.compile(r"(?<=@)\s*(?:a\.?\s?o\.?\s?l)\b"), "aol"),
)
_DOT = re.compile(r"\s*[\[({<]\s*(?:dot|punto|\.)\s*[\])}>]\s*|\s+(?:dot|punto|period|point)\s+|\s*[-_*]+dot[-_*]+\s*")
_LOST_DOT = re.compile(rf"(@\s*(?:{'|'.join(PROVIDERS)}))\s+(com|net|org)$")
#: "janegmail.com"
_LOST_AT = re.compile(
    rf"^([a-z\d][\w.+-]+?)\.?((?:{'|'.join(p for p in PROVIDERS if len(p) >= 5)})\.com)$", re.IGNORECASE
)
_SIGNS = ((re.compile(r"\s+(?:underscore|under score|guion bajo)\s+"), "_"), (re.compile(
r"\s+(?:dash|hyphen|minus|guion)\s+"
), "-"),
          (re.compile(r"\s+(?:plus|mas)\s+"), "+"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmailCheck:
    """`normalized` is lower case and empty unless valid; `suggestion` is an address that was probably meant."""

    valid: bool
    normalized: str = ""
    reason: Reason | None = None
    suggestion: str = ""


def check_email(text: str, *, ask_dns: bool = False) -> EmailCheck:
    """Can a person be written to here? Never raises, and asks nobody unless `ask_dns` (MX look-up, 3 s at most).

    Not valid: what breaks RFC 5321/5322, reserved or undelegated domains ("undeliverable_domain"), throw-away mailboxes
    ("disposable") and office mailboxes ("role": deliverable, but not a person's). A likely slip ("yhaoo.com") carries a
    suggestion, and stays valid unless nothing takes mail there or a list names it: the customer decides.
    """
    if not text.strip():
        return EmailCheck(valid=False, reason="empty")
    address = written_email(text)
    try:
        parsed = _parse(address)
    except EmailUndeliverableError:
        return EmailCheck(valid=False, reason="undeliverable_domain")
    except EmailNotValidError:
        return _unreadable(address)
    return _judge(parsed, ask_dns=ask_dns)


def plain_email(text: str) -> str:
    """The same text for the same address however it is written; of no use as an address if it is not valid."""
    return written_email(text).lower()


def written_email(text: str) -> str:
    """The address in `text` without what people put around it, and with "at" and "dot" written as signs."""
    plain = _AROUND.sub("", _visible(text).strip().lstrip(_QUOTES).rstrip(_QUOTES + ".,;:!?"))
    if (display := _DISPLAY.match(plain + ">" if "<" in plain else plain)) is not None:
        plain = display[1].strip()
    plain = _BRACKETED_AT.sub("@", plain)
    if among := _among_words(plain):
        return among
    if talk := _SMALL_TALK.match(plain.lower()):
        plain = plain[talk.end() :]
    if "@" in plain and not _NEEDS_READING.search(plain):
        return plain
    return _undisguised(plain) if _is_disguised(plain) else plain


def _among_words(plain: str) -> str:
    """The one whole address in "write to jane@x.com, thanks"; none in "jane doe@x.com", where a blank may be a slip."""
    found = _AMONG_WORDS.search(plain) if plain.count("@") == 1 and _NEEDS_READING.search(plain) else None
    if found is None:
        return ""
    before, behind = plain[: found.start()], plain[found.end() :].strip(" .,;:!?)]}`'\"")
    apart = (
        not before.strip()
        or _TALK_WORD.search(before.lower())
        or before[-1] in "([{`'\"<"
        or len(before.split()) >= 2
        or before.rstrip()[-1] in ":=,-"
    )
    is_talk = not re.search(r"[.@]\w", behind)
    return found.group().strip("'") if apart and is_talk and (before.strip(" ([{`'\"<") or behind or before) else ""


def _visible(text: str) -> str:
    """Full-width signs made plain and invisible characters dropped; accents stay, they can be part of an address."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return "".join(char for char in plain if unicodedata.category(char) != "Cf")


def _is_disguised(plain: str) -> bool:
    lower = f"{plain.lower()}"
    return _AT.search(lower) is not None or (_DOT.search(lower) is not None and "@" in lower)


def _undisguised(plain: str) -> str:
    lower = plain.lower().replace("guión", "guion").replace("más", "mas")
    for pattern, sign in _SIGNS:
        lower = pattern.sub(sign, lower)
    lower = _DOT.sub(".", lower)
    if "@" not in lower:
        last = list(_AT.finditer(lower))[-1]
        lower = f"{lower[: last.start()]}@{lower[last.end() :]}"
    for heard, provider in _BY_EAR:
        lower = heard.sub(provider, lower)
    lower = _LOST_DOT.sub(r"\1.\2", lower)
    return re.sub(r"\s+", "", _spoken_digits(lower))


def _spoken_digits(lower: str) -> str:
    """In “jane forty two at …” number words that stand alone in the mailbox are digits."""
    local = lower.partition("@")[0]
    if " " not in local.strip():
        return lower
    parts, position = [], 0
    for word in spoken_numbers(local):
        if local[word.start : word.end] in _NO_DIGITS:
            continue
        parts += [lower[position : word.start], word.digits or lower[word.start : word.end]]
        position = word.end
    return "".join([*parts, lower[position:]])


def _parse(address: str) -> ValidatedEmail:
    domain = address.rpartition("@")[2].lower().rstrip(".")
    if address.count("@") == 1 and _SPECIAL_USE.search(domain) and ("." in domain or domain == "localhost"):
        raise EmailUndeliverableError("a reserved domain")
    return validate_email(address, check_deliverability=False, allow_smtputf8=True, strict=True)


def _unreadable(address: str) -> EmailCheck:
    """Not an address; if leaving out blanks and mending the domain makes one, that is the suggestion."""
    mended = re.sub(r"(?<=\w)[,;:](?=\w)", ".", re.sub(r"\s+", "", address)).strip(".")
    mended = re.sub(r"@{2,}", "@", re.sub(r"\.{2,}", ".", mended)).replace(".@", "@").replace("@.", "@")
    mended = _LOST_AT.sub(r"\1@\2", mended) if "@" not in mended else mended
    local, at, domain = mended.rpartition("@")
    better = suggestion_for(domain.lower(), is_real_suffix=is_delegated(domain.lower())) or domain
    candidate = f"{local}{at}{better}".lower()
    try:
        _parse(candidate)
    except EmailNotValidError:
        return EmailCheck(valid=False, reason="syntax")
    return EmailCheck(valid=False, reason="syntax", suggestion=candidate)


def _judge(parsed: ValidatedEmail, *, ask_dns: bool) -> EmailCheck:
    domain = parsed.ascii_domain.lower()
    normalized = parsed.normalized.lower()
    meant = suggestion_for(domain, is_real_suffix=is_delegated(domain))
    suggestion = f"{parsed.local_part.lower()}@{meant}" if meant else ""
    servers = _mail_servers(normalized) if ask_dns else None
    if not is_registrable(domain) or servers == []:
        return EmailCheck(valid=False, reason="undeliverable_domain", suggestion=suggestion)
    if is_disposable(domain) or any(is_disposable(server) for server in servers or []):
        return EmailCheck(valid=False, reason="disposable", suggestion=suggestion)
    if is_role(parsed.local_part):
        return EmailCheck(valid=False, reason="role", suggestion=suggestion)
    return EmailCheck(valid=True, normalized=normalized, suggestion=suggestion)


def is_role(local_part: str) -> bool:
    """Is it an office's mailbox? Tags behind a plus do not matter."""
    return local_part.partition("+")[0].lower() in ROLES


def _mail_servers(address: str) -> list[str] | None:
    """The hosts that take mail for the address, none of them for sure ([]), or None where the DNS gave no answer."""
    try:
        found = validate_email(address, check_deliverability=True, timeout=3)
    except EmailUndeliverableError as refusal:
        sure = refusal.__cause__ is None or isinstance(refusal.__cause__, NXDOMAIN | NoAnswer)
        return [] if sure else None
    except DNSException:
        return None
    # email-validator leaves the attribute out where no name server answered.
    return [host.lower().rstrip(".") for _, host in getattr(found, "mx", None) or []] or None
