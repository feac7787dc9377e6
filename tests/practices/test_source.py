"""The loaded source is whole, bilingual, and in our own words."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from practices.importing import SOURCE as PRACTICES_SOURCE
from practices.models import Concept, Edition, EditionAction, EditionEffect, ProgrammeAction, Recommendation, Theme
from survey.importing import SOURCE as SURVEY_SOURCE
from universities.importing import SOURCE as UNIVERSITIES_SOURCE
from universities.models import Headquarters, HeadquartersHead, Institution, OverseasBase, Programme

FILES = sorted(
    path for source in (PRACTICES_SOURCE, SURVEY_SOURCE, UNIVERSITIES_SOURCE) for path in source.rglob("*.toml")
)
# Proper names without a known Japanese original stay English: the pages show them with their language marked.
PROPER_NAMES = {"universities/source/institutions.toml", "practices/source/publications.toml"}
LONGEST_SHARED_RUN = 8


def strings(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a file with its path."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from strings(value, f"{path}/{key}")
    elif isinstance(node, list):
        for value in node:
            yield from strings(value, path)
    elif isinstance(node, str):
        yield path, node


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower().replace("’", "'"))


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + length]) for start in range(len(found) - length + 1)}


def proper_names() -> list[str]:
    """Names of the programme, institutions, headquarters, publications and chapters; longest first."""
    contents = [tomllib.loads(path.read_text(encoding="utf-8")) for path in FILES]
    names = {
        text
        for content in contents
        for table in ("programme", "institution", "publication")
        for path, text in strings(content.get(table, []))
        if re.search(r"(^|headquarters|chapter|other_name)/(name|title)_en$", path)
    }
    extra = {"Office for the Planning and Coordination of International Affairs"}
    return sorted(names | extra, key=len, reverse=True)


def test_programme_is_whole(loaded_source: None) -> None:
    programme = Programme.objects.get()

    assert (programme.first_fiscal_year, programme.last_fiscal_year) == (2005, 2009)
    assert (programme.grant_min_jpy, programme.grant_max_jpy) == (10_000_000, 40_000_000)
    assert programme.roles.filter(provenance="summary").count() == 3


def test_institutions_are_whole(loaded_source: None) -> None:
    kinds = Counter(Institution.objects.pilots().values_list("kind", flat=True))

    assert kinds == {"national": 15, "public": 1, "private": 3, "inter_university": 1}
    assert Counter(Institution.objects.values_list("region", flat=True)) == {
        "hokkaido": 1,
        "tohoku": 2,
        "kanto": 8,
        "chubu": 2,
        "kinki": 3,
        "chugoku": 2,
        "kyushu": 2,
    }


def test_headquarters_are_whole(loaded_source: None) -> None:
    heads = Counter(Headquarters.objects.values_list("head", flat=True))

    assert Headquarters.objects.count() == 20
    assert heads == {HeadquartersHead.UNKNOWN: 18, HeadquartersHead.VICE_PRESIDENT: 1, HeadquartersHead.OTHER: 1}


def test_practices_are_whole(loaded_source: None) -> None:
    public = Edition.objects.public()

    assert [public.filter(theme__number=number).count() for number in range(1, 10)] == [2, 2, 2, 2, 2, 3, 2, 2, 3]
    assert public.values("institution").distinct().count() == 20
    assert (EditionAction.objects.count(), EditionEffect.objects.count()) == (37, 23)


def test_themes_and_recommendations_are_whole(loaded_source: None) -> None:
    assert list(Theme.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 11))
    assert Theme.objects.exclude(result_en="").exclude(result_ja="").count() == 9
    assert ProgrammeAction.objects.filter(theme__number=10).count() == 3
    assert [row.theme.number for row in Recommendation.objects.order_by("number")] == list(range(1, 11))


def test_concepts_are_linked_to_cases(loaded_source: None) -> None:
    assert 55 <= Concept.objects.count() <= 75
    assert not Edition.objects.public().filter(concepts=None).exists()


def test_bases_are_the_two_the_source_places(loaded_source: None) -> None:
    places = OverseasBase.objects.order_by("slug").values_list("institution__slug", "country")

    assert set(places) == {("keio", "GB"), ("tottori", "MX")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_text_has_both_languages(path: Path) -> None:
    missing = list(untranslated(tomllib.loads(path.read_text(encoding="utf-8"))))

    if str(path.relative_to(settings.BASE_DIR)) in PROPER_NAMES:
        missing = [
            name for name in missing if not name.endswith(("/name_ja", "/title_ja", "/title_en", "/successor_en"))
        ]
    assert missing == []


def untranslated(node: Any, path: str = "") -> Iterator[str]:
    """Paths of texts whose other language is missing."""
    if isinstance(node, list):
        for value in node:
            yield from untranslated(value, path)
    if isinstance(node, dict):
        for key, value in node.items():
            yield from untranslated(value, f"{path}/{key}")
            for one, other in (("_en", "_ja"), ("_ja", "_en")):
                if key.endswith(one) and isinstance(value, str) and not node.get(key.removesuffix(one) + other):
                    yield f"{path}/{key.removesuffix(one)}{other}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_english_is_in_our_own_words(path: Path, source_text: str) -> None:
    printed = runs(source_text, LONGEST_SHARED_RUN + 1)
    names = [" ".join(words(name)) for name in proper_names()]

    shared = set()
    for text_path, text in strings(tomllib.loads(path.read_text(encoding="utf-8"))):
        if not text_path.endswith("_en"):
            continue
        plain = f" {' '.join(words(text))} "
        for name in names:
            plain = plain.replace(f" {name} ", " § ")
        for piece in plain.split("§"):
            shared |= runs(piece, LONGEST_SHARED_RUN + 1) & printed

    assert shared == set()


@pytest.fixture(scope="session")
def source_text() -> str:
    """The printed summary's text. It is not part of the project; CI has it beside the clone."""
    found = sorted((settings.BASE_DIR.parent / "shared" / "seed").glob("*.txt"))
    if not found:
        pytest.skip("the source text is not at ../shared/seed")
    return "\n".join(path.read_text(encoding="utf-8") for path in found)
