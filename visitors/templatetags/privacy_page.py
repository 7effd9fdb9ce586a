"""The words of the privacy page as template filters."""

from __future__ import annotations

from django import template

from visitors import privacy_words

register = template.Library()
for word in (
    privacy_words.value_label,
    privacy_words.value_reason,
    privacy_words.value_shown,
    privacy_words.consent_title,
    privacy_words.act_said,
    privacy_words.agent_work,
    privacy_words.kept_for,
    privacy_words.recipient_got,
):
    register.filter(word.__name__, word)
