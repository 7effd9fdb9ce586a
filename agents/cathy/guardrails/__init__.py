"""What Cathy may hear and say: the claim linter, the sentence gate and the input guardrails. Plain Python."""
