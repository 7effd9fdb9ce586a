"""How long this room keeps what, and why."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from carloans.core.periods import APPLICATION
from carloans.core.retention import Rule
from cathy.models import AgentRun, RunRecording, ToolCall, Verdict

_RECORD = _("Records of how a decision was made, 12 CFR 1002.12(b): 25 months; no words, no personal data")
_WORDS = _("What a model was given and answered, 12 CFR 1002.12(b): 25 months; placeholders only, encrypted")

RULES = [
    Rule(
        name="cathy.recordings",
        kind="agent runs",
        model=RunRecording,
        keeps=APPLICATION,
        since="run__started_at",
        why=_WORDS,
        visitor="run__visitor",
    ),
    Rule(
        name="cathy.tool_calls",
        kind="agent runs",
        model=ToolCall,
        keeps=APPLICATION,
        since="run__started_at",
        why=_RECORD,
        visitor="run__visitor",
    ),
    Rule(
        name="cathy.verdicts",
        kind="agent runs",
        model=Verdict,
        keeps=APPLICATION,
        since="at",
        why=_RECORD,
        visitor="run__visitor",
    ),
    Rule(
        name="cathy.runs",
        kind="agent runs",
        model=AgentRun,
        keeps=APPLICATION,
        since="started_at",
        why=_RECORD,
        visitor="visitor",
    ),
]
