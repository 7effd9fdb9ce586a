from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = _("Conversations")

    def ready(self) -> None:
        from campaigns import selectors as campaigns
        from chat import receivers
        from credit import reach

        receivers.connect()
        # `credit` is blind to `campaigns`, and has to know which addresses no mail can reach.
        reach.know_with(lambda email_index: campaigns.has_bounced(email_index=email_index))
