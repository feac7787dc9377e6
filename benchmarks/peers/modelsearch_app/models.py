"""The flat table of `benchmarks.peers.documents`, as modelsearch wants it described."""

from typing import Any, ClassVar

from django.db import models
from modelsearch import index
from modelsearch.queryset import SearchableQuerySetMixin


class CaseQuerySet(SearchableQuerySetMixin, models.QuerySet["Case"]):
    pass


class Case(index.Indexed, models.Model):
    title = models.TextField()
    body = models.TextField()
    theme = models.TextField()
    kind = models.TextField()
    region = models.TextField()
    institution = models.TextField()
    prefecture = models.TextField()
    year = models.TextField()

    objects = CaseQuerySet.as_manager()
    search_fields: ClassVar[list[Any]] = [index.SearchField("title", boost=4), index.SearchField("body")]

    class Meta:
        db_table = "cases"

    def __str__(self) -> str:
        return self.title
