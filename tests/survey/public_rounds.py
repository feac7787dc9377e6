"""Rounds of the first questionnaire in the database, with known answers: accepted, released, corrected, released."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from django.contrib.auth.models import User
from django.test import Client

from survey import releasing
from survey.models import Answer, Invitation, Questionnaire, Release, Response, Round, Snapshot
from survey.releasing import NotReleasable, Revealing
from survey.workflow import form_of_round
from tests.factories.invitations import OpenRoundFactory
from universities.models import region_of

from .attacker import Unknown
from .public_attacker import Frame, Knowledge, Read
from .public_reading import Reader
from .public_sets import guessed, known_sets, one_sided

YEARS: Final = (2005, 2008)
YES, NO = 1, 2
FACTS: Final = ("Q1.hq", "Q1.vision", "Q1.goals", "Q2.eval", "Q3.consortium", "Q7.has_center")
AREAS: Final = (*(f"Q4.area{number}" for number in range(1, 5)), *(f"Q6.area{number}" for number in range(1, 6)))
STAFF: Final = ("Q4.edu", "Q4.adm", "Q5.fac", "Q5.stu", "Q6.recv")
CENTRES: Final = tuple(f"Q7.t{number}" for number in range(1, 6))
# Prefectures to choose from: none known, two regions, many regions and some that nobody knows.
PLACES: Final = (("",), ("13", "27"), ("01", "04", "13", "23", "27", "27", "40", ""))
START: Final = datetime.fromisoformat("2026-04-01T00:00:00+00:00")


@dataclass(frozen=True)
class Institution:
    """`said` are the numbers of its answers, and those of the options it chose, by code."""

    number: int
    kind: str
    is_pilot: bool
    said: Mapping[str, int]
    prefecture: str = ""

    @property
    def groups(self) -> frozenset[str]:
        groups = {"all", "pilot" if self.is_pilot else "other", self.kind}
        region = region_of(self.prefecture)
        return frozenset({*groups, region} if region else groups)

    @property
    def secrets(self) -> dict[str, int]:
        """What of it no release may tell: numbers, and whether it does what is asked about (1 or 0)."""
        counts = {code: number for code, number in self.said.items() if code[-5:] in {".2005", ".2008"}}
        if self.said.get("Q7.has_center") != YES:
            counts = {code: number for code, number in counts.items() if not code.startswith("Q7.")}
        return counts | {code: int(self.said[code] == YES) for code in AREAS if code in self.said}


@dataclass
class Story:
    """A round and what is done to it. `refused` says why a release was not published, by its number."""

    round: Round
    by: User
    now: datetime = START
    accepted: dict[int, Institution] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    groups: dict[int, dict[int, frozenset[str]]] = field(default_factory=dict)
    answers: dict[int, dict[int, dict[str, int]]] = field(default_factory=dict)
    truth: dict[Unknown, int] = field(default_factory=dict)

    def accept(self, institutions: Iterable[Institution]) -> None:
        """Their answers are taken over as they are now, in the place of those before."""
        self.now += timedelta(hours=1)
        rows = list(institutions)
        _write(self.round, rows, self.now)
        self.accepted |= {one.number: one for one in rows}

    def release(self) -> bool:
        """Computed, withheld from as planned, published; whether it was."""
        self.now += timedelta(hours=1)
        made = releasing.compute(self.round, by=self.by, at=self.now)
        releasing.withhold(made, by=self.by)
        try:
            releasing.publish(made, by=self.by, at=self.now)
        except (NotReleasable, Revealing) as error:
            self.refused.append(type(error).__name__)
            return False
        self._remember(made)
        return True

    def _remember(self, made: Release) -> None:
        """Who is where and said what, as the attacker is thought to know it; and the truth to compare with."""
        number, before = made.number, self.answers.get(made.number - 1, {})
        self.groups[number] = {one.number: one.groups for one in self.accepted.values()}
        self.answers[number] = {}
        for one in self.accepted.values():
            known = before.get(one.number, {})
            since = {}
            for column, value in one.secrets.items():
                is_same = column in known and self.truth[one.number, column, known[column]] == value
                since[column] = known[column] if is_same else number
                self.truth[one.number, column, since[column]] = value
            self.answers[number][one.number] = since

    def read(self, client: Client, *, languages: Collection[str] = ()) -> None:
        """What is public now is read, and kept."""
        reader = Reader(client, self.round.code)
        self.reads.append(Read(len(self.groups), reader.read(languages)))
        self.faults += reader.faults

    @property
    def frame(self) -> Frame:
        return Frame(self.groups, self.answers)

    @property
    def knowledge(self) -> Knowledge:
        return Knowledge([one for read in self.reads for one in read.equations(self.frame)])

    def revealed(self) -> dict[str, Any]:
        """By kind of attack, what succeeded."""
        knowledge = self.knowledge
        known_of_sets = known_sets(knowledge, self.frame)
        found = {
            "about few": [(sorted(whose), known) for whose, known in knowledge.about_few()],
            "one-sided": one_sided(known_of_sets),
            "guessed": guessed(known_of_sets, self.truth),
            "in order": [one for read in self.reads for one in read.out_of_order()],
            "of few": [one for read in self.reads for one in read.of_few()],
        }
        return {name: rows for name, rows in found.items() if rows}


def story(by: User, institutions: Iterable[Institution], **values: Any) -> Story:
    """A closed round of the first questionnaire, whose institutions have been asked; the source is loaded."""
    questionnaire = Questionnaire.objects.get(code="sih-questionnaire", version=1)
    values = {"first_year": YEARS[0], "last_year": YEARS[1], "state": "closed", **values}
    survey_round = OpenRoundFactory(questionnaire=questionnaire, **values)
    Invitation.objects.bulk_create(
        Invitation(
            round=survey_round,
            number=one.number,
            name_ja=f"第{one.number}大学",
            name_en=f"University {one.number}",
            kind=one.kind,
            is_pilot=one.is_pilot,
            prefecture=one.prefecture,
            sent_at=START,
        )
        for one in institutions
    )
    return Story(survey_round, by)


def _write(survey_round: Round, institutions: Iterable[Institution], at: datetime) -> None:
    form = form_of_round(survey_round)
    invitations = {row.number: row for row in Invitation.objects.filter(round=survey_round)}
    answers, snapshots = [], []
    for one in institutions:
        state = {"state": "accepted", "revision": 1, "submitted_at": at, "opened_at": at}
        response, _is_new = Response.objects.update_or_create(invitation=invitations[one.number], defaults=state)
        Answer.objects.filter(response=response).delete()
        for code, number in one.said.items():
            options = {option.code: option for option in form.questions[code].options}
            holds = {"option": options[number]} if options else {"number": number}
            answers.append(Answer(response=response, cell=form.cells[code], status="ok", entered_at=at, **holds))
        kept = {code: {"status": "ok", "value": number, "note": ""} for code, number in one.said.items()}
        digest = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
        snapshots.append(Snapshot(response=response, revision=1, step="accepted", answers=kept, sha256=digest, at=at))
    Answer.objects.bulk_create(answers, batch_size=50)
    Snapshot.objects.bulk_create(snapshots, batch_size=50)


def alike(numbers: Iterable[int], *, is_pilot: bool, kind: str) -> list[Institution]:
    """Institutions that answered everything with numbers of the same size, every other one with yes."""
    random = Random(kind)
    return [
        Institution(number, kind, is_pilot, _plain_answers(random, YES if number % 2 else NO)) for number in numbers
    ]


def _plain_answers(random: Random, choice: int) -> dict[str, int]:
    said = dict.fromkeys((*FACTS, *AREAS), choice)
    return said | {f"{row}.{year}": random.randint(20, 90) for row in STAFF for year in YEARS}


def random_institutions(random: Random) -> list[Institution]:
    """25 to 60, of few kinds and regions or many, with gaps, zeros, and now and then one that outweighs all others."""
    kinds, weights = ("national", "public", "private", "inter_university"), (random.choice((25, 45)), 15, 40, 4)
    pilots, giants = random.choice((0.08, 0.25, 0.4)), random.choice((0, 0, 0.03))
    places = random.choice(PLACES)
    return [
        Institution(
            number,
            random.choices(kinds, weights)[0],
            random.random() < pilots,
            random_answers(random, 300 if random.random() < giants else 1),
            random.choice(places),
        )
        for number in range(1, random.randint(25, 60) + 1)
    ]


def random_answers(random: Random, times: int = 1) -> dict[str, int]:
    said = {code: random.choice((YES, YES, NO)) for code in (*FACTS, *AREAS)}
    rare = random.random() < 0.2
    for row in STAFF:
        mean = 1 if row == "Q4.adm" else 4
        first = int(random.lognormvariate(mean, 1)) * times * (random.random() > 0.1)
        said |= {f"{row}.2005": first, f"{row}.2008": int(first * random.uniform(0.8, 1.6)) + random.randint(0, 3)}
    for row in CENTRES:
        first = random.choice((0, 0, 0, 1, 2, 5))
        said |= {f"{row}.2005": first, f"{row}.2008": first + random.choice((0, 0, 1, 3))}
    missing = 0.15 if rare else 0.015
    return {code: number for code, number in said.items() if random.random() > missing}


def corrected(random: Random, one: Institution) -> Institution:
    """With other answers in some tables."""
    some = tuple(random.sample(("Q4.e", "Q4.a", "Q5.", "Q6.", "Q7."), random.randint(2, 5)))
    kept = {code: number for code, number in one.said.items() if not code.startswith(some)}
    fresh = {code: number for code, number in random_answers(random).items() if code.startswith(some)}
    return replace(one, said={**kept, **fresh})


def random_story(seed: int, by: User, client: Client, *, languages: Collection[str] = ()) -> Story:
    """A random round with two releases, as far as they were published, and what was read after each."""
    random = Random(seed)
    institutions = random_institutions(random)
    late = set(random.sample(range(len(institutions)), random.choice((0, 0, 2, 6))))
    one = story(by, institutions)
    one.accept(row for place, row in enumerate(institutions) if place not in late)
    if one.release():
        one.read(client, languages=languages)
    few = random.sample(sorted(one.accepted), (12, 8, 6, 3, 0)[seed % 5])
    changed = [corrected(random, one.accepted[number]) for number in few]
    one.accept([*changed, *(institutions[place] for place in sorted(late))])
    if one.release():
        one.read(client, languages=languages)
    return one
