"""What a release remembers of how it was made, so that a later one can be checked against it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from survey.models import Calculation, Release, Round, Sensitivity, Snapshot, SnapshotStep

# What of a calculation decides whom its figures count, and what they add up.
WHOM: Final = ("base", "condition", "rows", "parts", "policy_all", "policy_groups")


def memory_of(survey_round: Round, calculations: Iterable[Calculation]) -> dict[str, Any]:
    """Who is counted now, with which answers and in which groups, as a hash; and what each class-A figure adds up."""
    return {"counted": _counted(survey_round), "how": _how(survey_round, calculations)}


def incomparable(releases: Sequence[Release], calculations: Sequence[Calculation]) -> str:
    """Why what these releases and a new one tell together can't be checked; empty where it can."""
    for release in releases:
        now = _how(release.round, calculations)
        if any(now.get(name) != told for name, told in release.plan["how"].items()):
            return _(
                "Figures are computed in another way than for release %(number)s: what both tell together can't be "
                "checked. Please change it back first."
            ) % {"number": release.number}
        if not is_as_counted(release):
            return _(
                "An institution is in another group than in release %(number)s: the difference would tell its answers. "
                "Please put it back first."
            ) % {"number": release.number}
    return ""


def is_as_counted(release: Release) -> bool:
    """Whether the answers that were accepted when it was computed are those it counts, all in the groups of then."""
    return bool(release.plan["counted"] == _counted(release.round, at__lte=release.computed_at))


def _counted(survey_round: Round, **until: Any) -> str:
    """A hash of the answers whose last step was that they were accepted, and of the groups they are in now."""
    whose = [f"response__invitation__{name}" for name in ("number", "is_pilot", "kind")]
    steps = Snapshot.objects.filter(response__invitation__round=survey_round, **until).order_by("pk")
    last: dict[tuple[int, bool, str], tuple[int, str]] = {}
    for number, is_pilot, kind, key, step in steps.values_list(*whose, "pk", "step").iterator():
        last[number, is_pilot, kind] = (key, step)
    counted = sorted((placed, key) for placed, (key, step) in last.items() if step == SnapshotStep.ACCEPTED)
    return hashlib.sha256(repr(counted).encode()).hexdigest()


def _how(survey_round: Round, calculations: Iterable[Calculation]) -> Mapping[str, list[Any]]:
    rows = {
        str(row): [getattr(row, name) for name in WHOM]
        for row in calculations
        if row.indicator.sensitivity == Sensitivity.AGGREGATE
    }
    return {"": [survey_round.questionnaire_id, survey_round.first_year, survey_round.last_year], **rows}
