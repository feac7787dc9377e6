"""A published case is revised, thrown back, restored: what the desk says then, and that parts keep their numbers."""

from datetime import timedelta
from typing import Any

import pytest

from practices.differences import differences
from practices.models import Action, Attachment, Edition, Effect, GoodPractice, Link
from practices.workflow import RESTORE, EditConflict, InvalidTransition, NotAllowed, Steps, restore, take
from sih_portal.models import DataVersion
from tests.factories.practices import (
    A_MOMENT,
    ConceptFactory,
    PracticeFactory,
    PublicationFactory,
    ThemeFactory,
    archive,
    publish,
    staff,
)
from tests.factories.universities import HeadquartersFactory

pytestmark = pytest.mark.django_db
LATER = A_MOMENT + timedelta(days=1)


def full_case(**fields: Any) -> GoodPractice:
    """A draft with something in every relation and kind of part."""
    headquarters = HeadquartersFactory()
    practice: GoodPractice = PracticeFactory(
        institution=headquarters.participation.institution, headquarters=headquarters,
        publication=PublicationFactory(), concepts=[ConceptFactory()], themes=[ThemeFactory()],
        actions=[("One.", "一。"), ("Two.", "二。"), ("Three.", "三。")], **fields,
    )  # fmt: skip
    Link.objects.create(practice=practice, number=1, position=1, url="https://example.org/", label_ja="様式")
    Attachment.objects.create(practice=practice, number=1, position=1, title_ja="要項", file="attachments/a.pdf")
    return practice


def step(taken: Steps, practice: GoodPractice, **more: Any) -> GoodPractice:
    return take(taken, practice=practice, by=staff("curator", "publisher"), at=LATER, **more)


def changed_everywhere(practice: GoodPractice) -> None:
    """Other values in every column, relation and part of the desk."""
    other = full_case()
    for field in GoodPractice._meta.concrete_fields:
        if field.name not in {"id", "status", "edits", "slug", "first_fiscal_year", "last_fiscal_year"}:
            setattr(practice, field.attname, getattr(other, field.attname))
    practice.summary_ja, practice.first_fiscal_year, practice.confirmed_on = "新しい概要", 2007, LATER.date()
    practice.save()
    practice.concepts.set([ConceptFactory()])
    practice.themes.clear()
    practice.actions.filter(number=2).delete()
    practice.actions.filter(number=3).update(position=1, text_ja="直した。")
    practice.effects.all().delete()
    practice.links.update(url="https://other.example/")
    practice.attachments.update(file="attachments/b.pdf")
    Action.objects.create(practice=practice, number=4, position=9, text_en="Four.")


def test_discard_brings_everything_back() -> None:
    edition = publish(full_case())
    draft = step(Steps.REVISE, edition.draft)
    kept = set(draft.actions.values_list("number", "pk"))
    changed_everywhere(draft)
    assert len(differences(edition, draft)) > 15

    back = step(Steps.DISCARD, draft)

    assert differences(edition, GoodPractice.objects.get(pk=back.pk)) == []
    assert (back.status, Edition.objects.get()) == ("published", edition)
    assert {row for row in kept if row[0] != 2} < set(back.actions.values_list("number", "pk"))


def test_discard_when_somebody_saved_meanwhile_is_refused() -> None:
    edition = publish()
    draft = step(Steps.REVISE, edition.draft)

    with pytest.raises(EditConflict):
        step(Steps.DISCARD, draft, seen=draft.edits - 1)

    draft.refresh_from_db()
    assert (draft.status, draft.transitions.filter(step="discard").count()) == ("draft", 0)
    assert step(Steps.DISCARD, draft, seen=draft.edits).status == "published"


def test_publish_after_a_revision_leaves_no_difference() -> None:
    edition = publish(full_case())
    draft = step(Steps.REVISE, edition.draft)
    changed_everywhere(draft)

    second = publish(draft, at=LATER)

    assert differences(second, GoodPractice.objects.get(pk=draft.pk)) == []
    assert len(differences(edition, second)) > 15


def test_archive_with_an_open_revision_keeps_the_draft() -> None:
    edition = publish()
    draft = step(Steps.REVISE, edition.draft)
    GoodPractice.objects.filter(pk=draft.pk).update(summary_ja="書きかけ")

    archive(edition, at=LATER)
    reopened = step(Steps.REOPEN, edition.draft)

    assert (reopened.status, reopened.summary_ja) == ("draft", "書きかけ")
    assert list(Edition.objects.public()) == []
    with pytest.raises(InvalidTransition):
        step(Steps.DISCARD, reopened)


def test_restore_brings_an_old_edition_into_the_draft() -> None:
    first = publish(full_case())
    draft = step(Steps.REVISE, first.draft)
    changed_everywhere(draft)
    second = publish(draft, at=LATER)
    draft = step(Steps.REVISE, draft)
    curator = staff("curator")

    back = restore(draft, first, by=curator, at=LATER, seen=draft.edits)

    desk = GoodPractice.objects.get(pk=draft.pk)
    assert differences(first, desk) == []
    assert (desk.status, desk.edits, back.edits) == ("draft", draft.edits + 1, draft.edits + 1)
    assert list(Edition.objects.public()) == [second]
    log = desk.transitions.get(step=RESTORE)
    assert (log.source, log.target, log.by, log.note) == ("draft", "draft", curator, "v1")


def test_numbers_of_parts_are_never_given_twice() -> None:
    first = publish(full_case(slug="a-case"))
    draft = step(Steps.REVISE, first.draft)
    Action.objects.filter(practice=draft, number=3).delete()
    Effect.objects.filter(practice=draft).delete()
    assert (draft.next_number("actions"), draft.next_number("effects")) == (4, 2)
    Action.objects.create(practice=draft, number=draft.next_number("actions"), position=4, text_en="Four.")
    publish(draft, at=LATER)
    draft = step(Steps.REVISE, draft)

    restore(draft, first, by=staff("curator"), at=LATER, seen=draft.edits)

    assert [part.number for part in draft.actions.order_by("position")] == [1, 2, 3]
    assert (draft.next_number("actions"), draft.next_number("effects")) == (5, 2)
    third = publish(draft, at=LATER)
    assert list(third.actions.order_by("number").values_list("number", "text_en")) == [
        *((1, "One."), (2, "Two."), (3, "Three.")),
    ]


@pytest.mark.parametrize("status", ["in_review", "published", "archived"])
def test_restore_into_a_closed_case_is_refused(status: str) -> None:
    edition = publish()
    GoodPractice.objects.update(status=status)

    with pytest.raises(InvalidTransition):
        restore(edition.draft, edition, by=staff("curator"), at=LATER, seen=edition.draft.edits)


def test_restore_of_another_case_is_refused() -> None:
    draft, edition = PracticeFactory(title_ja="元のまま"), publish()

    with pytest.raises(InvalidTransition):
        restore(draft, edition, by=staff("curator"), at=LATER, seen=0)

    draft.refresh_from_db()
    assert draft.title_ja == "元のまま"


def test_restore_over_somebody_elses_save_is_refused() -> None:
    edition = publish()
    draft = step(Steps.REVISE, edition.draft)
    GoodPractice.objects.filter(pk=draft.pk).update(title_ja="今の題名")

    with pytest.raises(EditConflict):
        restore(draft, edition, by=staff("curator"), at=LATER, seen=draft.edits - 1)

    draft.refresh_from_db()
    assert draft.title_ja == "今の題名"


@pytest.mark.parametrize("role", ["publisher", "translator_en", "translator_ja", "survey_manager"])
def test_restore_is_for_curators(role: str) -> None:
    edition = publish()
    draft = step(Steps.REVISE, edition.draft)

    with pytest.raises(NotAllowed):
        restore(draft, edition, by=staff(role), at=LATER, seen=draft.edits)


def test_the_version_of_the_data_moves_with_what_the_world_sees_and_with_nothing_else() -> None:
    practice = PracticeFactory()
    moved = {}

    def watch(taken: Steps) -> None:
        before = DataVersion.objects.current()
        step(taken, practice, note="because")
        moved[taken] = DataVersion.objects.current() != before

    for taken in (Steps.SUBMIT, Steps.REQUEST_CHANGES, Steps.SUBMIT, Steps.WITHDRAW, Steps.SUBMIT, Steps.PUBLISH):
        watch(taken)
    for taken in (Steps.REVISE, Steps.DISCARD, Steps.ARCHIVE, Steps.REOPEN):
        watch(taken)
    before = DataVersion.objects.current()
    restore(practice, practice.editions.get(), by=staff("curator"), at=LATER, seen=step_count(practice))

    assert {taken for taken, has_moved in moved.items() if has_moved} == {Steps.PUBLISH, Steps.ARCHIVE}
    assert DataVersion.objects.current() == before


def step_count(practice: GoodPractice) -> int:
    return GoodPractice.objects.get(pk=practice.pk).edits
