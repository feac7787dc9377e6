"""Cases on the desk, with the records they name; `publish()` takes one to the world through the workflow."""

from datetime import UTC, datetime
from typing import Any

import factory
from django.contrib.auth.models import User
from django.utils import timezone
from factory.django import DjangoModelFactory

from practices.models import (
    Action,
    Concept,
    ConceptLabel,
    Edition,
    Effect,
    FruitlessQuery,
    GoodPractice,
    ProgrammeAction,
    Publication,
    Recommendation,
    Theme,
)
from practices.workflow import Steps, take

from .staff import StaffFactory
from .universities import HeadquartersFactory, InstitutionFactory

A_MOMENT = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


class ThemeFactory(DjangoModelFactory[Theme]):
    number = factory.Sequence(lambda number: 100 + number % 900)
    title_en = factory.LazyAttribute(lambda row: f"Theme {row.number}")
    title_ja = factory.LazyAttribute(lambda row: f"第{row.number}の主題")
    short_en = factory.LazyAttribute(lambda row: f"Short {row.number}")
    short_ja = factory.LazyAttribute(lambda row: f"主題{row.number}")
    provenance = "summary"
    locator = "III, p. 2"

    class Meta:
        model = Theme


class ProgrammeActionFactory(DjangoModelFactory[ProgrammeAction]):
    theme = factory.SubFactory(ThemeFactory)
    number = 1
    text_en = "It published a report."
    text_ja = "報告書を刊行した。"
    provenance = "summary"
    locator = "III-10, p. 6"

    class Meta:
        model = ProgrammeAction


class RecommendationFactory(DjangoModelFactory[Recommendation]):
    theme = factory.SubFactory(ThemeFactory)
    number = factory.SelfAttribute("theme.number")
    title_en = factory.LazyAttribute(lambda row: f"Recommendation {row.number}")
    title_ja = factory.LazyAttribute(lambda row: f"提言{row.number}")
    text_en = "Do it well."
    text_ja = "よく行うこと。"
    provenance = "summary"
    locator = "IV, p. 7"

    class Meta:
        model = Recommendation


class PublicationFactory(DjangoModelFactory[Publication]):
    slug = factory.Sequence(lambda number: f"report-{number}")
    title_en = "A report"
    title_ja = "報告書"
    year = 2010
    provenance = "summary"
    locator = "cover"

    class Meta:
        model = Publication


class ConceptFactory(DjangoModelFactory[Concept]):
    slug = factory.Sequence(lambda number: f"concept-{number}")
    pref_label_en = factory.Sequence(lambda number: f"notion{number}")
    pref_label_ja = factory.Sequence(lambda number: f"概念{number}")

    class Meta:
        model = Concept
        skip_postgeneration_save = True

    @factory.post_generation
    def synonyms(self: Any, _create: bool, labels: list[str] | None, **_extra: Any) -> None:
        for label in labels or []:
            language = "en" if label.isascii() else "ja"
            ConceptLabel.objects.create(concept=self, language=language, label=label)


class FruitlessQueryFactory(DjangoModelFactory[FruitlessQuery]):
    """Asked twice, so that the desk shows it."""

    text = factory.Sequence(lambda number: f"in vain {number}")
    language = "en"
    asked = 2
    first_asked_on = factory.LazyFunction(timezone.localdate)
    last_asked_on = factory.SelfAttribute("first_asked_on")

    class Meta:
        model = FruitlessQuery


class PracticeFactory(DjangoModelFactory[GoodPractice]):
    """A draft with one action and one effect; `texts` of parts can be given as lists of (English, Japanese)."""

    slug = factory.Sequence(lambda number: f"case-{number}")
    institution = factory.SubFactory(InstitutionFactory)
    theme = factory.SubFactory(ThemeFactory)
    title_en = factory.Sequence(lambda number: f"Case {number}")
    title_ja = factory.Sequence(lambda number: f"第{number}の実践")
    summary_en = "What was done."
    summary_ja = "行ったこと。"

    class Meta:
        model = GoodPractice
        skip_postgeneration_save = True

    class Params:
        with_headquarters = factory.Trait(
            headquarters=factory.SubFactory(
                HeadquartersFactory, participation__institution=factory.SelfAttribute("...institution")
            )
        )

    @factory.post_generation
    def actions(self: Any, _create: bool, texts: list[tuple[str, str]] | None, **_extra: Any) -> None:
        for number, (text_en, text_ja) in enumerate(texts or [("It acted.", "行動した。")], 1):
            Action.objects.create(practice=self, number=number, position=number, text_en=text_en, text_ja=text_ja)

    @factory.post_generation
    def effects(self: Any, _create: bool, texts: list[tuple[str, str]] | None, **_extra: Any) -> None:
        for number, (text_en, text_ja) in enumerate(texts or [("It helped.", "役立った。")], 1):
            Effect.objects.create(practice=self, number=number, position=number, text_en=text_en, text_ja=text_ja)

    @factory.post_generation
    def concepts(self: Any, _create: bool, concepts: list[Concept] | None, **_extra: Any) -> None:
        self.concepts.set(concepts or [])

    @factory.post_generation
    def themes(self: Any, _create: bool, themes: list[Theme] | None, **_extra: Any) -> None:
        self.themes.set(themes or [])


def staff(*roles: str) -> User:
    return StaffFactory(roles=list(roles))


def publish(practice: GoodPractice | None = None, *, at: datetime = A_MOMENT, **fields: Any) -> Edition:
    """The current edition of a case that was submitted and published at `at`."""
    practice = practice or PracticeFactory(**fields)
    editor = staff("curator", "publisher")
    for step in (Steps.SUBMIT, Steps.PUBLISH):
        take(step, practice=practice, by=editor, at=at)
    return Edition.objects.public().get(draft=practice)


def archive(edition: Edition, *, at: datetime = A_MOMENT, reason: str = "replaced") -> None:
    take(Steps.ARCHIVE, practice=edition.draft, by=staff("publisher"), at=at, note=reason)
