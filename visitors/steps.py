"""The five steps of the application form."""

from __future__ import annotations

#: Step number (from 1) to name.
STEPS = {1: "vehicle", 2: "income", 3: "employer", 4: "contact", 5: "review"}
LAST_STEP = len(STEPS)
