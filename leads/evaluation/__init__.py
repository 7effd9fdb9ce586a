"""Measuring LeadPackaging: does a lead reach the dealer whom the customer agreed to, and nobody else."""

from cathy.evaluation import register
from leads.evaluation import suite

register(suite, name="lead_packaging", agent="LeadPackaging", task=suite.LeadTask)
