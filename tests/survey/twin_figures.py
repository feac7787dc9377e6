"""The printed figures worked out from answers, by other means than the portal's own: rows in, numbers out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from survey.ledger import Key
from survey.models import Answer, Invitation, Round

SHARES = {
    "s1a": ("Q1.hq", {1}, None),
    "s1b": ("Q1.head", {1, 2}, ("Q1.hq", 1)),
    "s1c": ("Q1.vision", {1}, None),
    "s1d": ("Q1.goals", {1}, None),
    "s2": ("Q2.eval", {1}, None),
    "s3": ("Q3.consortium", {1}, None),
    "s7": ("Q7.has_center", {1}, None),
}
AREAS = {
    "q4": ("training-system", "use-of-experience", "funding", "external-personnel"),
    "q6": ("family", "entry", "japanese", "manuals", "daily-life"),
}
ROWS = {"t4": ("Q4.edu", "Q4.adm"), "t6": ("Q6.recv",), "g4": ("Q4.edu", "Q4.adm"), "g6": ("Q6.recv",)}
PARTS = {"educators": "Q4.edu", "admin_staff": "Q4.adm"}
TYPES = tuple(f"Q7.t{number}" for number in range(1, 6))


@dataclass(frozen=True)
class Member:
    """An institution: its kind, whether it is a pilot, and its answers that hold a number."""

    kind: str
    is_pilot: bool
    is_answered: bool
    numbers: Mapping[str, int]

    def total(self, rows: Iterable[str], year: int) -> int | None:
        """Of what it has in these rows; None where it has nothing."""
        found = [self.numbers[code] for row in rows if (code := f"{row}.{year}") in self.numbers]
        return sum(found) if found else None


def members_of(survey_round: Round) -> list[Member]:
    rows: dict[int, dict[str, int]] = {}
    answers = Answer.objects.filter(response__invitation__round=survey_round, status="ok", text="").order_by("pk")
    columns = answers.values_list("response__invitation", "cell__code", "number", "option__code")
    for key, code, number, option in columns:
        rows.setdefault(key, {})[code] = option if number is None else number
    accepted = {*Invitation.objects.filter(round=survey_round, response__state="accepted").values_list("pk", flat=True)}
    invited = Invitation.objects.filter(round=survey_round).order_by("number")
    return [Member(row.kind, row.is_pilot, row.pk in accepted, rows.get(row.pk, {})) for row in invited]


def figure(key: Key, members: list[Member]) -> Fraction:
    """What the answers give for a printed figure.

    The "all" row counts whoever has a number in a year, the groups those who have all of both years.
    """
    group = [one for one in members if GROUPS[key.group](one)]
    answered = [one for one in group if one.is_answered]
    match key.indicator:
        case "r0":
            found = Fraction(len(answered if key.measure == "answered" else group))
        case "q4" | "q6":
            place = AREAS[key.indicator].index(key.item) + 1
            found = share(f"{key.indicator.upper()}.area{place}", {1}, None, answered)
        case "g5":
            found = 100 * (ratio(answered, ("Q5.fac", "Q5.stu")) - 1)
        case "c7" | "d7":
            found = centres(key, answered)
        case "t4" | "t6" | "g4" | "g6":
            found = of_table(key, answered, ROWS[key.indicator])
        case _:
            found = share(*SHARES[key.indicator], answered)
    return found


GROUPS: Mapping[str, Callable[[Member], bool]] = {
    "all": lambda _one: True,
    "pilot": lambda one: one.is_pilot,
    "other": lambda one: not one.is_pilot,
    **{
        kind: (lambda one, kind=kind: one.kind == kind)  # type: ignore[misc]
        for kind in ("national", "public", "private", "inter_university")
    },
}


def share(code: str, wanted: set[int], among: tuple[str, int] | None, members: list[Member]) -> Fraction:
    base = [one for one in members if code in one.numbers and (not among or one.numbers[among[0]] == among[1])]
    return Fraction(100 * sum(one.numbers[code] in wanted for one in base), len(base))


def has_both(one: Member, rows: Iterable[str]) -> bool:
    return all(f"{row}.{year}" in one.numbers for row in rows for year in (2005, 2008))


def totals(members: list[Member], rows: Iterable[str], year: int) -> list[int]:
    return [total for one in members if (total := one.total(rows, year)) is not None]


def ratio(members: list[Member], rows: tuple[str, ...]) -> Fraction:
    return Fraction(sum(totals(members, rows, 2008)), sum(totals(members, rows, 2005)))


def of_table(key: Key, answered: list[Member], rows: tuple[str, ...]) -> Fraction:
    members = answered if key.group == "all" else [one for one in answered if has_both(one, rows)]
    if key.measure in {"ratio", "increase"}:
        times = ratio(members, rows)
        return times if key.measure == "ratio" else 100 * (times - 1)
    if key.measure == "usable":
        return Fraction(len(totals(members, rows, 2005)))
    year = int(key.period)
    if key.measure in PARTS:
        return Fraction(sum(totals(members, [PARTS[key.measure]], year)))
    found = totals(members, rows, year)
    return {
        "total": Fraction(sum(found)),
        "mean": Fraction(sum(found), len(found)),
        "minimum": Fraction(min(found)),
        "maximum": Fraction(max(found)),
    }[key.measure]


def centres(key: Key, members: list[Member]) -> Fraction:
    having = [one for one in members if one.numbers["Q7.has_center"] == 1]
    if key.measure == "counted":
        return Fraction(len(having))
    added = sum(totals(having, TYPES, 2008)) - sum(totals(having, TYPES, 2005))
    return Fraction(added, len(having))


def bars(members: list[Member]) -> list[int]:
    """The numbers on the bars of the chart of centres, in rising order."""
    groups = [[one for one in members if one.is_answered and one.is_pilot is pilot] for pilot in (True, False)]
    return sorted(sum(totals(group, [row], year)) for group in groups for row in TYPES for year in (2005, 2008))


def as_printed(value: Fraction, printed: Decimal) -> Decimal:
    """Half up, with the decimals of the printed number."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(printed, ROUND_HALF_UP)
