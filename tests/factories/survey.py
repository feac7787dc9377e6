"""Rounds, indicators and figures."""

from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from survey.models import Caveat, Figure, Group, GroupScheme, Indicator, IndicatorItem, Release, Round


class RoundFactory(DjangoModelFactory[Round]):
    code = factory.Sequence(lambda number: f"round-{number}")
    title_en = factory.LazyAttribute(lambda row: f"The survey of {row.last_year}")
    title_ja = factory.LazyAttribute(lambda row: f"{row.last_year}年度調査")
    first_year = 2005
    last_year = 2008
    state = "published"
    provenance = "summary"
    locator = "V, p. 8"

    class Meta:
        model = Round


class GroupSchemeFactory(DjangoModelFactory[GroupScheme]):
    code = "participation"
    title_en = "Participation"
    title_ja = "採択の有無"

    class Meta:
        model = GroupScheme
        django_get_or_create = ["code"]


class GroupFactory(DjangoModelFactory[Group]):
    scheme = factory.SubFactory(GroupSchemeFactory)
    code = "pilot"
    name_en = factory.LazyAttribute(lambda row: f"{row.code} institutions")
    name_ja = factory.LazyAttribute(lambda row: f"{row.code}の機関")

    class Meta:
        model = Group
        django_get_or_create = ["code"]


class IndicatorFactory(DjangoModelFactory[Indicator]):
    code = factory.Sequence(lambda number: f"s{number}x")
    position = factory.Sequence(int)
    unit = "percent"
    sensitivity = "P"
    title_en = "A headquarters"
    title_ja = "本部の設置"
    headline_en = "{pilot} of the pilots have a headquarters"
    headline_ja = "本部を設置しているのは採択機関の{pilot}"
    provenance = "summary"
    locator = "V-4(1), p. 9"

    class Meta:
        model = Indicator
        skip_postgeneration_save = True

    @factory.post_generation
    def themes(self: Any, _create: bool, rows: list[Any] | None, **_extra: Any) -> None:
        self.themes.set(rows or [])


class ItemFactory(DjangoModelFactory[IndicatorItem]):
    indicator = factory.SubFactory(IndicatorFactory)
    code = factory.Sequence(lambda number: f"area-{number}")
    label_en = "An area"
    label_ja = "ある分野"

    class Meta:
        model = IndicatorItem


class CaveatFactory(DjangoModelFactory[Caveat]):
    round = factory.SubFactory(RoundFactory)
    number = factory.Sequence(lambda number: number + 1)
    title_en = "Something does not fit"
    title_ja = "一致しない数値がある"
    text_en = "One number contradicts another."
    text_ja = "ある数値が別の数値と矛盾している。"
    provenance = "summary"
    locator = "V, p. 10"

    class Meta:
        model = Caveat


class ReleaseFactory(DjangoModelFactory[Release]):
    round = factory.SubFactory(RoundFactory)
    number = 1
    published_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Release


class FigureFactory(DjangoModelFactory[Figure]):
    release = factory.SubFactory(ReleaseFactory)
    indicator = factory.SubFactory(IndicatorFactory)
    group = factory.SubFactory(GroupFactory)
    measure = "share"
    position = factory.Sequence(int)
    value = Decimal(57)
    origin = "printed"
    locator = "V-4(1), p. 9"

    class Meta:
        model = Figure
