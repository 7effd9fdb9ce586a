"""A person's rights over their data: to have it shown and to have it erased, in every room.

The core knows no room by name. Each installed app may have a module `rights` that declares

* `TABLES`: one `Table` for every table that is about people (required; see `declare.Table`),
* `EXEMPT`: {"ModelName": "why no row of it is about a person"},
* `resolve(person, *, now) -> Person`: adds the ids that this room knows the person by,
* `stop(person, *, now) -> None`: ends open work and shuts the door, before the room's rows are erased; repeatable,
* `HOLDS`: `Hold`s, duties for which something must be kept for a while.

`find` → `export` | `plan` (what an erasure would do) | `erase`. Law: Cal. Civ. Code 1798.105, .110, .145.
"""

from carloans.core.rights.declare import ROW, Hold, Person, Section, Stays, Table
from carloans.core.rights.erasing import erase, finish_due, plan, proceed
from carloans.core.rights.exporting import export, export_sections
from carloans.core.rights.finding import find, find_visitor, is_on_file
from carloans.core.rights.report import Line, Report

__all__ = [
    "ROW",
    "Hold",
    "Line",
    "Person",
    "Report",
    "Section",
    "Stays",
    "Table",
    "erase",
    "export",
    "export_sections",
    "find",
    "find_visitor",
    "finish_due",
    "is_on_file",
    "plan",
    "proceed",
]
