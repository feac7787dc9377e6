"""The one-sheet table of the home page."""

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from practices.models import ProgrammeAction
from practices.overview import overview
from tests.factories.practices import PracticeFactory, ThemeFactory, archive, publish
from tests.factories.universities import InstitutionFactory, ParticipationFactory

pytestmark = pytest.mark.django_db


def test_rows_are_pilots_and_institutions_with_a_public_case() -> None:
    pilot = ParticipationFactory(institution=InstitutionFactory(position=2)).institution
    other = publish(institution=InstitutionFactory(position=1)).institution
    PracticeFactory()
    archive(publish())

    assert [row.institution for row in overview().rows] == [other, pilot]


def test_columns_leave_out_a_theme_of_the_programme_alone() -> None:
    empty, own = ThemeFactory(number=21), ThemeFactory(number=22)
    ProgrammeAction.objects.create(theme=own, number=1, provenance="summary", locator="III-10, p. 6")

    before = [theme.number for theme in overview().themes]
    publish(theme=empty, themes=[own])

    assert [before, [theme.number for theme in overview().themes]] == [[21], [21, 22]]


def test_cells_tell_primary_and_further_themes_apart() -> None:
    _empty, two, three = (ThemeFactory(number=number) for number in (21, 22, 23))
    edition = publish(theme=two, themes=[three])

    row = overview().rows[0]

    assert [[(mark.practice, mark.is_primary) for mark in cell] for cell in row.cells] == [
        [],
        [(edition, True)],
        [(edition, False)],
    ]


def test_home_links_each_mark_to_its_case(client: Client) -> None:
    publish(slug="a", title_en="Going abroad")

    mark = '<span aria-hidden="true">●</span><span class="visually-hidden">Going abroad (primary theme)</span>'
    assertContains(client.get("/en/"), f'<a href="/en/practices/a/">{mark}</a>', html=True)
