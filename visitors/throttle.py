"""How often something may be tried within a time, counted in the cache. A lost count lets a little more through."""

from __future__ import annotations

from django.core.cache import cache

from carloans.core.privacy.index import blind_index


def too_often(*, what: str, who: str, most: int, seconds: int) -> bool:
    """Count this try of `who` (an address or an id; only its keyed hash is kept). True when it is one too many."""
    key = f"throttle:{what}:{blind_index('throttle', who)}"
    if cache.add(key, 1, timeout=seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:
        # It ran out in between: this one begins to count anew.
        cache.set(key, 1, timeout=seconds)
        return False
