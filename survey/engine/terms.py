"""Rules and cells as SQL: of each response the number in a cell, and whether a rule holds, unknown being NULL.

The same language as in Python: false and unknown is false, true or unknown is true. An answer outside its universe
counts as none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

from django.db.models import BigIntegerField, BooleanField, Case, Count, FilteredRelation, Func, Max, Q, Value, When
from django.db.models.functions import Coalesce

from survey import rules
from survey.models import Status
from survey.questionnaires import Form

TOLD: Final = "told"
# An expression of Django's over the answers of one response.
Sql = Any
NUMBER: Final = BigIntegerField()
TRUTH: Final = BooleanField()
NOTHING: Final = Value(None, output_field=NUMBER)


def number(value: int) -> Sql:
    return Value(value, output_field=NUMBER)


def joined(sign: str, terms: Iterable[Sql], kind: Any = NUMBER) -> Sql:
    return Func(*terms, template="(%(expressions)s)", arg_joiner=f" {sign} ", output_field=kind)


def denied(term: Sql) -> Sql:
    return Func(truth(term), template="(NOT %(expressions)s)", output_field=TRUTH)


def truth(term: Sql) -> Sql:
    """A number as a condition: 0 is false."""
    return term if term.output_field is TRUTH else joined("<>", (term, number(0)), TRUTH)


def flag(term: Sql) -> Sql:
    """A condition as a number: 1, 0, or NULL while it is not known."""
    return Case(When(_of(term), then=number(1)), When(_of(denied(term)), then=number(0)), default=NOTHING)


def only_if(condition: Sql, term: Sql) -> Sql:
    """The term where the condition holds, NULL elsewhere."""
    return Case(When(_of(condition), then=term), default=NOTHING, output_field=NUMBER)


def all_of(conditions: Sequence[Sql]) -> Sql:
    return conditions[0] if len(conditions) == 1 else joined("AND", conditions, TRUTH)


def any_of(conditions: Sequence[Sql]) -> Sql:
    return conditions[0] if len(conditions) == 1 else joined("OR", conditions, TRUTH)


def is_known(term: Sql) -> Sql:
    return Func(term, template="(%(expressions)s IS NOT NULL)", output_field=TRUTH)


def added(terms: Sequence[Sql]) -> Sql:
    """The sum of what is known; 0 where nothing is."""
    return reduce(lambda left, right: joined("+", (left, right)), [Coalesce(term, number(0)) for term in terms])


def _of(condition: Sql) -> Any:
    return Q(truth(condition))


@dataclass(frozen=True)
class Terms:
    """Makes rules over the cells of a form into SQL: a `rules.Language`.

    `used` are the keys of the cells that its terms read, by the relation `TOLD` that `relation` makes.
    """

    form: Form
    used: set[int] = field(default_factory=set)

    @property
    def relation(self) -> FilteredRelation:
        return FilteredRelation("answers", condition=Q(answers__cell__in=sorted(self.used)))

    def rule(self, text: str) -> Sql:
        """:raises RuleError: when it can't be read."""
        return truth(rules.translate(text, self))

    def cell(self, code: str) -> Sql:
        """The number in a cell, of its option or of its total; NULL where there is none, or where it is not asked.

        :raises KeyError: when the form has no such cell.
        """
        question, cell = self.form.questions[code], self.form.cells[code]
        if cell.is_total:
            terms = [self.cell(each) for each in question.summands(cell)]
            return only_if(any_of([is_known(term) for term in terms]), added(terms))
        self.used.add(cell.pk)
        column = f"{TOLD}__option__code" if question.is_choice else f"{TOLD}__number"
        here = Q(**{f"{TOLD}__cell": cell.pk, f"{TOLD}__status": Status.OK})
        found: Sql = Max(column, filter=here, output_field=NUMBER)
        return self._where_asked(found, code)

    def answered(self, code: str) -> Sql:
        cell = self.form.cells[code].pk
        self.used.add(cell)
        says = Q(**{f"{TOLD}__cell": cell}) & ~Q(**{f"{TOLD}__status": Status.MISSING})
        return joined(">", (self._where_asked(Count(f"{TOLD}__pk", filter=says), code, default=0), number(0)), TRUTH)

    def _where_asked(self, term: Sql, code: str, default: int | None = None) -> Sql:
        """The term, but for those who are not asked the question of the cell."""
        universe = self.form.questions[code].universe
        if universe is None:
            return term
        beside = NOTHING if default is None else number(default)
        return Case(When(_of(denied(self.rule(universe.text))), then=beside), default=term, output_field=NUMBER)

    def number(self, value: int) -> Sql:
        return number(value)

    def pilot(self) -> Sql:
        return joined("=", (Max(PILOT, output_field=NUMBER), number(1)), TRUTH)

    def joined(self, sign: str, left: Sql, right: Sql) -> Sql:
        terms = [flag(term) if term.output_field is TRUTH else term for term in (left, right)]
        return joined(sign, terms, TRUTH if sign in rules.COMPARISONS else NUMBER)

    def denied(self, term: Sql) -> Sql:
        return denied(term)

    def both(self, terms: Sequence[Sql]) -> Sql:
        return all_of([truth(term) for term in terms])

    def either(self, terms: Sequence[Sql]) -> Sql:
        return any_of([truth(term) for term in terms])


PILOT: Final = Case(When(invitation__is_pilot=True, then=number(1)), default=number(0))
