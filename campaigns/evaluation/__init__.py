"""Measuring EmailReengagement, and what the suites above start from and ask of this room's rows."""

from campaigns.evaluation import suite

suite.register()
