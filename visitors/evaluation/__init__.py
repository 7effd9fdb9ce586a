"""Measuring VisitorIdentifier, and the invented visitors that the suites of the rooms above start from."""

from cathy.evaluation import register
from visitors.evaluation import suite

register(suite, name="visitor_identifier", agent="VisitorIdentifier", task=suite.VisitorTask)
