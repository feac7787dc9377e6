"""The survey's source, from `survey/source/` into rows: groups, indicators, points to know, the questionnaire, figures.

Figures are released as a whole: what the file says becomes a release, and a file that says something else later
becomes the next one. The ledger sets the verdicts and the notes.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Model, Q
from django.utils import translation

from sih_portal import loading
from sih_portal.language import LANGUAGES, sentences
from sih_portal.loading import Content, Plan, Record, Shape, SourceError
from universities.importing import SOURCED, bilingual, renamed

from . import ledger
from .ledger import Judgement, Key
from .models import (
    Calculation,
    Caveat,
    Figure,
    Group,
    GroupScheme,
    Indicator,
    IndicatorItem,
    Measure,
    Origin,
    Questionnaire,
    Release,
    Round,
)
from .questionnaires.content import QUESTIONNAIRES
from .questionnaires.source import record_of

SOURCE = Path(__file__).parent / "source"
ROUND_FILE = SOURCE / "sih-fy2008.toml"
GROUPS_FILE = SOURCE / "groups.toml"
QUESTIONNAIRE_FILE = SOURCE / "questionnaire.toml"
# The programme's fact (`universities/source/`), which the tables repeat: "20 pilot universities".
PILOTS: Final = 20

SCHEMES = Shape(GroupScheme, ("code",), ("code", *bilingual("title")))
# No children of their scheme: figures name them, so they are rewritten where they stand.
GROUPS = Shape(Group, ("code",), ("code", *bilingual("name"), "position"), references={"scheme": "code"})
ROUNDS = Shape(
    Round,
    ("code",),
    ("code", *bilingual("title", "purpose", "selection"), "first_year", "last_year", "state", *SOURCED),
    references={"publication": "slug"},
)
INDICATORS = Shape(
    Indicator,
    ("code",),
    (
        *("code", "position", "survey_item", "unit", "sensitivity"),
        *bilingual("title", "headline", "definition", "base", "formula"),
        *bilingual("computed_headline", "computed_definition", "computed_base", "computed_formula"),
        *SOURCED,
    ),
    many={"themes": "number"},
    children={
        "items": Shape(IndicatorItem, ("code",), ("code", "position", *bilingual("label")), order=("position", "code")),
        "calculations": Shape(
            Calculation,
            ("measure", "item"),
            (
                *("measure", "item", "position", "base", "condition", "rows", "parts"),
                *("policy_all", "policy_groups", "decimals"),
            ),
            order=("position", "measure", "item"),
        ),
    },
)
CAVEATS = Shape(
    Caveat,
    ("round", "number"),
    ("number", *bilingual("title", "text"), *SOURCED),
    references={"round": "code"},
    many={"indicators": "code"},
)
SHAPES = (SCHEMES, GROUPS, ROUNDS, INDICATORS, CAVEATS)


class PrintedFigure(NamedTuple):
    """A figure as the file has it: what it tells, its value as printed, its base, its place in the source, a note."""

    key: Key
    value: Decimal | None
    n_base: int | None
    locator: str
    note_en: str
    note_ja: str


class ReleasePlan(NamedTuple):
    """A round's figures and whether they are released already; `fingerprint` is that of the file's figures."""

    round: str
    figures: list[PrintedFigure]
    fingerprint: str
    is_new: bool


def plans() -> list[Plan]:
    """What loading everything but the figures would do, in the order it has to be done; nothing is written.

    :raises SourceError: when a file is not as it should be.
    """
    records = parse()
    questionnaires = loading.plan(QUESTIONNAIRES, [record_of(QUESTIONNAIRE_FILE)])
    return [*(loading.plan(shape, records[shape.model]) for shape in SHAPES), _with_settled_kept(questionnaires)]


def _with_settled_kept(plan: Plan) -> Plan:
    """A version that was frozen, or continued by the next one, stays as it is."""
    settled = Questionnaire.objects.filter(Q(frozen_at__isnull=False) | Q(followed_by__isnull=False))
    keys = set(settled.values_list(*QUESTIONNAIRES.key))
    plan.kept += [one for one in plan.changed if one.key(QUESTIONNAIRES) in keys]
    plan.changed = [one for one in plan.changed if one.key(QUESTIONNAIRES) not in keys]
    return plan


def parse() -> dict[type[Model], list[Record]]:
    """:raises SourceError: when a file is not as it should be."""
    schemes, groups = (loading.read(GROUPS_FILE, table) for table in ("scheme", "group"))
    rounds = [(ROUND_FILE.name, loading.read_one(ROUND_FILE)["round"])]
    indicators = [
        (origin, renamed(raw, item="items")) for origin, raw in loading.read(SOURCE / "indicators.toml", "indicator")
    ]
    caveats = [
        (origin, {"round": rounds[0][1]["code"], **raw})
        for origin, raw in loading.read(SOURCE / "caveats.toml", "caveat")
    ]
    tables = (schemes, groups, rounds, indicators, caveats)
    return {
        shape.model: [loading.record(shape, origin, raw) for origin, raw in rows]
        for shape, rows in zip(SHAPES, tables, strict=True)
    }


def plan_release() -> ReleasePlan:
    """What releasing the printed figures would do.

    :raises SourceError: when the file is not as it should be.
    """
    code = loading.read_one(ROUND_FILE)["round"]["code"]
    figures = printed_figures()
    mark = _fingerprint(figures)
    is_new = not Release.objects.filter(round__code=code, loaded_hash=mark, superseded_at=None).exists()
    return ReleasePlan(code, figures, mark, is_new)


@transaction.atomic
def apply_release(plan: ReleasePlan, *, at: datetime, progress: Callable[[str], None]) -> Release:
    """This will release the figures at `at`, and supersede what stood before. Rounds and indicators stand already."""
    survey_round = Round.objects.select_for_update().get(code=plan.round)
    current = survey_round.releases.order_by("-number").first()
    survey_round.releases.filter(published_at__isnull=False, superseded_at=None).update(superseded_at=at)
    release = Release.objects.create(
        round=survey_round,
        number=current.number + 1 if current else 1,
        published_at=at,
        loaded_hash=plan.fingerprint,
    )
    Figure.objects.bulk_create(_rows(release, plan.figures))
    progress(f"{release}: {len(plan.figures)}")
    return release


def printed_figures() -> list[PrintedFigure]:
    """The file's figures in the source's order.

    :raises SourceError: when a row does not fit its table or a value is no number.
    """
    return [figure for origin, raw in loading.read(ROUND_FILE, "table") for figure in _table(origin, raw)]


def _table(origin: str, raw: Content) -> list[PrintedFigure]:
    bases = raw.get("bases", {})
    rest = (raw["locator"], raw.get("note_en", ""), raw.get("note_ja", ""))
    cells = [
        (Key(raw["indicator"], group, measure, period, item), _number(origin, value))
        for measure, period, values in _lines(origin, raw)
        for group, value in zip(raw["groups"], values, strict=True)
        for item in raw.get("items", [""])
    ]
    cells += [
        (Key(raw["indicator"], group, raw["measure"], item=f"number-{place}"), Decimal(number))
        for group in raw["groups"]
        for place, number in enumerate(raw.get("numbers", []), 1)
    ]
    return [PrintedFigure(key, value, bases.get(key.group), *rest) for key, value in cells]


def _lines(origin: str, raw: Content) -> list[tuple[str, str, list[str]]]:
    for row in raw.get("rows", []):
        if len(row) != 2 + len(raw["groups"]):
            raise SourceError(f"{origin}: {row} does not fit the groups {raw['groups']}")
    return [(measure, period, values) for measure, period, *values in raw.get("rows", [])]


def _number(origin: str, text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation as error:
        raise SourceError(f"{origin}: {text!r} is not a number") from error


def _rows(release: Release, figures: list[PrintedFigure]) -> list[Figure]:
    indicators = {row.code: row for row in Indicator.objects.all()}
    groups = {row.code: row for row in Group.objects.all()}
    printed = {figure.key: figure.value for figure in figures}
    judged = ledger.judge(printed, pilots=PILOTS)
    notes = _notes(figures, judged)
    return [
        Figure(
            release=release,
            indicator=indicators[figure.key.indicator],
            group=groups[figure.key.group],
            period=figure.key.period,
            measure=figure.key.measure,
            item=figure.key.item,
            position=position,
            value=figure.value,
            decimals=ledger.decimals(figure.value),
            n_base=figure.n_base,
            n_valid=_usable(printed, figure.key),
            origin=Origin.PRINTED,
            verdict=judged[figure.key].verdict if figure.key in judged else "",
            locator=figure.locator,
            **notes[figure.key],
        )
        for position, figure in enumerate(figures, 1)
    ]


def _usable(printed: ledger.Printed, key: Key) -> int | None:
    """The N printed at the head of the figure's column."""
    usable = printed.get(Key(key.indicator, key.group, Measure.USABLE))
    return None if usable is None else int(usable)


def _notes(figures: list[PrintedFigure], judged: dict[Key, Judgement]) -> dict[Key, dict[str, str]]:
    """What the file and the ledger say of each figure, by key: `{"note_en": …, "note_ja": …}`."""
    notes: dict[Key, dict[str, str]] = {figure.key: {} for figure in figures}
    for language in LANGUAGES:
        name = f"note_{language}"
        with translation.override(language):
            for figure in figures:
                told = judged.get(figure.key, Judgement())
                notes[figure.key][name] = sentences([getattr(figure, name), str(told)])
    return notes


def _fingerprint(figures: list[PrintedFigure]) -> str:
    """The hash of the file's figures, their verdicts and their notes: a better explanation is a new release."""
    judged = ledger.judge({figure.key: figure.value for figure in figures}, pilots=PILOTS)
    verdicts = {str(key): judgement.verdict for key, judgement in judged.items()}
    notes = {str(key): note for key, note in _notes(figures, judged).items()}
    told = json.dumps([figures, verdicts, notes], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()
