"""Rules of a questionnaire: who is asked a question, and what holds of a plausible answer. A small language of its own.

`Q1.hq = 1`, `Q4.edu.2008 <= 3 * Q4.edu.2005 or Q4.edu.2008 - Q4.edu.2005 <= 20`, `answered(Q4.edu.2005)`, `pilot`.
Numbers of cells, whole numbers, `+ - *`, `= <> < <= > >=`, `not`, `and`, `or`, brackets. What no number stands for is
unknown, and so is what is made from it, unless it does not matter: false and unknown is false, true or unknown is true.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Final, Generic, Protocol, TypeVar

from django.utils.translation import gettext as _

LONGEST: Final = 300
# Deeper than anybody writes, and far from where Python ends.
DEEPEST: Final = 20
CELL: Final = r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+"
TOKEN: Final = re.compile(
    rf"\s*(?:(?P<cell>{CELL})|(?P<word>[a-z]+)|(?P<number>\d{{1,15}})|(?P<sign><=|>=|<>|[=<>+*()-]))"
)
COMPARISONS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
SUMS: Final[Mapping[str, Callable[[int, int], int]]] = {"+": add, "-": sub}
TIMES: Final = "*"
OPERATIONS: Final[Mapping[str, Callable[[int, int], int]]] = {**COMPARISONS, **SUMS, TIMES: mul}

# A number, a truth (1 or 0), or None for what is unknown.
Worth = int | None


class RuleError(ValueError):
    """The text is no rule; the message says where and why."""


@dataclass(frozen=True)
class Facts:
    """What a rule is asked about: the number in each cell that has one, the cells with any answer, whose answers."""

    numbers: Mapping[str, int]
    answered: Collection[str]
    is_pilot: bool


Node = Callable[[Facts], Worth]
Term = TypeVar("Term")


class Language(Protocol[Term]):
    """What a rule can be made into: a term for each thing that it can say."""

    def number(self, value: int) -> Term: ...
    def cell(self, code: str) -> Term: ...
    def answered(self, code: str) -> Term: ...
    def pilot(self) -> Term: ...
    def joined(self, sign: str, left: Term, right: Term) -> Term: ...
    def denied(self, term: Term) -> Term: ...
    def both(self, terms: Sequence[Term]) -> Term: ...
    def either(self, terms: Sequence[Term]) -> Term: ...


@dataclass(frozen=True)
class Rule:
    """A rule that was read. `cells` are the codes that it names, in their order."""

    text: str
    cells: tuple[str, ...]
    node: Node

    def holds(self, facts: Facts) -> bool | None:
        """True, false, or None where what it needs is not known."""
        worth = self.node(facts)
        return None if worth is None else bool(worth)


def is_cell(code: str) -> bool:
    """Whether rules can name a cell with this code: it is made of two names or more, such as `Q1.hq`."""
    return re.fullmatch(CELL, code) is not None


@lru_cache(maxsize=512)
def read(text: str) -> Rule:
    """The rule that a text says.

    :raises RuleError: when it says none.
    """
    node, cells = _read(text, _Judging())
    return Rule(text, cells, node)


def translate(text: str, language: "Language[Term]") -> Term:
    """The rule in another language: what it makes of it.

    :raises RuleError: when the text says none.
    """
    return _read(text, language)[0]


def _read(text: str, language: "Language[Term]") -> tuple[Term, tuple[str, ...]]:
    if len(text) > LONGEST:
        raise RuleError(_("A rule has at most %(count)s characters.") % {"count": LONGEST})
    reader = _Reader(list(_tokens(text)), language)
    term = reader.either()
    if reader.kind != "end":
        raise reader.refusal()
    return term, tuple(dict.fromkeys(reader.cells))


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place, text = 0, text.strip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if not found:
            raise RuleError(_("The rule can't be read from here on: %(rest)s") % {"rest": text[place:].strip()[:40]})
        place = found.end()
        yield str(found.lastgroup), found[str(found.lastgroup)]
    yield "end", ""


class _Reader(Generic[Term]):
    """Reads from left to right, each method one level of binding, the loosest first."""

    def __init__(self, tokens: list[tuple[str, str]], language: Language[Term]) -> None:
        self.tokens = tokens
        self.language = language
        self.place = self.depth = 0
        self.cells: list[str] = []

    @property
    def kind(self) -> str:
        return self.tokens[self.place][0]

    @property
    def text(self) -> str:
        return self.tokens[self.place][1]

    def refusal(self) -> RuleError:
        found = self.text or _("the end")
        return RuleError(_("The rule can't be read here: %(found)s") % {"found": found})

    def take(self, *texts: str) -> str:
        """The token if it is one of these; it is passed then."""
        if self.kind in {"word", "sign"} and self.text in texts:
            self.place += 1
            return self.tokens[self.place - 1][1]
        return ""

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.refusal()

    def either(self) -> Term:
        self.depth += 1
        if self.depth > DEEPEST:
            raise RuleError(_("There are too many brackets in the rule."))
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else self.language.either(parts)

    def both(self) -> Term:
        parts = [self.denied()]
        while self.take("and"):
            parts.append(self.denied())
        return parts[0] if len(parts) == 1 else self.language.both(parts)

    def denied(self) -> Term:
        denials = 0
        while self.take("not"):
            denials += 1
        term = self.compared()
        for _denial in range(denials):
            term = self.language.denied(term)
        return term

    def compared(self) -> Term:
        left = self.summed()
        sign = self.take(*COMPARISONS)
        return self.language.joined(sign, left, self.summed()) if sign else left

    def summed(self) -> Term:
        term = self.multiplied()
        while sign := self.take(*SUMS):
            term = self.language.joined(sign, term, self.multiplied())
        return term

    def multiplied(self) -> Term:
        term = self.single()
        while self.take(TIMES):
            term = self.language.joined(TIMES, term, self.single())
        return term

    def single(self) -> Term:
        kind, text = self.tokens[self.place]
        if self.take("("):
            term = self.either()
            self.need(")")
            return term
        if self.take("pilot"):
            return self.language.pilot()
        if self.take("answered"):
            self.need("(")
            code = self.cell()
            self.need(")")
            return self.language.answered(code)
        if kind == "number":
            self.place += 1
            return self.language.number(int(text))
        return self.language.cell(self.cell())

    def cell(self) -> str:
        if self.kind != "cell":
            raise self.refusal()
        code = self.text
        self.place += 1
        self.cells.append(code)
        return code


class _Judging:
    """Makes a rule into what judges facts."""

    def number(self, value: int) -> Node:
        return lambda _facts: value

    def cell(self, code: str) -> Node:
        return lambda facts: facts.numbers.get(code)

    def answered(self, code: str) -> Node:
        return lambda facts: int(code in facts.answered)

    def pilot(self) -> Node:
        return lambda facts: int(facts.is_pilot)

    def joined(self, sign: str, left: Node, right: Node) -> Node:
        operation = OPERATIONS[sign]

        def node(facts: Facts) -> Worth:
            one, other = left(facts), right(facts)
            return None if one is None or other is None else int(operation(one, other))

        return node

    def denied(self, term: Node) -> Node:
        return lambda facts: None if (worth := term(facts)) is None else int(not worth)

    def both(self, terms: Sequence[Node]) -> Node:
        return lambda facts: _both(term(facts) for term in terms)

    def either(self, terms: Sequence[Node]) -> Node:
        return lambda facts: _either(term(facts) for term in terms)


def _both(worths: Iterator[Worth]) -> Worth:
    found = list(worths)
    if any(worth == 0 for worth in found):
        return 0
    return None if None in found else 1


def _either(worths: Iterator[Worth]) -> Worth:
    found = list(worths)
    if any(found):
        return 1
    return None if None in found else 0
