"""Measuring CreditCheck, and what the suites above start from and ask of this room's rows."""

from cathy.evaluation import register
from credit.evaluation import suite

register(suite, name="credit_check", agent="CreditCheck", task=suite.CreditTask)
