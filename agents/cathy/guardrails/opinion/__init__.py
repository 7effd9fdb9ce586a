"""The second opinion: two small learned models that read a sentence as the rules do, in its normalised form.

The rules explain; the models have learned from labelled sentences. `judge` weighs both. How they were made, how
well they read and what that does not show: docs/agents.md.
"""
