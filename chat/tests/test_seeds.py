"""What the demo begins with: hours and ready-made replies that keep the rules."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from chat import staff_words
from chat.models import CannedReply, Opening, ServiceHours

pytestmark = pytest.mark.django_db


def test_the_demo_has_hours_and_replies_that_break_no_rule_and_an_operators_changes_stay(now):
    call_command("seed_demo", verbosity=0)
    for reply in CannedReply.objects.all():
        for text in (reply.text_en, reply.text_es):
            filled = staff_words.filled(text, company="Car Loans", me="Ann")
            assert staff_words.judge(filled) == []
            assert "{" not in filled
    Opening.objects.all().delete()
    CannedReply.objects.filter(key="hello").update(text_en="Hi.")
    call_command("seed_demo", verbosity=0)
    assert ServiceHours.objects.count() == 1
    assert not Opening.objects.exists()
    assert CannedReply.objects.get(key="hello").text_en == "Hi."
