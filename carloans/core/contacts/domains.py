"""What is known about mail domains without asking the network: disposable ones, and suffixes that exist."""

from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from carloans.core.text import words

#: Mailboxes of real people that one of the lists has named at times: relays of Apple and Mozilla, small providers.
NOT_DISPOSABLE = words(
    """
    privaterelay.appleid.com duck.com mozmail.com relay.firefox.com fastmail.com fastmail.fm hey.com pm.me proton.me
    protonmail.com tutanota.com tuta.com tuta.io mail.com email.com gmx.com gmx.net gmx.us yandex.com zoho.com
    aol.com icloud.com me.com mac.com gmail.com googlemail.com yahoo.com ymail.com rocketmail.com hotmail.com
    outlook.com live.com msn.com passmail.net simplelogin.com qq.com 163.com 126.com naver.com comcast.net
    verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net
    """
)


@lru_cache(maxsize=1)
def disposable_domains() -> frozenset[str]:
    """Two independently kept lists in one; either alone misses most of the domains in use."""
    from disposable_email_domains import blocklist
    from MailChecker import MailChecker

    both: set[str] = set(blocklist) | set(MailChecker.blacklist)
    return frozenset(domain.lower() for domain in both) - NOT_DISPOSABLE


@lru_cache(maxsize=1)
def _allowed() -> frozenset[str]:
    from disposable_email_domains import allowlist

    return NOT_DISPOSABLE | frozenset(allowlist)


def is_disposable(domain: str) -> bool:
    """Is `domain` (ASCII, lower case), or a domain above it, on a list? An allowed one nearer by wins."""
    labels = domain.split(".")
    for first in range(len(labels) - 1):
        above = ".".join(labels[first:])
        if above in _allowed():
            return False
        if above in disposable_domains():
            return True
    return False


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def is_delegated(domain: str) -> bool:
    """Does `domain` end in a suffix that is delegated on the Internet (".com", ".co.uk"; not ".con")?"""
    return _suffixes().publicsuffix(domain) is not None


def is_registrable(domain: str) -> bool:
    """As `is_delegated`, and with a name before the suffix: nobody has a mailbox at "co.uk"."""
    return _suffixes().privatesuffix(domain) is not None
