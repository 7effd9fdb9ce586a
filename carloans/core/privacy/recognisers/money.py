"""Accounts that no word beside them names: because the text moves money, or because a routing number stands beside."""

import re
from collections.abc import Iterator

from stdnum.us import rtn

from carloans.core.privacy.atoms import Window
from carloans.core.privacy.cues import Kind, leads_to
from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.dates import is_compact_date

_PHONE_LIKE = {(3, 3, 4), (1, 3, 3, 4)}
_DATE_LIKE = {(2, 2, 4), (1, 2, 4), (2, 1, 4), (1, 1, 4), (4, 2, 2), (2, 2, 2), (3, 2, 4)}
_ROUTING_SIZES = {(9,), (3, 3, 3), (4, 4, 1), (4, 5), (5, 4), (2, 3, 4)}
#: what calls the first of two numbers otherwise
_OTHERS = {
    Kind.CODE, Kind.NOUN, Kind.PLAIN, Kind.SSN, Kind.LAST4, Kind.PHONE, Kind.LICENCE, Kind.CARD, Kind.ZIP, Kind.DOB,
    Kind.IBAN,
}  # fmt: skip
#: the four signs of the line at the bottom of a check
_SIGN = "\u2446\u2447\u2448\u2449"
_BETWEEN = re.compile(
    rf"[\s,;:/|#=\-\"'.{_SIGN}]*(?:(?:then|and|y|luego|acct?|account|a/c|cuenta|a(?=:)|r(?=:)|dda|aba|rtn|checking|savings|"
    rf"no|num|number)"
    rf"[\s,;:/|#=\-\"'.{_SIGN}]*){{0,3}}"
)
_ROUTING_SIGN, _ACCOUNT_SIGN = "\u2446", "\u2448"
_BEFORE_ROUTING = (_ROUTING_SIGN, f"{_ROUTING_SIGN} ")
#: "draft 4400718829", "wire the overage to …", "saquen el pago de la …"
_VERBS = (
    r"\b(?:draft(?:ed|ing|s)?|debit(?:ed|ing|en|ar|e|a)?|wir(?:e|ed|ing)|pull(?:ed|ing|s)?|"
    r"transfer(?:red|ring|ir|imos)?|transfier\w+|deposit(?:ed|ing|s|en|ar|a|o|e)?|withdr\w+|retir(?:en|ar|a|e|o)|saquen|sacar|"
    r"sacan|descuent\w+|cobren|"
    r"(?:take|taking|took|send|sent|put|return|run|get|refund) (?:it|them|(?:(?:the|my|our|this|that|his|her) )?"
    r"(?:\w+ )?(?:payments?|money|refund|overage|funds|payoff|deposit|check|balance))|"
    r"half|the (?:rest|remainder)|la (?:otra )?mitad|el resto)\b"
)
_MOVING = re.compile(_VERBS)
_MOVES = re.compile(
    rf"{_VERBS}(?:[^?!;\n]{{0,45}}?\b(?:from|to|into|out of|against|off|of|in|de|del|a|al|en|on|with))?"
    rf"(?: (?:the|my|his|her|our|la|mi|el|su|account|acct|number|no))*"
    rf"(?: (?:husband|wife|spouse|mom|dad|son|daughter|brother|sister|partner)'?s?)?[\s:#.]{{0,2}}\Z"
)
#: what is printed at the foot of a check
_ON_A_CHECK = (
    r"\b(?:my|the|a|mi|el|un) che(?:ck|que)\b[^\d]{0,40}\b(?:bottom|left|right|corner|foot|abajo|izquierda|pie)\b"
)
_CHECKED = re.compile(_ON_A_CHECK + r"|\bbottom of (?:the|my|a) che(?:ck|que)")
#: a text about somebody's account at a bank
_HELD = re.compile(
    r"\b(?:my|his|her|their|our|joint|old|new|the|mi|thats|that's my) (?:\w+ )?"
    r"(?:checking|savings)\b(?! (?:out|on|in|if|up|for|of)\b)|"
    rf"{_ON_A_CHECK}|"
    r"\bvoid(?:ed)? che(?:ck|que)|cheque (?:anulado|cancelado)|bottom of (?:the|my|a) che|direct deposit|"
    r"deposito directo|\ballotment\b|\baba\b|\bdda\b|\bmicr\b|\bcuenta de (?:cheques|ahorros?)|\bchequera\b|"
    r"\bauto ?(?:pay|draft)\b|\bach\b"
)
_NEAR = 120


def pairs_of(doc: Document) -> Iterator[tuple[Window, Window]]:
    """A routing number that checks and the account beside it, in either order."""
    for routing in doc.windows:
        if len(routing.digits) != 9 or not _could_be_routing(doc, routing):
            continue
        for account in _numbers_beside(doc, routing):
            first = min(routing, account, key=lambda window: window.start)
            if not _is_called_otherwise(doc, first):
                yield routing, account
                break


def _could_be_routing(doc: Document, window: Window) -> bool:
    if not window.spoken and (window.sizes not in _ROUTING_SIZES or not window.tight):
        return False
    if not rtn.is_valid(window.digits):
        return False
    behind = doc.cue_behind(window.end)
    return behind is None or behind.kind not in _OTHERS


def _numbers_beside(doc: Document, routing: Window) -> Iterator[Window]:
    """The longest first, but a number in one piece stands for itself."""
    beside = [window for window in doc.windows if _could_be_account(window) and _is_beside(doc, routing, window)]
    yield from sorted(beside, key=lambda w: (len(w.atoms[0].digits) < 7 or len(w.atoms) > 1, -len(w.digits)))


def _could_be_account(window: Window) -> bool:
    if not 6 <= len(window.digits) <= 17 or not window.tight:
        return False
    return window.sizes not in _PHONE_LIKE | _DATE_LIKE and not is_compact_date(window.digits)


def _is_beside(doc: Document, routing: Window, other: Window) -> bool:
    start, end = (routing.end, other.start) if other.start > routing.start else (other.end, routing.start)
    return 0 < end - start <= 24 and _BETWEEN.fullmatch(doc.lower, start, end) is not None


def _is_called_otherwise(doc: Document, window: Window) -> bool:
    cue = doc.cue_before(window.start, reach=40)
    if cue is None or cue.kind not in _OTHERS:
        return False
    return cue.kind != Kind.PHONE or leads_to(doc.lower[cue.end : window.start])


def routing_on_a_check(doc: Document) -> Iterator[Window]:
    """Nine digits behind the sign that magnetic ink prints before a routing number, right or mistyped.

    Without that sign, in a text about the foot of a check, nine digits with a right checksum.
    """
    if _CHECKED.search(doc.lower):
        yield from (w for w in doc.windows if len(w.digits) == 9 and w.tight and rtn.is_valid(w.digits))
    if _ROUTING_SIGN in doc.lower:
        for window in doc.windows:
            if len(window.digits) == 9 and doc.lower[max(0, window.start - 2) : window.start].endswith(_BEFORE_ROUTING):
                yield window


def accounts_told_by_the_text(doc: Document) -> Iterator[Window]:
    """Before the sign that ends it on a check, behind "draft" or "wire it to", in a text about a checking account."""
    windows = [window for window in doc.windows if _could_be_account(window)]
    if not windows:
        return
    checked, moved = _ACCOUNT_SIGN in doc.lower, _MOVING.search(doc.lower) is not None
    held = [match.span() for match in _HELD.finditer(doc.lower)]
    if not checked and not moved and not held:
        return
    for window in windows:
        if (
            (checked and _is_on_a_check(doc, window))
            or (moved and _is_moved(doc, window))
            or _is_held(doc, window, held)
        ):
            yield window


def _is_on_a_check(doc: Document, window: Window) -> bool:
    return doc.lower[window.end : window.end + 2].lstrip(" -").startswith(_ACCOUNT_SIGN)


def _is_moved(doc: Document, window: Window) -> bool:
    """Right behind the verb: seven digits or more that are not called otherwise."""
    if len(window.digits) < 7 or _has_other_name(doc, window, but=Kind.PLAIN):
        return False
    return _MOVES.search(doc.lower, max(0, window.start - 90), window.start) is not None


def _is_held(doc: Document, window: Window, held: list[tuple[int, int]]) -> bool:
    """A long number in a text about an account at a bank, whatever else is said between."""
    if len(window.digits) < 8 or (len(window.atoms) > 1 and not window.punctuated):
        return False
    near = any(start - _NEAR <= window.end and window.start <= end + _NEAR for start, end in held)
    return near and not _has_other_name(doc, window)


def _has_other_name(doc: Document, window: Window, *, but: Kind | None = None) -> bool:
    """Does the nearest word call it a phone, an order, a price? A "payment" that is moved calls nothing."""
    others = (_OTHERS | {Kind.ROUTING, Kind.DATED}) - {but}
    behind = doc.cue_behind(window.end)
    if behind is not None and behind.kind in others - {Kind.DATED}:
        return True
    cue = doc.cue_before(window.start, reach=40)
    if cue is None or cue.kind not in others:
        return doc.in_url(window.start)
    gap = doc.lower[cue.end : window.start]
    return cue.kind != Kind.DATED and (leads_to(gap) or not any(char.isdigit() for char in gap))
