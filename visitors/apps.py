"""The visitors app."""

from django.apps import AppConfig


class VisitorsConfig(AppConfig):
    name = "visitors"
    verbose_name = "Visitors and applications"

    def ready(self) -> None:
        from visitors import agent, receivers  # noqa: F401  registering is their import's effect
