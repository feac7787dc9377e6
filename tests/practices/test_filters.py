"""What an address may ask, what it may not, and which cases and counts it gets."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from practices.filters import answer, facets, moment, read
from practices.models import Edition
from sih_portal.kept import at
from tests.factories.practices import A_MOMENT, ConceptFactory, PracticeFactory, ThemeFactory, publish
from tests.factories.universities import InstitutionFactory

pytestmark = pytest.mark.django_db


def slugs(query: str, language: str = "en") -> list[str]:
    ids = answer(read(QueryDict(query)), language).ids
    names = dict(Edition.objects.values_list("pk", "slug"))
    return [names[pk] for pk in ids]


def counts(query: str) -> dict[str, dict[str, int]]:
    asked = read(QueryDict(query))
    found = answer(asked, "en").found
    return {name: {value.value: value.count for value in values} for name, values in facets(asked, found).items()}


def refused(query: str) -> list[tuple[str, str | None]]:
    return [(refusal.name, refusal.value) for refusal in read(QueryDict(query)).refusals]


def test_theme_means_primary_and_further_themes() -> None:
    one, two = ThemeFactory(number=21), ThemeFactory(number=22)
    publish(slug="a", theme=one)
    publish(slug="b", theme=two, themes=[one])
    publish(slug="c", theme=two)

    assert slugs("theme=21") == ["a", "b"]
    assert slugs("recommendation=21") == ["a", "b"]


def test_values_of_one_name_are_ored_and_names_anded() -> None:
    theme = ThemeFactory(number=21)
    publish(slug="a", theme=theme, institution=InstitutionFactory(kind="national"))
    publish(slug="b", theme=theme, institution=InstitutionFactory(kind="private"))
    publish(slug="c", institution=InstitutionFactory(kind="national"))

    assert slugs("kind=national&kind=private&theme=21") == ["a", "b"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [("year=2004", []), ("year=2005", ["a"]), ("year=2007", ["a", "b"]), ("year=2010", ["b"])],
)
def test_year_lies_inside_the_cases_own_period(query: str, expected: list[str]) -> None:
    theme = ThemeFactory()
    publish(slug="a", theme=theme, first_fiscal_year=2005, last_fiscal_year=2009)
    publish(slug="b", theme=theme, first_fiscal_year=2007)
    publish(slug="c", theme=theme)

    assert slugs(query) == expected


@pytest.mark.parametrize(("language", "expected"), [("ja", ["all", "ja"]), ("en", ["all"])])
def test_translated_means_every_filled_text(language: str, expected: list[str]) -> None:
    theme = ThemeFactory()
    publish(slug="all", theme=theme)
    publish(slug="ja", theme=theme, summary_en="", lessons_en="", lessons_ja="教訓")
    publish(slug="part", theme=theme, actions=[("Only English.", "")], lessons_ja="教訓")

    assert slugs(f"translated={language}") == expected


def test_updated_since_is_about_the_edition() -> None:
    publish(slug="old")
    publish(slug="new", at=A_MOMENT + timedelta(days=2))

    assert slugs("updated_since=2026-04-02") == ["new"]


def test_sort_without_words_is_newest_first_with_ties_by_theme_and_slug() -> None:
    early, late = ThemeFactory(number=21), ThemeFactory(number=22)
    publish(slug="c", theme=early)
    publish(slug="a", theme=late)
    publish(slug="b", theme=early)
    publish(slug="new", theme=late, at=A_MOMENT + timedelta(days=1))

    assert slugs("") == ["new", "b", "c", "a"]


def test_sort_by_institution_follows_the_reading_in_japanese() -> None:
    publish(slug="a", institution=InstitutionFactory(name_kana="わせだ", name_en="A"))
    publish(slug="b", institution=InstitutionFactory(name_kana="あいづ", name_en="B"))

    assert slugs("sort=institution", "ja") == ["b", "a"]
    assert slugs("sort=institution", "en") == ["a", "b"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("foo=1", [("foo", None)]),
        ("kind=secret", [("kind", "secret")]),
        ("theme=10000000000000000000000", [("theme", "10000000000000000000000")]),
        ("page=0", [("page", "0")]),
        ("page=²", [("page", "²")]),
        ("page_size=101", [("page_size", "101")]),
        ("sort=draft__owner", [("sort", "draft__owner")]),
        ("expand=yes", [("expand", "yes")]),
        ("updated_since=0001-01-01T00:00:00%2B23:00", [("updated_since", "0001-01-01T00:00:00+23:00")]),
        ("updated_since=2026-02-31", [("updated_since", "2026-02-31")]),
        ("updated_since=1899-12-31", [("updated_since", "1899-12-31")]),
        ("updated_since=1900-01-01&updated_since=9000-12-31", []),
        ("year=99999", [("year", "99999")]),
        ("kind=&page=&q=", []),
        ("q=a&q=b&sort=title&sort=title", [("q", "b"), ("sort", "title")]),
        (
            "page=1&page=2&page_size=5&page_size=x&expand=0&expand=1",
            [("expand", "1"), ("page", "2"), ("page_size", "x")],
        ),
    ],
)
def test_read_lists_what_it_cannot_use(query: str, expected: list[tuple[str, str | None]]) -> None:
    assert refused(query) == expected


def test_first_value_counts_where_a_name_takes_one() -> None:
    asked = read(QueryDict("q=a&q=b&sort=title&sort=luck&page=2&page=3&expand=0&expand=1"))

    assert (asked.q, asked.sort, asked.page, asked.expand) == ("a", "title", 2, False)


def test_updated_since_reaches_back_before_the_portal() -> None:
    publish(slug="a")

    assert slugs("updated_since=1900-01-01") == ["a"]


def test_refusal_names_the_allowed_values() -> None:
    (refusal,) = read(QueryDict("kind=secret")).refusals

    assert refusal.allowed == ("national", "public", "private", "inter_university")


def test_value_that_only_a_draft_has_is_not_offered() -> None:
    theme = ThemeFactory(number=44)
    publish(theme=theme)
    publish(theme=ThemeFactory(number=45))
    unseen = ConceptFactory(slug="unseen")
    PracticeFactory(concepts=[unseen], theme=ThemeFactory(number=46), institution=InstitutionFactory(slug="unseen"))

    assert refused("concept=unseen") == [("concept", "unseen")]
    assert set(counts("")["theme"]) == {"44", "45"}
    assert "unseen" not in counts("")["institution"]


def test_theme_or_institution_without_a_case_finds_nothing() -> None:
    publish()
    ThemeFactory(number=44)
    InstitutionFactory(slug="unseen")

    assert refused("theme=44&institution=unseen") == []
    assert slugs("theme=44") == slugs("institution=unseen") == []


def test_facet_counts_use_every_filter_but_their_own() -> None:
    one, two = ThemeFactory(number=21), ThemeFactory(number=22)
    publish(theme=one, institution=InstitutionFactory(kind="national"))
    publish(theme=two, institution=InstitutionFactory(kind="national"))
    publish(theme=two, institution=InstitutionFactory(kind="private"))

    found = counts("theme=21")

    assert found["theme"] == {"21": 1, "22": 2}
    assert found["kind"] == {"national": 1, "private": 0}


def test_facet_with_one_live_value_is_not_shown() -> None:
    theme = ThemeFactory()
    publish(theme=theme)
    publish(theme=theme)

    assert "theme" not in counts("")
    assert "kind" not in counts("")


@pytest.mark.parametrize("cases", [1, 30])
def test_answer_and_facets_cost_the_same_for_any_number_of_cases(
    cases: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(cases):
        publish(concepts=[ConceptFactory()])

    with at("1-a"), django_assert_num_queries(15):
        counts("kind=national&sort=title")
        counts("kind=national&sort=title")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2026-04-01", "2026-03-31T15:00:00+00:00"), ("2026-04-01T00:00:00Z", "2026-04-01T00:00:00+00:00")],
)
def test_moment_without_a_zone_is_japanese_time(value: str, expected: str) -> None:
    found = moment(value)

    assert found is not None
    assert found.isoformat() == expected


def test_prefectures_are_offered_of_chosen_regions() -> None:
    for slug, prefecture in (("kyoto", "26"), ("osaka", "27"), ("tokyo", "13"), ("saitama", "11")):
        publish(slug=slug, institution=InstitutionFactory(prefecture=prefecture))

    assert "prefecture" not in counts("")
    assert counts("region=kinki")["prefecture"] == {"26": 1, "27": 1}
    assert counts("region=kinki&prefecture=26")["prefecture"] == {"26": 1, "27": 1}
    assert counts("prefecture=13")["prefecture"] == {"11": 1, "13": 1}
    assert slugs("region=kinki&prefecture=26") == ["kyoto"]
    assert slugs("region=kinki&prefecture=13") == []
    assert refused("prefecture=48") == [("prefecture", "48")]


def test_facets_count_what_the_filters_let_through() -> None:
    themes, concepts = ThemeFactory.create_batch(3), ConceptFactory.create_batch(3)
    kinds, prefectures = ["national", "private", "national"], ["13", "26", "27"]
    for number in range(12):
        publish(
            theme=themes[number % 3],
            themes=[themes[number % 2]],
            concepts=concepts[number % 3 :],
            institution=InstitutionFactory(kind=kinds[number % 3], prefecture=prefectures[number % 3]),
            summary_en="" if number % 4 else "What was done.",
        )

    found = counts("region=kinki")

    assert set(found) == {"theme", "kind", "region", "prefecture", "institution", "concept", "translated"}
    for name, values in found.items():
        narrowed = "" if name == "region" else "region=kinki&"
        assert values == {value: len(slugs(f"{narrowed}{name}={value}")) for value in values}
