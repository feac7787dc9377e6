"""The twin as a round: its wide table as a file, taken over as the survey's managers take over any other."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

from django.contrib.auth.models import Group, User
from django.db import transaction

from sih_portal import spreadsheets, tabular
from sih_portal.roles import Role
from sih_portal.tabular import Column
from survey import microdata
from survey.models import Questionnaire, Round
from survey.questionnaires import form_of

from .making import Unit
from .recipe import YEARS

QUESTIONNAIRE: Final = "sih-questionnaire"
VERSION: Final = 1
# The account in whose name it is taken over; nobody signs in with it.
ACCOUNT: Final = "synthetic-twin"


class NotMade(Exception):
    """The twin can't be made; the message says why."""


@transaction.atomic
def make_round(code: str, units: Sequence[Unit], *, at: datetime) -> Round:
    """This will make a closed round that nobody outside the desk ever sees, and take over its answers.

    :raises NotMade: when a round has this code, or the questionnaire is not loaded.
    """
    if Round.objects.filter(code=code).exists():
        raise NotMade(f"There is a round with the code {code} already. Nothing was written; choose another code.")
    questionnaire = Questionnaire.objects.filter(code=QUESTIONNAIRE, version=VERSION).first()
    if questionnaire is None:
        raise NotMade("The first questionnaire is not there. Run manage.py load_source --apply first.")
    survey_round = Round.objects.create(
        code=code,
        title_en="Synthetic twin of the survey of FY2005 and FY2008",
        title_ja="2005年度・2008年度調査の模擬データ",
        first_year=YEARS[0],
        last_year=YEARS[-1],
        is_synthetic=True,
        questionnaire=questionnaire,
        provenance="reference",
        reference_en="Made up for tests: no answer of any institution.",
        reference_ja="試験用に作成した模擬データ。実在する機関の回答ではない。",
    )
    take_over(survey_round, wide_csv(units), at=at)
    survey_round.refresh_from_db()
    return survey_round


def take_over(survey_round: Round, content: bytes, *, at: datetime) -> None:
    """This will import a file into a round as its page does, seen by nobody.

    :raises NotMade: when the file is not right.
    """
    if survey_round.questionnaire is None:
        raise NotMade("The round has no questionnaire.")
    form = form_of(survey_round.questionnaire)
    reported, problems = microdata.parse(spreadsheets.read(BytesIO(content), name="twin.csv"), form, at=at)
    plan = microdata.diff(reported, survey_round, form)
    if problems := problems or plan.problems:
        raise NotMade("\n".join(f"{problem.row}{problem.column}: {problem.reason}" for problem in problems))
    microdata.apply(plan, seen=plan.fingerprint, by=account(), at=at)


def wide_csv(units: Sequence[Unit]) -> bytes:
    """The wide table of the units, as the export of a round writes it."""
    codes = dict.fromkeys(code for unit in units for code in unit.answers)
    facts = tabular.plain_columns("number", "name_en", "name_ja", "kind", "is_pilot", "prefecture")
    state = Column("state", lambda unit: "accepted" if unit.answers else None)
    return b"".join(tabular.csv_lines([*facts, state, *map(_column, codes)], units))


def _column(code: str) -> Column:
    return Column(code, lambda unit: unit.answers.get(code))


def account() -> User:
    """No password, no way into the admin."""
    user, is_new = User.objects.get_or_create(username=ACCOUNT, defaults={"is_staff": False})
    if is_new:
        user.set_unusable_password()
        user.save()
        user.groups.set(Group.objects.filter(name=Role.SURVEY_MANAGER))
    return user
