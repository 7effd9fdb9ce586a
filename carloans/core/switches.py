"""The kill switches. They are asked right before a side effect, so that they stop work already in flight."""

from __future__ import annotations

from carloans.core.errors import NotAllowed
from carloans.core.models import Switch


class SwitchedOff(NotAllowed):
    code = "switched_off"
    message = "This is switched off at the moment."


def _scopes(state: str | None, buyer: str | None) -> list[str]:
    return ["all", *([f"state:{state}"] if state else []), *([f"buyer:{buyer}"] if buyer else [])]


def is_on(name: str, *, state: str | None = None, buyer: str | None = None) -> bool:
    """Whether `name` (ai, send, pull, post) is on everywhere that matters for this state and buyer."""
    return not Switch.objects.filter(name=name, scope__in=_scopes(state, buyer), on=False).exists()


def require(name: str, *, state: str | None = None, buyer: str | None = None) -> None:
    """Raises SwitchedOff unless the switch is on."""
    if not is_on(name, state=state, buyer=buyer):
        raise SwitchedOff


def states() -> list[dict[str, object]]:
    """Every switch that differs from its default or has a reason, and the four global ones, for the screen."""
    rows = {(row.name, row.scope): row for row in Switch.objects.all()}
    missing = [(name, "all") for name in ("ai", "send", "pull", "post") if (name, "all") not in rows]
    stated = [{"name": n, "scope": s, "on": row.on, "reason": row.reason} for (n, s), row in rows.items()]
    return [{"name": name, "scope": scope, "on": True, "reason": ""} for name, scope in missing] + stated
