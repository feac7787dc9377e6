"""Figures from answers: rules mean the same in SQL, whom a figure counts, and how the last step is rounded."""

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from survey import rules
from survey.answering import Sheet, sheet_of
from survey.engine import Population, computed, populations
from survey.engine.figures import divided, rounded
from survey.engine.terms import TOLD, Terms, flag
from survey.models import Group, GroupScheme, Indicator, Invitation, Response, Round
from survey.questionnaires import Form, form_of
from tests.factories.answers import a_questionnaire, a_response, a_round, answered, the_form
from tests.factories.invitations import InvitationFactory
from tests.factories.survey import IndicatorFactory

pytestmark = pytest.mark.django_db
REASONS = ("a", "x", "nc", "u")
GROUPS = (
    ("whole", ["all"]),
    ("participation", ["pilot", "other"]),
    ("kind", ["national", "public"]),
    ("region", ["hokkaido", "kanto", "chubu", "kyushu"]),
)


@pytest.fixture
def groups() -> None:
    for scheme, codes in GROUPS:
        row = GroupScheme.objects.create(code=scheme)
        for code in codes:
            Group.objects.create(scheme=row, code=code, name_ja=code)


def accepted(survey_round: Round, said: dict[str, str], **invitation: Any) -> Response:
    named = {f"invitation__{name}": value for name, value in invitation.items()}
    response = a_response(round=survey_round, **named)
    answered(response, said)
    Response.objects.filter(pk=response.pk).update(state="accepted", revision=1, submitted_at=timezone.now())
    return response


def compared_round(**values: Any) -> Round:
    """Of the years that the small questionnaire asks about."""
    return a_round(first_year=2005, last_year=2008, **values)


def the_form_of(survey_round: Round) -> Form:
    assert survey_round.questionnaire
    return form_of(survey_round.questionnaire)


def calculated(*rows: dict[str, Any]) -> Indicator:
    indicator = IndicatorFactory(code="x1")
    for position, row in enumerate(rows):
        indicator.calculations.create(position=position, **row)
    return indicator


def of(survey_round: Round) -> dict[tuple[str, str, str, str], Any]:
    found = list(computed(survey_round, the_form_of(survey_round)))
    keys = [one.key[1:] for one in found]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, found, strict=True))


def random_answers(chance: random.Random) -> dict[str, str]:
    """Anything that can stand in a form: answers, reasons, blanks, and answers to what is not asked."""

    def said(*possible: str) -> str:
        return chance.choice([*possible, *possible, chance.choice(REASONS), ""])

    numbers = {
        f"Q4.{row}.{year}": said("0", "3", str(chance.randint(0, 500)))
        for row in ("edu", "adm")
        for year in (2005, 2008)
    }
    return {"Q1.hq": said("1", "2"), "Q1.head": said("1", "2", "3"), "Q6.count": said("0", "1", "7"), **numbers}


RULES = (
    "Q1.hq = 1",
    "Q1.head <= 2",
    "not Q1.hq = 1",
    "not not Q6.count",
    "Q1.hq = 1 and Q6.count > 0",
    "Q1.hq = 2 or Q1.head = 1",
    "Q6.count",
    "pilot or Q6.count <> 0",
    "not (pilot and Q1.hq = 1)",
    "answered(Q1.head) and not answered(Q6.count)",
    "answered(Q1.head) = 0",
    "(Q1.hq = 1) = (Q6.count > 0)",
    "Q4.edu.2008 <= 3 * Q4.edu.2005 or Q4.edu.2008 - Q4.edu.2005 <= 20",
    "Q4.total.2008 >= Q4.total.2005",
    "Q4.total.2005 - Q4.adm.2005 = Q4.edu.2005",
    "Q4.edu.2005 + 2 * Q4.adm.2005 > Q6.count - 10",
)


@pytest.mark.parametrize("text", RULES)
def test_rule_holds_in_sql_where_it_holds_in_python(text: str) -> None:
    chance, survey_round = random.Random(text), a_round()
    said = [random_answers(chance) for _institution in range(40)]
    rows = [accepted(survey_round, one, is_pilot=chance.random() < 0.4) for one in said]
    form = the_form(rows[0])
    sheets: dict[int, Sheet] = {row.pk: sheet_of(row, form, is_pilot=row.invitation.is_pilot) for row in rows}
    terms = Terms(form)
    holds = flag(terms.rule(text))

    found = Response.objects.annotate(**{TOLD: terms.relation}).annotate(holds=holds).values_list("pk", "holds")

    expected = {pk: rules.read(text).holds(sheet.facts) for pk, sheet in sheets.items()}
    assert dict(found) == {pk: None if holds is None else int(holds) for pk, holds in expected.items()}
    assert len(set(expected.values())) > 1


@pytest.mark.usefixtures("groups")
def test_share_is_of_those_of_the_base_who_answered() -> None:
    calculated({"measure": "share", "condition": "Q1.head <= 2", "base": "Q1.hq = 1"})
    survey_round = a_round()
    for hq, head in (("1", "1"), ("1", "2"), ("1", "3"), ("1", ""), ("2", "1"), ("", "1")):
        accepted(survey_round, {"Q1.hq": hq, "Q1.head": head, "Q6.count": "0"}, is_pilot=True)
    a_response(round=survey_round)

    figure = of(survey_round)["pilot", "share", "", ""]

    assert (figure.n_base, figure.n_valid, figure.numerator, figure.denominator) == (4, 3, 2, 3)
    assert figure.value == Decimal(67)
    assert of(survey_round)["other", "share", "", ""].value is None


@pytest.mark.usefixtures("groups")
def test_share_that_no_cell_decides_is_told() -> None:
    calculated({"measure": "share", "condition": "pilot"})
    survey_round = a_round()
    for is_pilot in (True, False, False):
        accepted(survey_round, {"Q1.hq": "1"}, is_pilot=is_pilot)

    assert of(survey_round)["all", "share", "", ""].value == 33


def sums_of(policy: str, *, is_synthetic: bool = True) -> dict[tuple[str, str, str, str], Any]:
    rows = {"rows": "Q4.edu Q4.adm", "policy_all": policy, "policy_groups": "complete"}
    calculated(
        {"measure": "usable", **rows},
        *(
            {"measure": measure, "parts": "Q4.edu Q4.adm", **rows}
            for measure in ("total", "mean", "minimum", "maximum")
        ),
        {"measure": "educators", "parts": "Q4.edu", **rows},
        {"measure": "ratio", "parts": "Q4.edu Q4.adm", "decimals": 2, **rows},
        {"measure": "increase", "parts": "Q4.edu Q4.adm", **rows},
        {"measure": "added", "parts": "Q4.edu Q4.adm", "decimals": 1, **rows},
    )
    survey_round = compared_round(is_synthetic=is_synthetic)
    for edu, adm in (
        (("10", "20"), ("0", "5")),
        (("4", ""), ("1", "1")),
        (("", ""), ("", "nc")),
        (("7", "2"), ("2", "0")),
    ):
        said = {"Q4.edu.2005": edu[0], "Q4.edu.2008": edu[1], "Q4.adm.2005": adm[0], "Q4.adm.2008": adm[1]}
        accepted(survey_round, {name: text for name, text in said.items() if text}, kind="national")
    return of(survey_round)


@pytest.mark.usefixtures("groups")
def test_each_year_counts_whoever_answered_where_that_is_the_policy() -> None:
    found = sums_of("available")

    told = {key[1:3]: (one.value, one.n_valid) for key, one in found.items() if key[0] == "all"}
    assert told["usable", ""] == (3, 3)
    assert (told["total", "2005"], told["total", "2008"]) == ((24, 3), (28, 3))
    assert (told["educators", "2005"], told["educators", "2008"]) == ((21, 3), (22, 3))
    assert (told["minimum", "2008"], told["maximum", "2008"]) == ((1, 3), (25, 3))


@pytest.mark.usefixtures("groups")
def test_complete_answers_alone_count_elsewhere() -> None:
    found = sums_of("available")

    told = {key[1:3]: (one.value, one.n_valid, one.n_base) for key, one in found.items() if key[0] == "national"}
    assert told["usable", ""] == (2, 2, 4)
    assert (told["total", "2005"], told["total", "2008"]) == ((19, 2, 4), (27, 2, 4))
    assert told["mean", "2005"] == (10, 2, 4)
    assert told["mean", "2008"] == (14, 2, 4)
    assert told["ratio", "2005-2008"] == (Decimal("1.42"), 2, 4)
    assert told["increase", "2005-2008"] == (42, 2, 4)
    assert told["added", "2005-2008"] == (Decimal("4.0"), 2, 4)


@pytest.mark.usefixtures("groups")
def test_real_round_counts_complete_answers_alone_and_tells_nobodys_own_number() -> None:
    found = sums_of("available", is_synthetic=False)

    assert {key[1] for key in found}.isdisjoint({"minimum", "maximum"})
    assert (found["all", "total", "2005", ""].value, found["all", "usable", "", ""].value) == (19, 2)


@pytest.mark.usefixtures("groups")
def test_frame_counts_who_was_asked_and_who_was_accepted() -> None:
    calculated({"measure": "asked"}, {"measure": "answered"})
    survey_round = a_round()
    accepted(survey_round, {}, is_pilot=True, kind="national", sent_at=timezone.now())
    a_response(round=survey_round, invitation__kind="public", invitation__sent_at=timezone.now())
    a_response(round=survey_round, invitation__kind="public", invitation__outcome="ineligible")

    found = {key[:2]: one.value for key, one in of(survey_round).items()}

    assert (found["all", "asked"], found["all", "answered"]) == (2, 1)
    assert (found["public", "asked"], found["public", "answered"], found["pilot", "answered"]) == (1, 0, 1)


@pytest.mark.usefixtures("groups")
def test_rate_of_response_is_that_of_whom_the_round_asked() -> None:
    calculated({"measure": "rate", "decimals": 1})
    survey_round = a_round()
    accepted(survey_round, {}, is_pilot=True, kind="national", sent_at=timezone.now())
    for _number in range(2):
        a_response(round=survey_round, invitation__kind="public", invitation__sent_at=timezone.now())
    a_response(round=survey_round, invitation__kind="public", invitation__outcome="ineligible")

    found = {key[0]: one for key, one in of(survey_round).items()}

    told = {code: (one.value, one.numerator, one.denominator) for code, one in found.items()}
    assert (told["all"], told["public"]) == ((Decimal("33.3"), 1, 3), (Decimal("0.0"), 0, 2))
    assert told["national"] == (Decimal("100.0"), 1, 1)


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("count", [4, 5, 19, 20, 21, 49, 50, 51])
def test_order_statistics_are_told_of_groups_that_are_large_enough(count: int) -> None:
    measures = ("median", "quartile_1", "quartile_3", "decile_1", "decile_9")
    rows = {"rows": "Q4.edu", "parts": "Q4.edu", "decimals": 1}
    calculated(*({"measure": measure, **rows} for measure in measures))
    survey_round = compared_round()
    numbers = [(37 * place) % 101 for place in range(count)]
    for number in numbers:
        accepted(survey_round, {"Q4.edu.2005": str(number), "Q4.edu.2008": "1"})

    found = of(survey_round)

    told = {key[1]: one.value for key, one in found.items() if (key[0], key[2]) == ("all", "2005")}
    least = {"median": 20, "quartile_1": 20, "quartile_3": 20, "decile_1": 50, "decile_9": 50}
    assert set(told) == {measure for measure in measures if count >= least[measure]}
    ordered = sorted(numbers)
    places = {"median": (1, 2), "quartile_1": (1, 4), "quartile_3": (3, 4), "decile_1": (1, 10), "decile_9": (9, 10)}
    for measure, value in told.items():
        part, whole = places[measure]
        # At least `part` of `whole` numbers are not above it, and as many as that are not below it.
        assert whole * sum(number <= value for number in ordered) >= part * count
        assert whole * sum(number >= value for number in ordered) >= (whole - part) * count


@pytest.mark.usefixtures("groups")
def test_cells_that_were_not_asked_give_no_figure() -> None:
    calculated(
        {"measure": "share", "condition": "Q8.none = 1"}, {"measure": "total", "rows": "Q8.row", "parts": "Q8.row"}
    )
    survey_round = a_round()
    accepted(survey_round, {"Q6.count": "1"})

    assert of(survey_round) == {}


@pytest.mark.usefixtures("groups")
def test_number_of_queries_does_not_depend_on_the_answers() -> None:
    rows = {"rows": "Q4.edu Q4.adm", "parts": "Q4.edu"}
    calculated(
        {"measure": "share", "condition": "Q1.hq = 1"}, {"measure": "total", **rows}, {"measure": "mean", **rows}
    )
    survey_round = compared_round()
    counts = []
    for many in (1, 12):
        for _institution in range(many):
            accepted(survey_round, {"Q1.hq": "1", "Q4.edu.2005": "1"})
        form = the_form_of(survey_round)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list(computed(survey_round, form))
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("number", "decimals", "told"),
    [
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(10**17 + 1, 2), 0, "50000000000000001"),
    ],
)
def test_halves_are_rounded_away_from_zero(number: Fraction, decimals: int, told: str) -> None:
    assert str(rounded(number, decimals)) == told


def test_nothing_is_divided_by_zero() -> None:
    assert divided(5, 0, decimals=1) is None


def test_institution_of_an_unknown_division_is_an_error() -> None:
    with pytest.raises(ValueError, match="sunny"):
        Population("sunny", "weather").has(InvitationFactory())


@pytest.mark.usefixtures("groups")
def test_group_has_the_same_members_in_sql_and_in_python() -> None:
    survey_round = a_round()
    for is_pilot, kind in ((True, "national"), (False, "national"), (False, "public"), (True, "private")):
        for prefecture in ("", "01", "13", "15", "47"):
            InvitationFactory(round=survey_round, is_pilot=is_pilot, kind=kind, prefecture=prefecture)

    for group in populations():
        found = Invitation.objects.filter(group.members("is_pilot", "kind", "prefecture")).order_by("pk")
        assert list(found) == [row for row in Invitation.objects.order_by("pk") if group.has(row)]


@pytest.mark.usefixtures("groups")
def test_regions_are_counted_by_the_prefecture_on_the_list() -> None:
    """Niigata is in Chubu, and who has no prefecture is in no region."""
    rows = {"rows": "Q4.edu", "parts": "Q4.edu"}
    calculated({"measure": "share", "condition": "Q1.hq = 1"}, {"measure": "answered"}, {"measure": "total", **rows})
    survey_round = compared_round()
    for prefecture, hq, edu in (
        *(("08", "1", "10"), ("13", "2", "20"), ("14", "1", "40")),
        *(("15", "1", "100"), ("23", "1", "200"), ("01", "2", "1000"), ("", "1", "5000")),
    ):
        said = {"Q1.hq": hq, "Q4.edu.2005": edu, "Q4.edu.2008": "1"}
        accepted(survey_round, said, prefecture=prefecture)

    found = {key[:3]: one.value for key, one in of(survey_round).items()}

    regions = ("all", "hokkaido", "kanto", "chubu")
    assert [found[region, "total", "2005"] for region in regions] == [6370, 1000, 70, 300]
    assert [found[region, "answered", ""] for region in regions] == [7, 1, 3, 2]
    assert [found[region, "share", ""] for region in regions] == [71, 0, 67, 100]


@pytest.mark.usefixtures("groups")
def test_group_without_any_institution_on_the_list_has_no_figures() -> None:
    calculated({"measure": "share", "condition": "Q1.hq = 1"}, {"measure": "asked"})
    survey_round = a_round()
    accepted(survey_round, {"Q1.hq": "1"}, is_pilot=False, kind="public")
    InvitationFactory(round=survey_round, is_pilot=True, kind="public")
    InvitationFactory(round=a_round(), kind="national", prefecture="13")

    assert {key[0] for key in of(survey_round)} == {"all", "pilot", "other", "public"}


def test_unknown_group_is_an_error() -> None:
    scheme = GroupScheme.objects.create(code="weather")
    Group.objects.create(scheme=scheme, code="sunny", name_ja="晴れ")
    calculated({"measure": "share", "condition": "Q1.hq = 1"})
    survey_round = a_round(questionnaire=a_questionnaire())
    accepted(survey_round, {"Q1.hq": "1"})

    with pytest.raises(ValueError, match="sunny"):
        of(survey_round)
