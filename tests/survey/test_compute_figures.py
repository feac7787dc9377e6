"""Rounds of any size: commands that tell how far they are, few queries, and nothing locked while answers are read."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sih_portal.models import DataVersion
from survey import releasing
from survey.models import Figure, Invitation, Release, Response, Round
from survey.releasing import Changed
from tests.factories.staff import StaffFactory
from tests.survey.crowds import crowd, crowded_round
from tests.survey.test_releasing import groups, indicators, large_round, public, revealing_round

pytestmark = pytest.mark.django_db
__all__ = ["groups", "indicators"]


@pytest.fixture
def manager() -> User:
    return StaffFactory(username="keeper", roles=["survey_manager"])


def run(command: str, *arguments: str, by: str = "keeper") -> list[str]:
    out = StringIO()
    call_command(command, *arguments, "--by", by, stdout=out)
    return out.getvalue().splitlines()


def test_command_tells_how_far_it_is(manager: User) -> None:
    survey_round = crowded_round(620)

    lines = run("compute_figures", survey_round.code)

    assert sorted(lines[:3]) == ["q6 computed", "s1a computed", "t4 computed"]
    assert lines[3:] == [
        "answers read 500 of 620",
        "answers read 620 of 620",
        "Release 1 is computed. Figures that have to be withheld: 0.",
        f"Look at it before it is published: {settings.SITE_URL}/admin/survey/round/{survey_round.pk}/figures/",
    ]
    assert (Release.objects.get().published_at, public(survey_round)) == (None, {})
    assert Figure.objects.get(indicator__code="t4", measure="usable", group__code="all").value == 620


def test_command_counts_what_has_to_be_withheld(manager: User) -> None:
    lines = run("compute_figures", revealing_round().code)

    count = len(Release.objects.get().plan["marks"])
    assert count > 0
    assert lines[-2] == f"Release 1 is computed. Figures that have to be withheld: {count}."


def test_commands_compute_and_publish_what_was_looked_at(manager: User) -> None:
    survey_round = large_round()
    run("compute_figures", survey_round.code)
    mark = releasing.mark_of(Release.objects.get())

    lines = run("publish_figures", survey_round.code, "--release", mark)

    assert lines == ["answers read 26 of 26", "Release 1 is public."]
    assert public(survey_round)["t4:all:usable"] == "26"
    told = LogEntry.objects.order_by("pk").values_list("user__username", "object_id", "change_message")
    assert list(told) == [
        ("keeper", str(survey_round.pk), "第1回公表分の数値を算出しました。"),
        ("keeper", str(survey_round.pk), "第1回の公表を行いました。"),
    ]


def test_figures_that_nobody_looked_at_are_not_published(manager: User) -> None:
    survey_round = large_round()
    run("compute_figures", survey_round.code)
    mark = releasing.mark_of(Release.objects.get())
    run("compute_figures", survey_round.code)

    with pytest.raises(CommandError, match="computed again"):
        run("publish_figures", survey_round.code, "--release", mark)
    assert public(survey_round) == {}


def test_figures_that_reveal_somebody_are_not_published(manager: User) -> None:
    survey_round = revealing_round()
    run("compute_figures", survey_round.code)

    with pytest.raises(CommandError, match="would reveal answers"):
        run("publish_figures", survey_round.code, "--release", releasing.mark_of(Release.objects.get()))
    assert public(survey_round) == {}


@pytest.mark.parametrize(
    ("code", "by", "message"),
    [
        ("none", "keeper", "There is no round none."),
        ("", "nobody", "There is no account nobody."),
        ("", "reader", "Your role does not allow this step."),
    ],
)
def test_command_says_what_is_wrong(manager: User, code: str, by: str, message: str) -> None:
    StaffFactory(username="reader", roles=["publisher"])
    survey_round = large_round()

    with pytest.raises(CommandError, match=message):
        run("compute_figures", code or survey_round.code, by=by)
    assert not Release.objects.exists()


def test_round_without_accepted_answers_is_not_computed(manager: User) -> None:
    survey_round = large_round()
    Response.objects.update(state="submitted")

    with pytest.raises(CommandError, match="Accept answers first"):
        run("compute_figures", survey_round.code)
    assert not Release.objects.filter(round=survey_round).exists()


def when_read(act: Callable[[], Any]) -> Callable[[str], None]:
    """Acts once, when answers have been read."""
    left = [act]

    def progress(line: str) -> None:
        if line.startswith("answers read") and left:
            left.pop()()

    return progress


def test_nothing_is_computed_from_answers_that_change_meanwhile(manager: User) -> None:
    survey_round = large_round()
    at = timezone.now()

    with pytest.raises(Changed):
        releasing.compute(survey_round, by=manager, at=at, progress=when_read(lambda: crowd(survey_round, 1)))
    assert not Release.objects.exists()


def test_nothing_is_computed_beside_a_release_that_becomes_public_meanwhile(manager: User) -> None:
    survey_round, at = large_round(), timezone.now()
    draft = releasing.compute(survey_round, by=manager, at=at)
    publish = when_read(lambda: releasing.publish(draft, by=manager, at=at))

    with pytest.raises(Changed):
        releasing.compute(survey_round, by=manager, at=at, progress=publish)
    assert [release.published_at for release in Release.objects.order_by("pk")] == [at]


def test_nothing_is_published_of_answers_that_change_meanwhile(manager: User) -> None:
    survey_round, at = large_round(), timezone.now()
    draft = releasing.compute(survey_round, by=manager, at=at)

    with pytest.raises(Changed):
        releasing.publish(draft, by=manager, at=at, progress=when_read(lambda: crowd(survey_round, 1)))
    assert public(survey_round) == {}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_answers_are_read(manager: User) -> None:
    survey_round, at = large_round(), timezone.now()
    locked: list[bool] = []

    def progress(_line: str) -> None:
        locked.append(connection.in_atomic_block)

    draft = releasing.compute(survey_round, by=manager, at=at, progress=progress)
    releasing.publish(draft, by=manager, at=at, progress=progress)

    assert locked == [False] * 5


def costs(survey_round: Round, by: User) -> tuple[int, int, int]:
    """How many queries computing needs, publishing, and both where something was published before."""
    by, at, found = User.objects.get(pk=by.pk), timezone.now(), []
    with CaptureQueriesContext(connection) as queries:
        draft = releasing.compute(survey_round, by=by, at=at)
    found.append(len(queries))
    releasing.withhold(draft, by=by)
    with CaptureQueriesContext(connection) as queries:
        releasing.publish(draft, by=by, at=at)
    found.append(len(queries))
    with CaptureQueriesContext(connection) as queries:
        releasing.publish(releasing.compute(survey_round, by=by, at=at), by=by, at=at)
    found.append(len(queries))
    return found[0], found[1], found[2]


def test_queries_grow_by_pages_of_responses_alone(manager: User) -> None:
    """They are read 500 at a time; to which groups they belong is kept 100 at a time."""
    DataVersion.objects.bump()  # the first time costs more
    small, larger, two_pages = (costs(crowded_round(count), manager) for count in (40, 95, 620))

    assert small == larger
    assert tuple(after - before for before, after in zip(larger, two_pages, strict=True)) == (2 + 6, 2, 8 + 6)


def test_what_is_read_in_pages_is_what_is_counted(manager: User) -> None:
    """Numbers with gaps, across the end of a page too: nobody is left out, nobody is read twice."""
    survey_round = crowded_round(520)
    Invitation.objects.filter(round=survey_round, number__gt=499).update(number=F("number") + 5_000)
    lines: list[str] = []

    release = releasing.compute(survey_round, by=manager, at=timezone.now(), progress=lines.append)

    assert lines[-2:] == ["answers read 500 of 520", "answers read 520 of 520"]
    assert release.figures.get(indicator__code="t4", measure="usable", group__code="all").value == 520
