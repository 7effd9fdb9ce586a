"""Measuring VisitorIdentifier, and the invented visitors that the suites of the rooms above start from."""

from visitors.evaluation import suite

suite.register()
