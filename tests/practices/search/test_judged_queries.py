"""Queries judged on the real source: the named institutions are among the first k cases, on every database."""

import pytest

from practices.models import Edition
from practices.search import rebuild, search_engine
from tests.practices.search.asking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_source")]


def institutions(q: str) -> list[str]:
    found = ask(q)
    names = dict(Edition.objects.values_list("pk", "institution__slug"))
    return [] if found.relaxed else [names[pk] for pk in found.ids]


JUDGED = [
    ("職員", {"hitotsubashi", "kyoto", "kobe"}, 12),
    ("海外拠点", {"tottori", "keio", "tokai"}, 8),
    ("東京", {"tokyo", "tokyo-tech", "tufs"}, 5),
    ("京都", {"kyoto"}, 1),
    ("京大", {"kyoto"}, 1),
    ("タイ", {"tokyo-tech"}, 1),
    ("協定", {"nins"}, 20),
    ("double degree", {"tohoku"}, 1),
    ('"double degree"', {"tohoku"}, 1),
    ("ダブルディグリー", {"tohoku"}, 1),
    ("staff training", {"hitotsubashi", "kyoto", "kobe"}, 6),
    ('"staff training"', {"hitotsubashi", "kyoto", "kobe"}, 6),
    ("海外事務所", {"keio"}, 6),
]


def test_named_institutions_are_among_the_first() -> None:
    missing = {q: expected - set(institutions(q)[:first]) for q, expected, first in JUDGED}

    assert {q: names for q, names in missing.items() if names} == {}


def test_kyoto_is_not_tokyo() -> None:
    assert "tokyo" not in institutions("京大") + institutions("京都")


def test_nothing_is_found_honestly() -> None:
    answers = [ask(q) for q in ("奨学金", "秋入学", "安全保障輸出管理")]

    assert [found.total for found in answers] == [0, 0, 0]
    assert all(1 <= len(found.neighbours.concepts) <= 5 for found in answers)


def test_scholarships_lead_to_funding() -> None:
    assert "external-funding" in [concept.slug for concept in ask("奨学金").neighbours.concepts]


def test_index_equals_the_public_editions() -> None:
    loaded = search_engine().indexed()

    rebuild()

    assert loaded == search_engine().indexed() == set(Edition.objects.public().values_list("pk", flat=True))
