"""What disclosure control found, in words: which subtraction would reveal whom, and what is withheld against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sih_portal.language import in_language
from survey.disclosure import Reason
from survey.models import Figure, Measure, Release
from survey.results import period_label
from survey.workflow import form_of_round

from .holding import Held

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REASONS: Final[Mapping[str, "StrOrPromise"]] = {
    Reason.FEW.name: gettext_lazy("fewer than five institutions"),
    Reason.SHARE.name: gettext_lazy("fewer than five institutions on one side of a share"),
    Reason.BASE.name: gettext_lazy("a percentage of fewer than ten institutions"),
    Reason.DOMINANCE.name: gettext_lazy("one or two institutions make up nearly all of it"),
    Reason.ZERO.name: gettext_lazy("nothing at all, so that every institution’s answer is known"),
}
# What names a number best, the first that it has.
PLAINEST: Final = (Measure.TOTAL, Measure.EDUCATORS, Measure.ADMIN_STAFF, Measure.SHARE, Measure.MEAN)


@dataclass(frozen=True)
class Name:
    """A figure in words: whose it is, and what it tells."""

    group: str
    figure: str


@dataclass(frozen=True)
class Term:
    """A figure in a sum; without those that are withheld, the sum does not follow."""

    sign: str
    name: Name
    is_withheld: bool


@dataclass(frozen=True)
class Subtraction:
    """`terms` together are what `institutions` institutions said, and `reason` is why nobody may know it."""

    terms: Sequence[Term]
    institutions: int
    reason: "StrOrPromise"


@dataclass(frozen=True)
class Findings:
    """`prevented` are those that the plan withholds figures against, `blocked` those that nothing prevents."""

    prevented: list[Subtraction]
    blocked: list[Subtraction]


def findings(release: Release) -> Findings:
    """What the plan of a release says. A few queries, whatever the number of answers."""
    names = _names(release)
    told = [[_told(one, names) for one in release.plan[part]] for part in ("disclosures", "blocked")]
    return Findings(*told)


def _told(found: Mapping[str, Any], names: Mapping[str, Name]) -> Subtraction:
    withheld = set(found["withheld"])
    terms = [Term(_sign(coefficient), _name(key, names), key in withheld) for key, coefficient in found["terms"]]
    return Subtraction(terms, found["institutions"], REASONS[found["reason"]])


def _sign(coefficient: str) -> str:
    sign, size = ("−", coefficient[1:]) if coefficient.startswith("-") else ("+", coefficient)
    return sign if size == "1" else f"{sign} {size} ×"


def _name(key: str, names: Mapping[str, Name]) -> Name:
    if key in names:
        return names[key]
    number, _colon, own = key.partition(":")
    name = names.get(own, Name("", own))
    return Name(name.group, _("%(figure)s, release %(number)s") % {"figure": name.figure, "number": number})


def _names(release: Release) -> dict[str, Name]:
    """The numbers of a round by their keys, each called as the figure that tells it most plainly."""
    held = Held(release.round, form_of_round(release.round))
    figures = list(
        release.figures.select_related("indicator", "group").prefetch_related("indicator__items").order_by("pk")
    )
    figures.sort(key=lambda figure: PLAINEST.index(Measure(figure.measure)) if figure.measure in PLAINEST else 9)
    found: dict[str, Name] = {}
    for figure in figures:
        for key in held.keys_of(figure):
            found.setdefault(key, called(figure))
    return found


def called(figure: Figure) -> Name:
    """A figure by its group, indicator, measure and year; no query when these are loaded."""
    item = next((row for row in figure.indicator.items.all() if row.code == figure.item), None)
    parts = (
        in_language(figure.indicator, "title").value,
        in_language(item, "label").value if item else figure.get_measure_display(),
        period_label(figure.period),
    )
    told = _(", ").join(str(part) for part in parts if part)
    return Name(in_language(figure.group, "name").value, told)
