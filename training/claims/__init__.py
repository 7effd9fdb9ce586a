"""The recipe for the claim linter's models (docs/agents.md); no part of the running program.

It needs requirements-training.txt.
"""
