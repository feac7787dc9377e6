"""Rules of a questionnaire: who is asked a question, and what holds of a plausible answer. A small language of its own.

`Q1.hq = 1`, `Q4.edu.2008 <= 3 * Q4.edu.2005 or Q4.edu.2008 - Q4.edu.2005 <= 20`, `answered(Q4.edu.2005)`, `pilot`.
Numbers of cells, whole numbers, `+ - *`, `= <> < <= > >=`, `not`, `and`, `or`, brackets. What no number stands for is
unknown, and so is what is made from it, unless it does not matter: false and unknown is false, true or unknown is true.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Final

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
    if len(text) > LONGEST:
        raise RuleError(_("A rule has at most %(count)s characters.") % {"count": LONGEST})
    reader = _Reader(list(_tokens(text)))
    node = reader.either()
    if reader.kind != "end":
        raise reader.refusal()
    return Rule(text, tuple(dict.fromkeys(reader.cells)), node)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place, text = 0, text.strip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if not found:
            raise RuleError(_("The rule can't be read from here on: %(rest)s") % {"rest": text[place:].strip()[:40]})
        place = found.end()
        yield str(found.lastgroup), found[str(found.lastgroup)]
    yield "end", ""


class _Reader:
    """Reads from left to right, each method one level of binding, the loosest first."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
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

    def either(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise RuleError(_("There are too many brackets in the rule."))
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else lambda facts: _either(part(facts) for part in parts)

    def both(self) -> Node:
        parts = [self.denied()]
        while self.take("and"):
            parts.append(self.denied())
        return parts[0] if len(parts) == 1 else lambda facts: _both(part(facts) for part in parts)

    def denied(self) -> Node:
        denials = 0
        while self.take("not"):
            denials += 1
        node = self.compared()
        if not denials:
            return node
        return lambda facts: None if (worth := node(facts)) is None else int(bool(worth) == (denials % 2 == 0))

    def compared(self) -> Node:
        left = self.summed()
        sign = self.take(*COMPARISONS)
        return _joined(COMPARISONS[sign], left, self.summed()) if sign else left

    def summed(self) -> Node:
        node = self.multiplied()
        while sign := self.take(*SUMS):
            node = _joined(SUMS[sign], node, self.multiplied())
        return node

    def multiplied(self) -> Node:
        node = self.single()
        while self.take("*"):
            node = _joined(mul, node, self.single())
        return node

    def single(self) -> Node:
        kind, text = self.tokens[self.place]
        if self.take("("):
            node = self.either()
            self.need(")")
            return node
        if self.take("pilot"):
            return lambda facts: int(facts.is_pilot)
        if self.take("answered"):
            self.need("(")
            code = self.cell()
            self.need(")")
            return lambda facts: int(code in facts.answered)
        if kind == "number":
            self.place += 1
            return lambda _facts: int(text)
        code = self.cell()
        return lambda facts: facts.numbers.get(code)

    def cell(self) -> str:
        if self.kind != "cell":
            raise self.refusal()
        code = self.text
        self.place += 1
        self.cells.append(code)
        return code


def _joined(operation: Callable[[int, int], int], left: Node, right: Node) -> Node:
    def node(facts: Facts) -> Worth:
        one, other = left(facts), right(facts)
        return None if one is None or other is None else int(operation(one, other))

    return node


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
