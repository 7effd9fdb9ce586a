"""How much a customer's browser downloads: each script as it is served, gzipped."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders

#: The button's modules; with the tracker they are what every page loads.
BUTTON = ("chat/launcher.js", "chat/widget/colour.js", "chat/widget/memory.js")
TRACKER = "visitors/embed.js"
#: Bytes. A page pays for tracker and button at once, for the window at the first press.
MOST_LAUNCHER, MOST_WIDGET = 6 * 1024, 30 * 1024


def launcher() -> int:
    """Bytes of the scripts that every page loads, the tracker among them."""
    return _bytes(TRACKER) + sum(map(_bytes, BUTTON))


def widget() -> int:
    """Bytes of the whole widget: the button and every module of the chat window."""
    return sum(map(_bytes, scripts()))


def figures() -> dict[str, int]:
    """Bytes by part."""
    return {"tracker": _bytes(TRACKER), "button": sum(map(_bytes, BUTTON)), "widget": widget()}


def scripts() -> list[str]:
    """The static paths of the widget."""
    found = (path for finder in finders.get_finders() for path, _ in finder.list(None))
    return sorted(path for path in found if path.startswith("chat/") and path.endswith(".js"))


def _bytes(path: str) -> int:
    served = Path(str(finders.find(path)))
    return served.with_name(f"{served.name}.gz").stat().st_size
