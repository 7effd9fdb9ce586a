"""Measuring EmailReengagement, and what the suites above start from and ask of this room's rows."""

from campaigns.evaluation import suite
from cathy.evaluation import register

register(suite, name="email_reengagement", agent="EmailReengagement", task=suite.EmailTask)
