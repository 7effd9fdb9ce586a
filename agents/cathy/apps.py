"""The Django app that holds the engine, the run log and the simulated model."""

from django.apps import AppConfig


class CathyConfig(AppConfig):
    """The only door to the Agents SDK.

    The SDK's default trace exporter posts prompts to its maker's servers. `cathy.engine` replaces it when it is
    first imported, which is before anything can run an agent; doing it here instead would make every management
    command pay for importing the SDK (more than a second) without closing any other way in.
    """

    name = "cathy"
    label = "cathy"
    verbose_name = "Agents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        from cathy import checks  # noqa: F401  registers them
