"""What people of the team may write to a customer: the claim linter holds for them as it does for Cathy.

One rule does not: a person may say that they are a person.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cathy.guardrails.claims import Violation, check

_CATHYS_ALONE: Final = frozenset({"claims_human"})
#: Why a manager sends words that break a rule. Chosen, so that the trail can be counted and holds no personal data.
OVERRIDES: Final[dict[str, str | Promise]] = {
    "false_alarm": _("the rule is mistaken here"),
    "legal_wording": _("wording that compliance gave us"),
    "quotes_customer": _("it repeats the customer's own words"),
}


def judge(text: str, *, before: str = "") -> list[Violation]:
    """What in `text` breaks a rule, one entry per rule; `before` is the customer's line that it may answer."""
    return [one for one in check(text, context=before or None) if one.rule not in _CATHYS_ALONE]


_NAME: Final = re.compile(r"\{(\w*)\}")
_FILLED: Final = ("company", "me")


def unknown_names(text: str) -> list[str]:
    """Names in braces that nobody fills in."""
    return [name for name in _NAME.findall(text) if name not in _FILLED]


def filled(text: str, *, company: str, me: str) -> str:
    """A ready-made reply with the names in it."""
    values = {"company": company, "me": me}
    return _NAME.sub(lambda match: values.get(match[1], match[0]), text)
