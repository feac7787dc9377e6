"""What a release remembers of how it was made, so that a later one can be checked against it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from survey.models import Calculation, Release, Round, Sensitivity

# What of a calculation decides whom its figures count, and what they add up.
WHOM: Final = ("base", "condition", "rows", "parts", "policy_all", "policy_groups")


def how(survey_round: Round, calculations: Iterable[Calculation]) -> Mapping[str, list[Any]]:
    """The class of each calculation and what it adds up, by name; under no name, of which questionnaire and years."""
    rows = {str(row): [row.indicator.sensitivity, *(getattr(row, name) for name in WHOM)] for row in calculations}
    return {"": [survey_round.questionnaire_id, survey_round.first_year, survey_round.last_year], **rows}


def incomparable(releases: Sequence[Release], calculations: Sequence[Calculation]) -> str:
    """Why what these releases and a new one tell together can't be checked; empty where it can."""
    for release in releases:
        now, then = how(release.round, calculations), _secrets(release.plan.get("how", {}))
        if not then or any(now.get(name) != told for name, told in then.items()):
            return _(
                "Figures are computed in another way than for release %(number)s: what both tell together can't be "
                "checked. Please change it back first."
            ) % {"number": release.number}
    return ""


def _secrets(then: Mapping[str, list[Any]]) -> Mapping[str, list[Any]]:
    """What a release remembers of itself and of its class-A figures: public facts may be told in any other way."""
    return {name: told for name, told in then.items() if not name or told[0] == Sensitivity.AGGREGATE}
