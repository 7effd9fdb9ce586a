"""The soft credit check: the customer's written instruction, one pull, an outcome that may be said aloud."""
