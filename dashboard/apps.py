from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = "Operations room"

    def ready(self) -> None:
        """Roles follow every `migrate`; the trail listens to sign-ins."""
        from dashboard import access, roles

        post_migrate.connect(roles.after_migrate, sender=self, dispatch_uid="staff roles")
        access.connect()
