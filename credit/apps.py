from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CreditConfig(AppConfig):
    name = "credit"
    verbose_name = _("Credit checks")

    def ready(self) -> None:
        from credit import receivers, selectors
        from visitors import disclosures

        receivers.connect()
        disclosures.tell_with(self.name, selectors.recipients)
