"""Measuring CreditCheck, and what the suites above start from and ask of this room's rows."""

from credit.evaluation import suite

suite.register()
