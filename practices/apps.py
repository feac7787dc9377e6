from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PracticesConfig(AppConfig):
    name = "practices"
    verbose_name = _("Good practices")

    def ready(self) -> None:
        post_migrate.connect(fill_index, sender=self)


def fill_index(**_options: Any) -> None:
    """This will make the search index anew where a migration emptied it. Two queries when it did not."""
    from .search import fill  # noqa: PLC0415  (models are not loaded before)

    fill()
