"""What differs between two states of a case, and word by word inside a text."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from practices.differences import FACTS, MOST_PAIRS, content_fields, differences, marked
from practices.models import Action, Edition, GoodPractice, Link
from practices.workflow import Steps, take
from tests.factories.practices import (
    A_MOMENT,
    ConceptFactory,
    PublicationFactory,
    ThemeFactory,
    publish,
    staff,
)
from tests.factories.universities import InstitutionFactory

LATER = A_MOMENT + timedelta(days=1)


def revised(edition: Edition) -> GoodPractice:
    return take(Steps.REVISE, practice=edition.draft, by=staff("curator"), at=LATER)


def shown(found: list[Any]) -> list[tuple[str, str | None, str, str, str]]:
    return [(row.place, row.language, row.change, row.old, row.new) for row in found]


@pytest.mark.django_db
def test_a_published_desk_differs_in_nothing() -> None:
    edition = publish(
        with_headquarters=True, concepts=[ConceptFactory(), ConceptFactory()], themes=[ThemeFactory()],
        context_ja="背景", publication=PublicationFactory(), first_fiscal_year=2005, confirmed_on=LATER.date(),
    )  # fmt: skip

    assert differences(edition, edition.draft) == []


@pytest.mark.django_db
def test_every_column_of_the_content_is_compared() -> None:
    edition = publish()
    places: set[str] = set()
    for field in content_fields():
        other = Edition.objects.get(pk=edition.pk)
        value: Any = {"DateField": LATER.date(), "ForeignKey": None}.get(field.get_internal_type(), 2007)
        if field.name in {"institution", "theme", "publication", "headquarters"}:
            continue
        setattr(other, field.name, value)
        places.update(row.place for row in differences(edition, other))

    names = {field.name.removesuffix("_ja").removesuffix("_en") for field in content_fields()}
    assert places == names - {"institution", "theme", "publication", "headquarters"}
    assert {field.name for field in Edition._meta.concrete_fields} - {row.name for row in content_fields()} == FACTS


@pytest.mark.django_db
def test_texts_are_compared_in_both_languages_and_empty_is_nothing() -> None:
    edition = publish(summary_en="Old.", summary_ja="古い。", first_fiscal_year=None)
    desk = revised(edition)
    desk.summary_en, desk.summary_ja, desk.lessons_ja = "New.", "", "学んだこと"

    assert shown(differences(edition, desk)) == [
        ("summary", "ja", "removed", "古い。", ""),
        ("summary", "en", "changed", "Old.", "New."),
        ("lessons", "ja", "added", "", "学んだこと"),
    ]


@pytest.mark.django_db
def test_named_records_show_their_names_in_the_language_of_the_page() -> None:
    edition = publish(institution=InstitutionFactory(name_ja="甲大学", name_en="Ko University"))
    desk = revised(edition)
    desk.institution = InstitutionFactory(name_ja="乙大学", name_en="Otsu University")
    desk.theme = ThemeFactory(number=7, short_ja="学生", short_en="Students")
    desk.concepts.set([ConceptFactory(pref_label_ja="研修", pref_label_en="training")])

    with translation.override("ja"):
        japanese = differences(edition, desk)
    with translation.override("en"):
        english = differences(edition, desk)

    assert [row.new for row in japanese] == ["乙大学", "7 学生", "研修"]
    assert [row.new for row in english] == ["Otsu University", "7 Students", "training"]


@pytest.mark.django_db
def test_parts_are_compared_by_number() -> None:
    edition = publish(actions=[("One.", "一。"), ("Two.", "二。"), ("Three.", "三。")])
    desk = revised(edition)
    Action.objects.filter(practice=desk, number=1).delete()
    Action.objects.filter(practice=desk, number=2).update(text_ja="二番目。", position=9)
    Action.objects.create(practice=desk, number=4, position=4, text_en="Four.")
    Link.objects.create(practice=desk, number=1, url="https://example.org/", label_ja="様式")

    with translation.override("en"):
        found = differences(edition, desk)

        assert shown(found) == [
            ("actions-1-text", "ja", "removed", "一。", ""),
            ("actions-1-text", "en", "removed", "One.", ""),
            ("actions-2-text", "ja", "changed", "二。", "二番目。"),
            ("actions-4-text", "en", "added", "", "Four."),
            ("actions", None, "moved", "2, 3", "3, 2"),
            ("links-1-url", None, "added", "", "https://example.org/"),
            ("links-1-label", "ja", "added", "", "様式"),
        ]
        assert str(found[2].label) == "Action 2: text (Japanese)"


@pytest.mark.django_db
def test_loaded_cases_are_compared_without_a_query(django_assert_num_queries: Any) -> None:
    edition = publish(concepts=[ConceptFactory()])
    publish(revised(edition), at=LATER)
    old, new = Edition.objects.with_parts().order_by("version")

    with django_assert_num_queries(0):
        assert differences(old, new) == []


def brackets(old: str, new: str) -> str:
    frame = {"kept": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(frame[segment.kind].format(segment.text) for segment in marked(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "費用が半減した。職員を送った。",
            "費用が三年で半減した。職員を送った。",
            "費用が[+三年で+]半減した。職員を送った。",
        ),
        ("Costs were shared.", "Costs were split.", "Costs were [-shared-][+split+]."),
        ("ワークショップを開いた", "ワークシートを開いた", "[-ワークショップ-][+ワークシート+]を開いた"),
        ("", "新しい", "[+新しい+]"),
        ("古い", "", "[-古い-]"),
        ("同じ", "同じ", "同じ"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_words_are_marked(old: str, new: str, expected: str) -> None:
    assert brackets(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("国際交流。" * 20_000 + "末尾", "国際交流！" * 20_000 + "末尾"),
        ("あい" * 20_000, "あう" * 20_000),
        ("a\n" * 30_000, "b c\n" * 30_000),
        ("共通。" * 30_000 + "旧" + "共通。" * 30_000, "共通。" * 30_000 + "新" + "共通。" * 30_000),
    ],
)
def test_huge_texts_are_marked_whole_and_lose_nothing(old: str, new: str) -> None:
    assert len(old) ** 2 > MOST_PAIRS

    segments = marked(old, new)

    assert "".join(segment.text for segment in segments if segment.kind != "removed") == new
    assert "".join(segment.text for segment in segments if segment.kind != "added") == old
    assert len(segments) < 10
