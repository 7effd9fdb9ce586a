"""The rooms' rules, found by convention: `<app>.retention` of every installed app, top to bottom."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps

from carloans.core.retention.rules import Rule
from carloans.core.rights import Hold
from carloans.core.rights import rooms as rights

OWN = "carloans.core"


@cache
def modules() -> tuple[ModuleType, ...]:
    """Top room first; the core, which everything may point to, last."""
    names = [config.name for config in reversed(list(apps.get_app_configs())) if config.name != OWN]
    found = [import_module(f"{name}.retention") for name in names if find_spec(f"{name}.retention")]
    return (*found, import_module(f"{OWN}.retention.own"))


def rules() -> list[Rule]:
    """All rules in the order in which they are applied. Raises ValueError when two have one name."""
    found = [rule for module in modules() for rule in module.RULES]
    names = [rule.name for rule in found]
    if len(set(names)) != len(names):
        raise ValueError("Two rules of retention have the same name.")
    return found


def holds() -> list[Hold]:
    """Every duty of any room that spares a visitor's rows: those that hold an erasure back, and retention's own."""
    return [*rights.holds(), *(one for module in modules() for one in getattr(module, "HOLDS", ()))]
