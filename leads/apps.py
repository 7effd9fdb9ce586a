from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from chat.partners import Partner


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Leads")

    def ready(self) -> None:
        from chat import partners
        from leads import receivers, selectors
        from visitors import disclosures

        receivers.connect()
        partners.name_with(dealers)
        disclosures.tell_with(self.name, selectors.recipients)
        disclosures.name_with(selectors.buyer_names)


def dealers(state: str) -> Sequence[Partner]:
    """The dealers whom the chat's contact form may name in a state: rows of this room, handed down to the chat."""
    from carloans.core.clock import utc_now
    from chat.partners import Partner
    from leads import selectors

    return [Partner(slug=slug, name=name) for slug, name in selectors.named_buyers(state=state, now=utc_now())]
