"""Measuring RealtimeChat on whole conversations with invented customers, and HandoffBriefing on what follows a call."""

from cathy.evaluation import register
from chat.evaluation import briefing, suite
from chat.evaluation.tasks import ChatTask

register(suite, name="chat", agent="RealtimeChat", task=ChatTask)
register(briefing, name="handoff_briefing", agent="HandoffBriefing", task=briefing.BriefingTask)
