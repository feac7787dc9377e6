"""The filters of the list of cases, and what its rows show beside the columns of the desk."""

from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from practices.forms import CASE_TEXTS
from practices.models import Action, Edition, Effect, GoodPractice, Transition
from sih_portal.language import other_language
from universities.admin import RegionFilter


class RegionOfInstitution(RegionFilter):
    column = "institution__region"


class MissingTranslation(admin.SimpleListFilter):
    """Cases with a text, parts included, that stands in the other language only."""

    title = _("translation")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ja", _("Japanese missing")), ("en", _("English missing"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        language = self.value()
        return queryset.filter(lacks(language)) if language in {"ja", "en"} else queryset


def lacks(language: str) -> Q:
    """Cases where a text exists in the other language but not in `language`."""
    names = [name[:-3] for name in CASE_TEXTS if name.endswith("_ja")]
    untranslated = only_in_other("text", language)
    parts = [Q(Exists(model.objects.filter(untranslated, practice=OuterRef("pk")))) for model in (Action, Effect)]
    return reduce(or_, [*(only_in_other(name, language) for name in names), *parts])


def only_in_other(name: str, language: str) -> Q:
    return Q(**{f"{name}_{language}": ""}) & ~Q(**{f"{name}_{other_language(language)}": ""})


def with_history(practices: QuerySet[GoodPractice]) -> QuerySet[GoodPractice]:
    """Adds `version` of the current edition (null: not public) and `moved_at`, the moment of the last step."""
    current = Edition.objects.public().filter(draft=OuterRef("pk"))
    steps = Transition.objects.filter(practice=OuterRef("pk")).order_by("-at")
    return practices.annotate(
        version=Subquery(current.values("version")[:1]), moved_at=Subquery(steps.values("at")[:1])
    )
