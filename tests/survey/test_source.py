"""Every number of section V is a stored figure, and every stored figure is printed there."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

from survey.models import Caveat, Figure, Indicator, IndicatorItem
from universities.models import Participation

LIST: Final = Path(__file__).with_name("section_v.txt")
# What a number of section V can be beside a figure.
NO_FIGURES: Final = {"heading", "enumeration", "page", "year", "axis", "pilots"}
WORDS: Final = {"two": 2, "four": 4, "five": 5}
NUMBER: Final = re.compile(r"\d[\d,]*(?:\.\d+)?|[①-⑳Ⅰ-Ⅻ]|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b")


def listed() -> list[tuple[str, str]]:
    """The committed numbers with what each is, in the order of the source's text."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(number, what) for number, what in rows]


def value(number: str) -> Decimal:
    return Decimal(WORDS.get(number, 0) or number.replace(",", ""))


def is_figure(what: str) -> bool:
    return what not in NO_FIGURES and not what.startswith("areas/")


def test_the_list_is_what_the_source_prints() -> None:
    found = sorted((settings.BASE_DIR.parent / "shared" / "seed").glob("*.txt"))
    if not found:
        pytest.skip("the source text is not at ../shared/seed")
    text = "\n".join(path.read_text(encoding="utf-8") for path in found)
    start = text.index("Ⅴ　Questionnaire")
    section = text[start : text.index("Strategic Fund for Establishing International Headquarters", start)]

    assert NUMBER.findall(section) == [number for number, _what in listed()]


def test_every_number_of_section_v_is_stored_and_nothing_else(loaded_source: None) -> None:
    printed = Counter((what, str(value(number))) for number, what in listed() if is_figure(what))

    figures = Figure.objects.public().with_labels().exclude(value=None)
    stored = Counter((str(figure).partition("/number-")[0], str(figure.printed)) for figure in figures)
    assert stored == printed


def test_numbers_that_are_no_figures_are_known_otherwise(loaded_source: None) -> None:
    areas = {what.removeprefix("areas/"): value(number) for number, what in listed() if what.startswith("areas/")}
    pilots = {value(number) for number, what in listed() if what == "pilots"}

    assert areas == {code: IndicatorItem.objects.filter(indicator__code=code).count() for code in ("q4", "q6")}
    assert pilots == {Participation.objects.filter(role="pilot").count()}
    assert {what for _number, what in listed() if not is_figure(what)} == NO_FIGURES | {"areas/q4", "areas/q6"}


def test_areas_are_stated_without_a_number(loaded_source: None) -> None:
    stated = Figure.objects.public().filter(value=None)

    assert Counter(stated.values_list("indicator__code", "group__code")) == {
        ("q4", "pilot"): 4,
        ("q4", "other"): 4,
        ("q6", "pilot"): 5,
        ("q6", "other"): 5,
    }
    assert not stated.filter(note_en="").exists()
    assert set(stated.values_list("item", flat=True)) == set(
        IndicatorItem.objects.filter(indicator__code__in=["q4", "q6"]).values_list("code", flat=True)
    )


def test_themes_with_figures_are_those_the_items_bear_on(loaded_source: None) -> None:
    bearing = {
        code: sorted(themes)
        for code, themes in (
            (row.code, row.themes.values_list("number", flat=True)) for row in Indicator.objects.exclude(code="r0")
        )
    }

    assert {number for themes in bearing.values() for number in themes} == {1, 2, 4, 7, 8, 9}
    assert (bearing["s1a"], bearing["s2"], bearing["g5"], bearing["c7"]) == ([1, 2], [2], [4, 8], [9])


def test_fifteen_points_to_know_name_their_indicators(loaded_source: None) -> None:
    caveats = Caveat.objects.filter(round__code="sih-fy2008")

    assert list(caveats.values_list("number", flat=True)) == list(range(1, 16))
    assert not caveats.filter(indicators=None).exists()
