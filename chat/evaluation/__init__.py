"""Measuring RealtimeChat on whole conversations with invented customers, and HandoffBriefing on what follows a call."""

from chat.evaluation import briefing, suite

suite.register()
briefing.register()
