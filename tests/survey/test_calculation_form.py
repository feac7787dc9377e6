"""How figures are computed is typed at the desk: rules are read where they are typed."""

from typing import Any

import pytest

from survey.forms import CalculationForm
from tests.factories.survey import IndicatorFactory

pytestmark = pytest.mark.django_db
PLAIN = {"position": "1", "decimals": "0", "policy_all": "complete", "policy_groups": "complete"}
SHARE = {**PLAIN, "measure": "share", "condition": "Q1.hq = 1"}
TOTAL = {**PLAIN, "measure": "total", "rows": "Q4.edu Q4.adm", "parts": "Q4.edu"}


def wrong(**typed: Any) -> set[str]:
    return set(CalculationForm({"indicator": IndicatorFactory().pk, **typed}).errors)


@pytest.mark.parametrize("typed", [SHARE, {**SHARE, "base": "pilot"}, TOTAL, {**PLAIN, "measure": "asked"}])
def test_what_is_whole_is_taken(typed: dict[str, str]) -> None:
    assert wrong(**typed) == set()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**SHARE, "condition": ""}, "condition"),
        ({**SHARE, "condition": "Q1.hq ="}, "condition"),
        ({**SHARE, "base": "Q1.hq = 1 and"}, "base"),
        ({**TOTAL, "rows": "", "parts": ""}, "rows"),
        ({**TOTAL, "parts": "Q4.total"}, "parts"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(typed: dict[str, str], field: str) -> None:
    assert wrong(**typed) == {field}
