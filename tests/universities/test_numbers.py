"""Numbers a person can type: no database meets one that its column or a page could not hold."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import translation

from practices.models import Edition, Event, GoodPractice, Publication
from tests.factories.practices import PracticeFactory, PublicationFactory, publish
from tests.factories.universities import HeadquartersFactory, InstitutionFactory, ProgrammeFactory
from universities.models import Headquarters, InstitutionName, Programme

RANGES = BaseDatabaseOperations.integer_field_ranges


def typed_numbers() -> Iterator[Any]:
    """The whole-number columns of our models that a form may offer."""
    for app in ("universities", "practices"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, models.IntegerField) and not field.primary_key and field.editable:
                    yield field


NUMBERS = list(typed_numbers())
YEARS = [field for field in NUMBERS if "year" in field.name]


@pytest.mark.parametrize("field", NUMBERS, ids=str)
def test_no_number_beyond_the_column_of_any_database_is_valid(field: Any) -> None:
    least, most = RANGES[field.get_internal_type()]

    for value in (least - 1, most + 1):
        with pytest.raises(ValidationError):
            field.clean(value, None)


@pytest.mark.parametrize("field", YEARS, ids=str)
@pytest.mark.parametrize("year", [0, 201, 1867, 2101, 20100])
def test_a_year_that_can_not_be_is_refused_in_words(field: Any, year: int) -> None:
    with pytest.raises(ValidationError) as refusal:
        field.clean(year, None)

    with translation.override("en"):
        assert refusal.value.messages == ["Write the year with four digits, from 1868 to 2100."]


@pytest.mark.parametrize("field", YEARS, ids=str)
def test_the_years_of_meiji_and_of_this_century_are_valid(field: Any) -> None:
    assert [field.clean(year, None) for year in (1868, 2009, 2100)] == [1868, 2009, 2100]


def rows_with_years() -> dict[type[models.Model], Any]:
    """A stored row of every model with years."""
    sourced = {"provenance": "summary", "locator": "I, p. 1"}
    return {
        Edition: publish(),
        Event: Event.objects.create(slug="forum", kind="symposium", year=2008, month=2, **sourced),
        GoodPractice: PracticeFactory(),
        Headquarters: HeadquartersFactory(),
        InstitutionName: InstitutionName.objects.create(
            institution=InstitutionFactory(), relation="former", name_en="Old", **sourced
        ),
        Programme: ProgrammeFactory(),
        Publication: PublicationFactory(month=2),
    }


@pytest.mark.parametrize("year", [1867, 2101])
def test_the_database_refuses_years_that_can_not_be(db: None, year: int) -> None:
    for model, row in rows_with_years().items():
        columns = {field.name: year for field in YEARS if field.model is model}

        with pytest.raises(IntegrityError, match="lies_in_plausible_years"), transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(**columns)


def test_no_column_of_years_is_forgotten() -> None:
    bound = [
        (model, lookup.removesuffix("__range"))
        for model in {field.model for field in YEARS}
        for constraint in model._meta.constraints
        if constraint.name.endswith("lies_in_plausible_years")
        for lookup, _years in constraint.condition.children
    ]

    assert sorted(bound, key=str) == sorted(((field.model, field.name) for field in YEARS), key=str)


@pytest.mark.parametrize("model", [Event, Publication])
@pytest.mark.parametrize("month", [0, 13])
def test_the_database_refuses_a_month_that_can_not_be(db: None, model: Any, month: int) -> None:
    row = rows_with_years()[model]

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(month=month)
