"""What search engines are told: each public page in both languages, under the portal's one public host."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model, QuerySet
from django.urls import reverse

from practices.models.edition import Edition, EditionQuerySet
from practices.models.publication import Publication
from practices.models.theme import Recommendation, Theme
from survey.models import Figure, Round
from survey.models.figure import FigureQuerySet
from survey.models.round import RoundQuerySet
from universities.models import Institution

PAGES = (
    "home",
    "practices:practice-list",
    "practices:word-list",
    "practices:theme-list",
    "practices:recommendation-list",
    "practices:publication-list",
    "practices:event-list",
    "universities:institution-list",
    "survey:round-list",
    "about",
)


class PortalSitemap(Sitemap[Any]):
    """Addresses stand on SITE_URL, never on the host a request names."""

    i18n = True
    alternates = True

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """With the address for readers of neither language: as on the pages, the Japanese one.

        Django's own `x_default` names addresses without a language, which the portal does not have.
        """
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            usual = next(each for each in url["alternates"] if each["lang_code"] == settings.LANGUAGE_CODE)
            url["alternates"].append(usual | {"lang_code": "x-default"})
        return urls


class PageSitemap(PortalSitemap):
    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, name: str) -> str:
        return reverse(name)


class EditionSitemap(PortalSitemap):
    def items(self) -> EditionQuerySet:
        return Edition.objects.public().order_by("slug")

    def lastmod(self, edition: Edition) -> datetime:
        return edition.published_at


class RecordSitemap(PortalSitemap):
    """Every row of a model whose records are public as soon as they are saved."""

    def __init__(self, model: type[Model], order: str) -> None:
        self.rows = model._default_manager.order_by(order)

    def items(self) -> QuerySet[Any]:
        return self.rows.all()


class RoundSitemap(PortalSitemap):
    def items(self) -> RoundQuerySet:
        return Round.objects.public().newest_first()


class IndicatorSitemap(PortalSitemap):
    """Each indicator in each round that tells of it, by one of its figures there."""

    def items(self) -> FigureQuerySet:
        return Figure.objects.public().one_of_each_indicator().with_labels().in_order()

    def location(self, figure: Figure) -> str:
        return figure.get_absolute_url().partition("#")[0]


# Made anew for each request: Django keeps the latest moment on the instance, and a case may have gone since.
SITEMAPS: dict[str, Callable[[], Sitemap[Any]]] = {
    "pages": PageSitemap,
    "practices": EditionSitemap,
    "themes": partial(RecordSitemap, Theme, "number"),
    "recommendations": partial(RecordSitemap, Recommendation, "number"),
    "publications": partial(RecordSitemap, Publication, "slug"),
    "institutions": partial(RecordSitemap, Institution, "slug"),
    "rounds": RoundSitemap,
    "indicators": IndicatorSitemap,
}
