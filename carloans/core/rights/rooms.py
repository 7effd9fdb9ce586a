"""The rooms' declarations, found by convention: `<app>.rights` of every installed app, bottom to top."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps

from carloans.core.rights.declare import Hold, Table

OWN = "carloans.core"


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every room's module, in the order of INSTALLED_APPS. The core's own tables come last: its vault is theirs."""
    names = [config.name for config in apps.get_app_configs() if config.name != OWN]
    found = [import_module(f"{name}.rights") for name in names if find_spec(f"{name}.rights")]
    return (*found, import_module(f"{OWN}.rights.own"))


def tables(module: ModuleType) -> tuple[Table, ...]:
    return tuple(getattr(module, "TABLES", ()))


def holds() -> list[Hold]:
    """Every duty that may keep something."""
    return [one for module in modules() for one in getattr(module, "HOLDS", ())]
