"""Cathy: engine, persona, guardrails and simulated model of the five agents; the only door to the Agents SDK."""
