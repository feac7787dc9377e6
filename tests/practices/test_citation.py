"""How a case is cited: the version that was read, in the style of each language."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from practices.citation import citation
from practices.models import Edition
from tests.factories.practices import publish

pytestmark = pytest.mark.django_db
READ_ON = date(2026, 11, 23)


@pytest.fixture
def edition(settings: Any) -> Edition:
    settings.SITE_URL = "https://sih.example.ac.jp"
    return publish(
        slug="a-case",
        institution__name_en="Kobe University",
        institution__name_ja="神戸大学",
        title_en="Specialists & training",
        title_ja="専門人材の採用",
        at=datetime(2026, 4, 1, 3, 0, tzinfo=UTC),
    )


def test_citation_in_japanese(edition: Edition) -> None:
    assert citation(edition, "ja", accessed_on=READ_ON) == (
        "神戸大学「専門人材の採用」SIH ポータル，第1版，2026年4月1日（令和8年4月1日）．"
        "https://sih.example.ac.jp/ja/practices/a-case/versions/1/（参照：2026年11月23日）"
    )


def test_citation_in_english(edition: Edition) -> None:
    assert citation(edition, "en", accessed_on=READ_ON) == (
        "Kobe University: “Specialists & training”. SIH Portal, version 1, 1 April 2026. "
        "https://sih.example.ac.jp/en/practices/a-case/versions/1/ (accessed 23 November 2026)"
    )


def test_citation_names_the_case_in_the_other_language_where_one_is_missing() -> None:
    edition = publish(title_en="", title_ja="専門人材の採用")

    assert "“専門人材の採用”" in citation(edition, "en", accessed_on=READ_ON)
