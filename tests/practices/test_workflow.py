"""Every step in every status, who may take it, and what the world sees afterwards."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from practices import permissions
from practices.models import Edition, GoodPractice, PracticeStatus
from practices.workflow import EditConflict, InvalidTransition, NotAllowed, Steps, claim, open_steps, take
from tests.factories.practices import A_MOMENT, PracticeFactory, archive, publish, staff

pytestmark = pytest.mark.django_db
LATER = A_MOMENT + timedelta(days=1)
ROLES_OF_STEPS = {
    Steps.SUBMIT: "curator",
    Steps.WITHDRAW: "curator",
    Steps.REVISE: "curator",
    Steps.DISCARD: "curator",
    Steps.REQUEST_CHANGES: "publisher",
    Steps.PUBLISH: "publisher",
    Steps.ARCHIVE: "publisher",
    Steps.REOPEN: "publisher",
}


def in_status(status: str, *, with_edition: bool) -> GoodPractice:
    practice = publish().draft if with_edition else PracticeFactory()
    GoodPractice.objects.filter(pk=practice.pk).update(status=status)
    practice.refresh_from_db()
    return practice


@pytest.mark.parametrize("with_edition", [True, False])
@pytest.mark.parametrize(("step", "status"), list(product(Steps, PracticeStatus)))
def test_take_follows_the_table(step: Steps, status: PracticeStatus, with_edition: bool) -> None:
    practice = in_status(status, with_edition=with_edition)
    by = staff("curator", "publisher")
    allowed = status in step.value.sources and (with_edition or not step.value.needs_edition)

    if allowed:
        take(step, practice=practice, by=by, at=LATER, note="because")
    else:
        with pytest.raises(InvalidTransition):
            take(step, practice=practice, by=by, at=LATER, note="because")

    practice.refresh_from_db()
    assert practice.status == (step.value.target if allowed else status)
    assert practice.transitions.filter(at=LATER).count() == allowed


@pytest.mark.parametrize(("step", "role"), list(product(Steps, permissions.Role)))
def test_take_asks_the_role(step: Steps, role: permissions.Role) -> None:
    practice = in_status(step.value.sources[0], with_edition=True)

    if ROLES_OF_STEPS[step] == role:
        take(step, practice=practice, by=staff(role), at=LATER, note="because")
    else:
        with pytest.raises(NotAllowed):
            take(step, practice=practice, by=staff(role), at=LATER, note="because")

    practice.refresh_from_db()
    assert (practice.status == step.value.target) is (ROLES_OF_STEPS[step] == role)


def test_take_logs_the_step() -> None:
    practice = PracticeFactory()
    curator = staff("curator")

    take(Steps.SUBMIT, practice=practice, by=curator, at=A_MOMENT, note=" please look ")

    (log,) = practice.transitions.all()
    assert (log.step, log.source, log.target, log.by, log.at, log.note) == (
        *("submit", "draft", "in_review", curator, A_MOMENT, "please look"),
    )


@pytest.mark.parametrize("step", [Steps.REQUEST_CHANGES, Steps.ARCHIVE])
def test_take_without_a_needed_note_is_refused(step: Steps) -> None:
    practice = in_status("in_review", with_edition=True)

    with pytest.raises(InvalidTransition):
        take(step, practice=practice, by=staff("publisher"), at=LATER, note="  ")

    assert practice.transitions.filter(step=step.value.name).count() == 0


def test_take_from_an_outdated_object_reads_the_row_again() -> None:
    outdated = PracticeFactory()
    take(Steps.SUBMIT, practice=outdated, by=staff("curator"), at=A_MOMENT)

    with pytest.raises(InvalidTransition):
        take(Steps.SUBMIT, practice=outdated, by=staff("curator"), at=A_MOMENT)

    assert outdated.transitions.count() == 1


def test_publish_writes_the_first_edition() -> None:
    practice = PracticeFactory(actions=[("One.", "一。"), ("Two.", "二。")])

    edition = publish(practice)

    assert (edition.version, edition.slug, edition.published_at, edition.retired_at) == (
        1,
        practice.slug,
        A_MOMENT,
        None,
    )
    assert [action.text_ja for action in edition.actions.order_by("position")] == ["一。", "二。"]


def test_publish_again_retires_the_edition_before() -> None:
    first = publish()
    both = staff("curator", "publisher")
    take(Steps.REVISE, practice=first.draft, by=both, at=LATER)
    GoodPractice.objects.filter(pk=first.draft_id).update(title_ja="新しい題名")
    assert Edition.objects.public().get().title_ja == first.title_ja

    second = publish(first.draft, at=LATER)

    first.refresh_from_db()
    assert (second.version, second.title_ja, first.retired_at) == (2, "新しい題名", LATER)
    assert list(Edition.objects.public()) == [second]
    assert list(Edition.objects.as_of(A_MOMENT)) == [first]


def test_archive_leaves_nothing_public() -> None:
    edition = publish()

    archive(edition, at=LATER)

    assert not Edition.objects.public().exists()
    assert list(Edition.objects.archived()) == [edition]


def test_archive_while_the_next_edition_is_drafted_is_possible() -> None:
    edition = publish()
    take(Steps.REVISE, practice=edition.draft, by=staff("curator"), at=LATER)

    archive(edition, at=LATER)

    assert not Edition.objects.public().exists()


def test_reopened_case_keeps_slug_and_counts_on() -> None:
    edition = publish()
    archive(edition, at=LATER)
    take(Steps.REOPEN, practice=edition.draft, by=staff("publisher"), at=LATER)

    again = publish(edition.draft, at=LATER)

    assert (again.slug, again.version) == (edition.slug, 2)
    assert list(Edition.objects.archived()) == []


def test_open_steps_without_an_edition_do_not_offer_archive() -> None:
    practice = in_status("in_review", with_edition=False)

    steps = open_steps(practice, staff("curator", "publisher"))

    assert steps == [Steps.WITHDRAW, Steps.REQUEST_CHANGES, Steps.PUBLISH]


def test_claim_of_an_outdated_form_is_refused() -> None:
    practice = PracticeFactory()
    claim(practice, practice.edits)

    with pytest.raises(EditConflict):
        claim(practice, 0)


def test_claim_after_a_step_is_refused() -> None:
    practice = PracticeFactory()
    seen = practice.edits
    take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=A_MOMENT)

    with pytest.raises(EditConflict):
        claim(practice, seen)


@pytest.mark.parametrize("status", ["published", "archived"])
def test_claim_of_a_closed_case_is_refused(status: str) -> None:
    practice = in_status(status, with_edition=True)

    with pytest.raises(EditConflict):
        claim(practice, practice.edits)


@pytest.mark.parametrize(
    "broken",
    [
        {"retired_at": A_MOMENT - timedelta(seconds=1)},
        {"version": 0},
        {"first_fiscal_year": 2009, "last_fiscal_year": 2005},
    ],
)
def test_edition_that_cannot_be_is_refused_by_the_database(broken: dict[str, object]) -> None:
    edition = publish()

    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**broken)


def test_second_current_edition_is_refused_by_the_database() -> None:
    edition = publish()
    edition.pk, edition.version = None, 2

    with pytest.raises(IntegrityError), transaction.atomic():
        edition.save()


@pytest.mark.parametrize(
    "broken", [{"status": "secret"}, {"slug": "feed"}, {"slug": "compare"}, {"title_en": "", "title_ja": ""}]
)
def test_case_that_cannot_be_is_refused_by_the_database(broken: dict[str, str]) -> None:
    practice = PracticeFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        GoodPractice.objects.filter(pk=practice.pk).update(**broken)


@pytest.mark.parametrize("step", [Steps.PUBLISH, Steps.ARCHIVE])
def test_a_clock_that_was_set_back_retires_no_edition_before_it_appeared(step: Steps) -> None:
    edition = publish()
    for earlier in (Steps.REVISE, Steps.SUBMIT):
        take(earlier, practice=edition.draft, by=staff("curator"), at=A_MOMENT)

    take(step, practice=edition.draft, by=staff("publisher"), at=A_MOMENT - timedelta(seconds=2), note="x")

    edition.refresh_from_db()
    assert edition.retired_at == A_MOMENT
