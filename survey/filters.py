"""What narrows indicators and figures. Values are those of public rows, so that nothing unpublished can be guessed."""

from collections.abc import Callable, Sequence
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from practices.models.theme import Theme
from sih_portal.query_names import OneOf

from .models import Figure, Group, Indicator, Measure, Origin, Round, Verdict


def rounds() -> list[str]:
    return list(Round.objects.public().newest_first().values_list("code", flat=True))


def indicators() -> list[str]:
    return list(Indicator.objects.public().in_order().values_list("code", flat=True))


def themes() -> list[str]:
    """The numbers of all themes, which are public whether or not a figure bears on them."""
    return [str(number) for number in Theme.objects.order_by("number").values_list("number", flat=True)]


def groups() -> list[str]:
    told = Figure.objects.public().values("group")
    return list(Group.objects.filter(pk__in=told).order_by("position", "code").values_list("code", flat=True))


def periods() -> list[str]:
    """Without the round's own, which has no name."""
    told = Figure.objects.public().exclude(period="").order_by("period")
    return list(told.values_list("period", flat=True).distinct())


def round_at(having: Callable[[Sequence[str]], Q]) -> OneOf:
    return OneOf("round", _("Code of a round of the survey."), rounds, is_fixed=False, having=having)


def theme_at(having: Callable[[Sequence[str]], Q]) -> OneOf:
    return OneOf("theme", _("Number of a theme that the indicator bears on."), themes, is_fixed=False, having=having)


def in_rounds(codes: Sequence[str]) -> Q:
    """The indicators with a public figure of one of the rounds."""
    return Q(pk__in=Figure.objects.public().filter(release__round__code__in=codes).values("indicator"))


def on_themes(numbers: Sequence[str]) -> Q:
    return Q(pk__in=_bearing_on(numbers))


def of_indicators_on_themes(numbers: Sequence[str]) -> Q:
    return Q(indicator__in=_bearing_on(numbers))


def _bearing_on(numbers: Sequence[str]) -> object:
    return Indicator.objects.filter(themes__number__in=numbers).values("pk")


INDICATORS: Final = (round_at(in_rounds), theme_at(on_themes))
FIGURES: Final = (
    round_at(lambda codes: Q(release__round__code__in=codes)),
    OneOf("indicator", _("Code of an indicator."), indicators, "indicator__code", is_fixed=False),
    theme_at(of_indicators_on_themes),
    OneOf("group", _("Code of a group of institutions."), groups, "group__code", is_fixed=False),
    OneOf("measure", _("What of the indicator the figure tells."), lambda: Measure.values, "measure"),
    OneOf("period", _("A fiscal year, or two with a hyphen between them."), periods, "period", is_fixed=False),
    OneOf(
        "origin", _("Whether it is printed in the source or computed from answers."), lambda: Origin.values, "origin"
    ),
    OneOf("verdict", _("What checking the figure gave."), lambda: Verdict.values, "verdict"),
)
