from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

OWN_APPS = ("sih_portal", "universities", "practices", "survey")


class OfficeConfig(AdminConfig):
    default_site = "sih_portal.office.Office"


class PortalConfig(AppConfig):
    name = "sih_portal"
    verbose_name = "SIH Portal"

    def ready(self) -> None:
        from sih_portal import checks  # noqa: F401, PLC0415  (system checks register when they are imported)
