"""What a customer's turn means: intents, contact data in it, and whether the guardrails stop it."""

from .recogniser import INTENTS, Understanding, understand

__all__ = ["INTENTS", "Understanding", "understand"]
