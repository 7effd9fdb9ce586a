"""Sites by their public key, and which pages may talk for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from carloans.core.errors import NotAllowed
from visitors.models import Site


class UnknownSite(NotAllowed):
    code = "unknown_site"
    message = "This site key is not known or not active."


class OriginNotAllowed(NotAllowed):
    code = "origin_not_allowed"
    message = "This page may not send data for this site. Its origin has to be listed with the site first."


@dataclass(frozen=True)
class SiteInfo:
    """A site, as others may know it."""

    id: int
    key: str
    name: str
    company_name: str
    origins: tuple[str, ...]
    is_demo: bool

    def allows(self, origin: str) -> bool:
        """Whether pages of this web origin may speak for the site."""
        return origin in self.origins or origin in settings.SITE_ORIGINS


def _info(site: Site) -> SiteInfo:
    return SiteInfo(site.pk, site.key, site.name, site.company_name, tuple(site.origins), site.is_demo)


def _active(key: str) -> QuerySet[Site]:
    """The active site of a key. Anybody may send one, also with a NUL, which PostgreSQL takes for no text at all."""
    return Site.objects.none() if "\x00" in key else Site.objects.filter(key=key, active=True)


def site_by_key(*, key: str) -> SiteInfo:
    """The active site of a key. Raises UnknownSite."""
    site = _active(key).first()
    if site is None:
        raise UnknownSite
    return _info(site)


def admitted_site(*, key: str, origin: str | None) -> SiteInfo:
    """The site, if pages of `origin` (None: no foreign page) may speak for it. Raises UnknownSite, OriginNotAllowed."""
    site = site_by_key(key=key)
    if origin is not None and not site.allows(origin):
        raise OriginNotAllowed
    return site


def api_secret(*, key: str) -> str:
    """The secret that signs a site's server-to-server calls. Raises UnknownSite."""
    secret = _active(key).values_list("api_secret", flat=True).first()
    if secret is None:
        raise UnknownSite
    return secret


def is_known_origin(*, origin: str) -> bool:
    """Whether any active site lists this origin: what a preflight, which names no site, can be asked."""
    if origin in settings.SITE_ORIGINS:
        return True
    return any(origin in origins for origins in Site.objects.filter(active=True).values_list("origins", flat=True))
