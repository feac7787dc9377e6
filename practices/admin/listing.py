"""The filters of the list of cases, and what its rows show beside the columns of the desk."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from practices.models import Edition, GoodPractice, Transition
from practices.models.desk import GoodPracticeQuerySet
from universities.admin import RegionFilter

Choice = Callable[[GoodPracticeQuerySet], GoodPracticeQuerySet]


def in_each_language(question: Callable[..., GoodPracticeQuerySet], **labels: Any) -> dict[str, tuple[Any, Choice]]:
    """The choices of a question about the texts of one language: each language with its label."""
    return {language: (label, partial(question, language=language)) for language, label in labels.items()}


class RegionOfInstitution(RegionFilter):
    column = "institution__region"


class QuestionFilter(admin.SimpleListFilter):
    """Offers questions that the cases' queryset answers. `choices_of`: value -> (label, question)."""

    choices_of: ClassVar[dict[str, tuple[Any, Choice]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, (label, _question) in self.choices_of.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By primary key: the list's own annotations stay what they are."""
        if self.value() not in self.choices_of:
            return queryset
        question = self.choices_of[str(self.value())][1]
        return queryset.filter(pk__in=question(GoodPractice.objects.all()).values("pk"))


class MissingTranslation(QuestionFilter):
    """Cases with a text, parts included, that stands in the other language only."""

    title = _("translation")
    parameter_name = "missing"
    choices_of = in_each_language(GoodPracticeQuerySet.lacking, ja=_("Japanese missing"), en=_("English missing"))


class DriftedTranslation(QuestionFilter):
    """Cases with a translation whose source has changed since."""

    title = _("translation to check")
    parameter_name = "drifted"
    choices_of = in_each_language(GoodPracticeQuerySet.drifted, ja=_("check the Japanese"), en=_("check the English"))


class OpenForEditing(QuestionFilter):
    title = _("editing")
    parameter_name = "open"
    choices_of = {"yes": (_("open for editing"), lambda cases: cases.open_for_editing())}


class ShownToReaders(QuestionFilter):
    """Cases with a current edition, also while their next one is written."""

    title = _("public")
    parameter_name = "public"
    choices_of = {
        "yes": (_("public now"), lambda cases: cases.shown()),
        "no": (_("not public"), lambda cases: cases.exclude(pk__in=cases.shown().values("pk"))),
    }


class Currency(QuestionFilter):
    title = _("currency")
    parameter_name = "care"
    choices_of = {
        "review": (_("review date passed"), lambda cases: cases.past_review(localdate())),
        "confirm": (_("public, never confirmed"), lambda cases: cases.never_confirmed()),
    }


def with_history(practices: QuerySet[GoodPractice]) -> QuerySet[GoodPractice]:
    """Adds `version` of the current edition (null: not public) and `moved_at`, the moment of the last step."""
    current = Edition.objects.public().filter(draft=OuterRef("pk"))
    steps = Transition.objects.filter(practice=OuterRef("pk")).order_by("-at")
    return practices.annotate(
        version=Subquery(current.values("version")[:1]), moved_at=Subquery(steps.values("at")[:1])
    )
