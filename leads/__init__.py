"""Leads: a customer's request, packaged for a dealer who may have it, and delivered exactly once."""
