"""VisitorIdentifier on whichever model is configured: simulated in tests."""

from __future__ import annotations

from typing import Any

import pytest

from carloans.core.clock import utc_now
from cathy.engine import run_typed_sync
from visitors import tasks
from visitors.agent import judge
from visitors.models import Assessment
from visitors.tests.factories import KnownVisitorFactory, make_abandoned

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_agent_judges_an_abandonment_and_its_run_is_named() -> None:
    verdict = judge(application_id=make_abandoned().pk, now=utc_now())
    assert (verdict.source, verdict.judgement.identity) == ("agent", "known")
    assert verdict.judgement.channels == ["email", "chat"]
    assert verdict.judgement.next_step == "email"
    assert verdict.run_id is not None


def test_the_model_sees_no_value_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def listen(*args: Any, **kwargs: Any) -> Any:
        asked.append(kwargs["input"])
        return run_typed_sync(*args, **kwargs)

    monkeypatch.setattr("visitors.agent.run_typed_sync", listen)
    judge(application_id=make_abandoned().pk, now=utc_now())
    assert len(asked) == 1
    assert not [value for value in ("Ann", "gmail", "555123", "Acme", "4200", "Toyota") if value in asked[0]]


def test_a_privacy_signal_closes_the_mail_whatever_the_agent_says() -> None:
    application = make_abandoned(visitor=KnownVisitorFactory.create(gpc=True))
    tasks.judge_abandonment(application_id=str(application.pk))
    verdict = Assessment.objects.get()
    assert "email" not in verdict.channels
    assert verdict.next_step != "email"
