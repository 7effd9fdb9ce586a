"""What the run log keeps about a person: that an agent worked on something of theirs, and for replays what was said."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloans.core.periods import APPLICATION
from carloans.core.rights import ROW, Person, Stays, Table
from cathy.models import AgentRun, RunRecording, ToolCall, Verdict

_RECORD = _("Record of how a decision was made, 12 CFR 1002.12(b): 25 months. It holds no words and no personal data")


def _runs(person: Person, path: str = "") -> Q:
    return (
        Q(**{f"{path}visitor__in": person.visitors})
        | Q(**{f"{path}application__in": person.applications})
        | Q(**{f"{path}conversation__in": person.conversations})
    )


TABLES = [
    Table(
        model=AgentRun,
        title=_("When an AI agent worked on your request"),
        of=_runs,
        order=("started_at", "pk"),
        stays=Stays(reason=_RECORD, since="started_at", keeps=APPLICATION),
    ),
    Table(
        model=RunRecording,
        title=_("What the agent was given and answered"),
        of=lambda person: Q(run__in=AgentRun.objects.filter(_runs(person)).values("pk")),
        order=("run__started_at", "run"),
        erases=ROW,
    ),
    Table(
        model=ToolCall,
        title=_("What the agent looked up or asked for"),
        of=lambda person: Q(run__in=AgentRun.objects.filter(_runs(person)).values("pk")),
        order=("run", "seq"),
        erases={"arguments": {}},
        stays=Stays(reason=_RECORD, since="run__started_at", keeps=APPLICATION),
    ),
    Table(
        model=Verdict,
        title=_("Where a rule stopped the agent"),
        of=lambda person: Q(run__in=AgentRun.objects.filter(_runs(person)).values("pk")),
        order=("at", "pk"),
        stays=Stays(reason=_RECORD, since="at", keeps=APPLICATION),
    ),
]

EXEMPT = {"DailySpending": "a sum per day, nobody in particular"}
