"""Retention: what is kept for how long, by class, and the daily round that removes the rest.

The core knows no room by name. Each installed app may have a module `retention` that declares `RULES`, a list of
`Rule`s, and optionally `HOLDS`, duties for which a row stays although it is due. `purge` applies them, top room first,
so that what points to something goes before it.
"""

from carloans.core.retention.purging import latest, purge
from carloans.core.retention.rules import Held, Rule

__all__ = ["Held", "Rule", "latest", "purge"]
