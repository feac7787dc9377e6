"""The copy from desk to world forgets nothing."""

import pytest

from practices.copying import shared_columns, shared_relations
from practices.models import Action, Edition, GoodPractice
from practices.models.desk import PARTS
from practices.models.edition import EDITION_PARTS
from tests.factories.practices import ConceptFactory, PracticeFactory, ThemeFactory, publish

DESK_ONLY = {"id", "status", "edits", "owner", "review_by", "loaded_hash"}
WORLD_ONLY = {"id", "draft", "version", "published_at", "published_by", "retired_at"}


def names(model: type) -> set[str]:
    return {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}  # type: ignore[attr-defined]


def test_desk_and_edition_differ_only_in_what_is_listed() -> None:
    assert names(GoodPractice) - DESK_ONLY == names(Edition) - WORLD_ONLY


@pytest.mark.parametrize("kind", PARTS)
def test_parts_differ_only_in_their_owner(kind: str) -> None:
    assert names(PARTS[kind]) - {"practice"} == names(EDITION_PARTS[kind]) - {"edition"}


@pytest.mark.django_db
def test_edition_equals_the_desk_in_every_column_and_relation() -> None:
    practice = PracticeFactory(
        with_headquarters=True,
        context_ja="背景",
        needs_staff_en="Two people",
        first_fiscal_year=2005,
        last_fiscal_year=2009,
        concepts=[ConceptFactory(), ConceptFactory()],
        themes=[ThemeFactory()],
    )

    edition = publish(practice)

    practice.refresh_from_db()
    for name in shared_columns(GoodPractice, Edition):
        assert getattr(edition, name) == getattr(practice, name)
    for name in shared_relations(GoodPractice, Edition):
        assert set(getattr(edition, name).all()) == set(getattr(practice, name).all())


@pytest.mark.django_db
def test_next_number_of_a_deleted_published_part_is_not_given_again() -> None:
    practice = PracticeFactory(actions=[("One.", "一。"), ("Two.", "二。")])
    publish(practice)
    Action.objects.filter(practice=practice, number=2).delete()

    number = practice.next_number("actions")

    assert number == 3
