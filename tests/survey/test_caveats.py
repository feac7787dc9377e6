"""Every number in the points to know is worked out again from the stored figures, in both languages."""

import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Final

import pytest

from sih_portal.language import LANGUAGES
from survey.importing import PILOTS
from survey.ledger import half_up, whole_counts
from survey.models import Caveat, Figure, Indicator, Round
from universities.models import Participation

pytestmark = pytest.mark.django_db
NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
# Words of which a number is a part, and which tell no figure.
IDIOMS: Final = re.compile(r"1(?:機関|大学)当たり|2005年度比|第\d節")
GROUPS: Final = ("all", "pilot", "other")
KINDS: Final = ("national", "public", "private", "inter_university")
Numbers = dict[str, object]

# The numbers of a point in the order they are told, its title first: names of what is worked out below.
TOLD: Final = {
    (1, "en"): "all pilot other all pilot other both",
    (1, "ja"): "all pilot other all pilot other pilot other both",
    (2, "en"): "educators 2005 2008 2005 2008 total-2005 total-2008 both mean-2005 mean-2008 ratio printed-ratio",
    (2, "ja"): "gap 2005 educators staff-2005 2008 staff-2008 gap 2005 2008 total-2005 total-2008 both"
    " mean-2005 mean-2008 printed-ratio ratio",
    (3, "en"): "",
    (3, "ja"): "",
    (4, "en"): "item pilot other pilot-educators other-educators rounded pilot-staff other-staff",
    (4, "ja"): "item pilot other pilot-educators other-educators rounded pilot-staff other-staff",
    (6, "en"): "least-2005 least-2008 least-2005 2005 least-2008 2008",
    (6, "ja"): "least-2005 least-2008 2005 least-2005 2008 least-2008 least-2008",
    (7, "en"): "share others others-less-one share fewest most few-have have led have share few-led few-have",
    (7, "ja"): "share others others-less-one share fewest most few-have have have led few-have few-led share",
    (8, "en"): "other-use other-goals pilot-use pilot-goals",
    (8, "ja"): "other-use other-goals pilot-use pilot-goals",
    (9, "en"): "goals vision",
    (9, "ja"): "goals vision",
    (12, "en"): "others others-less-one added other pilot pilots",
    (12, "ja"): "others others-less-one added bars other pilot pilots",
    (13, "en"): "national public private inter_university all pilot-national"
    " other-national other-public other-private other-inter_university pilots s1a s7 s1b s3 g5",
    (13, "ja"): "national public private inter_university all"
    " pilot-national pilot-public pilot-private pilot-inter_university pilots"
    " other-national other-public other-private other-inter_university s1a s7 s1b s3 g5 pilots 1",
}


def printed(name: str) -> Decimal:
    """The number of a figure by its name: `t4/all/total/2005`."""
    indicator, group, measure, period = [*name.split("/"), ""][:4]
    figure = Figure.objects.public().get(
        indicator__code=indicator, group__code=group, measure=measure, period=period, item=""
    )
    assert figure.printed is not None
    return figure.printed


def count(name: str) -> int:
    return int(printed(name))


def of_groups(measure: str, period: str) -> dict[str, int]:
    """What table 4 prints for all and for both groups."""
    return {group: count(f"t4/{group}/{measure}/{period}") for group in GROUPS}


def both(numbers: dict[str, int]) -> int:
    return numbers["pilot"] + numbers["other"]


def gap(numbers: dict[str, int]) -> int:
    return numbers["all"] - both(numbers)


def growth(group: str, measure: str, decimals: int) -> Decimal:
    first, last = (count(f"t4/{group}/{measure}/{year}") for year in (2005, 2008))
    return half_up(Fraction(100 * (last - first), first), decimals)


def others() -> int:
    """The other institutions that answered, if all the pilots did."""
    return count("r0/all/answered") - PILOTS


def point_1() -> Numbers:
    usable = of_groups("usable", "")
    return {**usable, "both": both(usable)}


def point_2() -> Numbers:
    totals = {year: both(of_groups("total", year)) for year in ("2005", "2008")}
    usable = of_groups("usable", "")
    return {
        "gap": gap(usable),
        "educators": gap(of_groups("educators", "2005")),
        **{f"staff-{year}": gap(of_groups("admin_staff", year)) for year in totals},
        **{f"total-{year}": total for year, total in totals.items()},
        "both": both(usable),
        **{f"mean-{year}": half_up(Fraction(total, both(usable))) for year, total in totals.items()},
        "ratio": half_up(Fraction(totals["2008"], totals["2005"]), 2),
        "printed-ratio": printed("t4/all/ratio/2005-2008"),
    }


def point_4() -> Numbers:
    return {
        "item": Indicator.objects.get(code="g4").survey_item,
        "pilot": growth("pilot", "total", 0),
        "other": growth("other", "total", 0),
        "pilot-educators": growth("pilot", "educators", 1),
        "other-educators": growth("other", "educators", 1),
        "rounded": growth("other", "educators", 0),
        "pilot-staff": growth("pilot", "admin_staff", 0),
        "other-staff": growth("other", "admin_staff", 0),
    }


def point_6() -> Numbers:
    return {f"least-{year}": count(f"t6/pilot/minimum/{year}") for year in ("2005", "2008")}


def point_7() -> Numbers:
    share, bases = printed("s1b/other/share"), (others() - 1, others())
    of_all = [number for base in bases for number in whole_counts(share, base)]
    having = [number for base in bases for number in whole_counts(printed("s1a/other/share"), base)]
    [few_led], [led] = (whole_counts(share, number) for number in (min(having), max(having)))
    return {
        "share": share,
        "others": bases[1],
        "others-less-one": bases[0],
        "fewest": min(of_all),
        "most": max(of_all),
        "few-have": min(having),
        "have": max(having),
        "few-led": few_led,
        "led": led,
    }


def point_8() -> Numbers:
    of = {"use": "s2", "goals": "s1d"}
    return {f"{group}-{name}": printed(f"{of[name]}/{group}/share") for group in GROUPS[1:] for name in of}


def point_9() -> Numbers:
    return {"goals": printed("s1d/other/share"), "vision": printed("s1c/other/share")}


def point_12() -> Numbers:
    return {
        "others": others(),
        "others-less-one": others() - 1,
        "pilots": PILOTS,
        "added": printed("d7/other/added/2005-2008"),
        "bars": Figure.objects.public().filter(indicator__code="c7", measure="bar").count(),
        **{group: count(f"c7/{group}/counted") for group in GROUPS[1:]},
    }


def point_13() -> Numbers:
    answered = {kind: count(f"r0/{kind}/answered") for kind in KINDS}
    pilots = Counter(Participation.objects.values_list("institution__kind", flat=True))
    return {
        **answered,
        "all": sum(answered.values()),
        "pilots": sum(pilots.values()),
        **{f"pilot-{kind}": pilots[kind] for kind in KINDS},
        **{f"other-{kind}": answered[kind] - pilots[kind] for kind in KINDS},
        **{code: printed(f"{code}/pilot/share") for code in ("s1a", "s7", "s1b", "s3")},
        "g5": printed("g5/pilot/increase/2005-2008"),
    }


def nothing() -> Numbers:
    return {}


WORKED_OUT: Final = {
    1: point_1,
    2: point_2,
    3: nothing,
    4: point_4,
    6: point_6,
    7: point_7,
    8: point_8,
    9: point_9,
    12: point_12,
    13: point_13,
}


def numbers_in(caveat: Caveat, language: str) -> list[str]:
    text = " ".join(getattr(caveat, f"{name}_{language}") for name in ("title", "text"))
    return [number.replace(",", "") for number in NUMBER.findall(IDIOMS.sub("", text))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_points_tell_the_numbers_that_follow_from_the_figures(language: str, loaded_source: None) -> None:
    found, expected = {}, {}
    for number, work_out in WORKED_OUT.items():
        numbers = work_out()
        expected[number] = [str(numbers.get(name, name)) for name in TOLD[number, language].split()]
        found[number] = numbers_in(Caveat.objects.get(number=number), language)

    assert found == expected


def test_years_that_points_name_are_those_of_the_round(loaded_source: None) -> None:
    assert list(Round.objects.values_list("first_year", "last_year")) == [(2005, 2008)]


def test_averages_allow_only_the_printed_n(loaded_source: None) -> None:
    """Point 1."""
    for group in GROUPS:
        cells = [(count(f"t4/{group}/total/{year}"), printed(f"t4/{group}/mean/{year}")) for year in (2005, 2008)]
        for total, mean in cells:
            allowed = [number for number in range(1, 235) if half_up(Fraction(total, number)) == mean]
            assert allowed == [count(f"t4/{group}/usable")]


def test_only_staff_are_told_apart_in_the_last_year(loaded_source: None) -> None:
    """Point 2: of educators the rows of both groups make that of all."""
    assert gap(of_groups("educators", "2008")) == 0


def test_parts_of_the_table_make_its_totals_and_ratios(loaded_source: None) -> None:
    """Point 3."""
    for group in GROUPS:
        totals = [count(f"t4/{group}/total/{year}") for year in (2005, 2008)]
        parts = [
            count(f"t4/{group}/educators/{year}") + count(f"t4/{group}/admin_staff/{year}") for year in (2005, 2008)
        ]
        assert parts == totals
        assert printed(f"t4/{group}/ratio/2005-2008") == half_up(Fraction(totals[1], totals[0]), 2)


def test_shares_of_the_pilots_are_twentieths(loaded_source: None) -> None:
    """Point 13."""
    shares = [value for name, value in point_13().items() if name in {"s1a", "s7", "s1b", "s3", "g5"}]

    assert [str(share) for share in shares if int(str(share)) * PILOTS % 100] == []
    assert len(shares) == 5
