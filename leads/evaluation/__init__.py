"""Measuring LeadPackaging: does a lead reach the dealer whom the customer agreed to, and nobody else."""

from leads.evaluation import suite

suite.register()
