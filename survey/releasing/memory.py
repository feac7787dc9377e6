"""What a release remembers of how it was made, so that a later one can be checked against it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from survey.models import Calculation, Release, Round, Sensitivity

# What of a calculation decides whom its figures count, and what they add up.
WHOM: Final = ("base", "condition", "rows", "parts", "policy_all", "policy_groups")


def how(survey_round: Round, calculations: Iterable[Calculation]) -> Mapping[str, list[Any]]:
    """What each class-A figure adds up, and of which questionnaire and years."""
    rows = {
        str(row): [getattr(row, name) for name in WHOM]
        for row in calculations
        if row.indicator.sensitivity == Sensitivity.AGGREGATE
    }
    return {"": [survey_round.questionnaire_id, survey_round.first_year, survey_round.last_year], **rows}


def incomparable(releases: Sequence[Release], calculations: Sequence[Calculation]) -> str:
    """Why what these releases and a new one tell together can't be checked; empty where it can."""
    for release in releases:
        now = how(release.round, calculations)
        if "how" not in release.plan or any(now.get(name) != told for name, told in release.plan["how"].items()):
            return _(
                "Figures are computed in another way than for release %(number)s: what both tell together can't be "
                "checked. Please change it back first."
            ) % {"number": release.number}
    return ""
