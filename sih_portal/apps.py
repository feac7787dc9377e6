from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "sih_portal"
    verbose_name = "SIH Portal"

    def ready(self) -> None:
        from sih_portal import checks  # noqa: F401, PLC0415  (system checks register when they are imported)
