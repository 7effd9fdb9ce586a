from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "carloans.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from carloans.core import checks  # noqa: F401  registers the system checks
        from carloans.core.appendonly import protect_all

        post_migrate.connect(protect_all, dispatch_uid="core.protect_append_only_tables")
