"""Synthetic visitors through the whole funnel on a virtual clock, and what must hold of all that they leave behind.

Real services, tasks, agents and providers; only the people and the clock are invented. `simulate_visitors` calls it,
and the tests read the same rows, logs and recorded requests for personal data.
"""
