"""The recipe for the recogniser's reader (docs/agents.md); no part of the running program.

It needs requirements-training.txt.
"""
