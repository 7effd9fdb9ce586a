"""Every mail: once, lawful in what it says, with a link that works once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings

from campaigns.sandbox import accepted_times
from dashboard.funnel.rows import rows
from dashboard.funnel.town import Town

_LIFETIME: Final = timedelta(hours=24)
_ASSISTANT: Final = ("AI assistant", "asistente de")


def each_mail_is_sent_once(town: Town) -> list[str]:
    """The mail provider accepted every sent mail exactly once, and none that we did not send"""
    wrong = []
    for mail in rows("campaigns.Message"):
        times = accepted_times(mail.pk)
        once = times == 1 if mail.state == "done" else times <= 1 and (mail.tried_at or not times)
        if not once:
            wrong.append(f"mail {mail.pk} ({mail.state}) was accepted {times} times")
    return wrong


def each_mail_says_what_it_must(town: Town) -> list[str]:
    """Every letter names the sender's address, the AI assistant, and a way out that works with one click"""
    wrong = []
    for number, letter in enumerate(town.letters):
        parts = {
            "postal address": all(settings.COMPANY_POSTAL_ADDRESS in part for part in (letter.text, letter.html)),
            "AI label": any(word in letter.text for word in _ASSISTANT),
            "AI in the sender's name": "AI" in letter.sender or "IA" in letter.sender,
            "unsubscribe link": "/u/" in letter.text,
            "one click": "/u/" in letter.headers.get("List-Unsubscribe", "")
            and letter.headers.get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click",
        }  # fmt: skip
        wrong += [f"letter {number} lacks its {part}" for part, there in parts.items() if not there]
    return wrong


def return_links_work_once_and_for_a_day(town: Town) -> list[str]:
    """A return link is used at most once, within 24 hours, and never after it was revoked"""
    wrong = []
    for link in rows("visitors.ReturnLink"):
        late = link.used_at and not link.created_at <= link.used_at < link.created_at + _LIFETIME
        revoked = link.used_at and link.revoked_at and link.used_at > link.revoked_at
        if late or revoked or link.expires_at - link.created_at > _LIFETIME:
            wrong.append(f"link {link.pk}")
    used = rows("core.AuditEntry").filter(action="return_link.redeemed").values_list("facts", flat=True)
    ids = [facts.get("link") for facts in used]
    return wrong + [f"link {one} was redeemed twice" for one in sorted({one for one in ids if ids.count(one) > 1})]


CHECKS = (each_mail_is_sent_once, each_mail_says_what_it_must, return_links_work_once_and_for_a_day)
