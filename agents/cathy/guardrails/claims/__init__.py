"""The claim linter: what Cathy never says, in chat or e-mail, in English or Spanish."""

from .linter import RULE_NAMES, RULES, Violation, check, check_together

__all__ = ["RULES", "RULE_NAMES", "Violation", "check", "check_together"]
