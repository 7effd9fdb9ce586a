from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "carloans.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from carloans.core import checks  # noqa: F401  registers the system checks
