"""The sixteen rules, one file each."""

from . import (
    addons,
    adverse_action,
    approval,
    competitors,
    consent,
    credit_impact,
    demeaning,
    falsification,
    human,
    legal,
    other_customers,
    pressure,
    prohibited,
    rates,
    sensitive,
    system_prompt,
)

ALL = (
    approval.RULE,
    rates.RULE,
    adverse_action.RULE,
    human.RULE,
    sensitive.RULE,
    prohibited.RULE,
    pressure.RULE,
    legal.RULE,
    credit_impact.RULE,
    consent.RULE,
    other_customers.RULE,
    system_prompt.RULE,
    competitors.RULE,
    falsification.RULE,
    addons.RULE,
    demeaning.RULE,
)
