"""The names an address may ask with and the values they take, for pages and API alike.

Whatever else an address asks for is a `Refusal`: a page shows it as a notice, the API answers 400.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote_to_bytes

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException

from sih_portal.language import LANGUAGES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LAST_PAGE: Final = 10_000
LARGEST_PAGE: Final = 100
USUAL_PAGE: Final = 20

Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Refusal:
    """A name or value that means nothing here. `allowed` is empty where the values can't be listed."""

    name: str
    value: str | None
    message: str
    allowed: tuple[str, ...] = ()


class Refused(APIException):
    """The address asks for something this endpoint does not have."""

    status_code = 400

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        first = refusals[0]
        asked = first.name if first.value is None else f"{first.name}={first.value}"
        errors = [asdict(refusal) for refusal in refusals]
        self.detail: Any = {"detail": f"{asked[:200]}: {first.message}", "errors": errors}


@dataclass(frozen=True)
class OneOf:
    """A name with values that can be listed. It may repeat where it narrows rows: values are OR-ed.

    It narrows by the column `path`, or by the condition that `having` makes of the values: a row that has two of them
    must not come twice. `values` costs a query where they come from the database (`is_fixed` false); the document does
    not list those.
    """

    name: str
    description: "StrOrPromise"
    values: Callable[[], Sequence[str]]
    path: str = ""
    is_fixed: bool = True
    having: Callable[[Sequence[str]], Q] | None = None

    @property
    def is_repeatable(self) -> bool:
        return bool(self.path or self.having)

    def condition(self, values: Sequence[str]) -> Q:
        return self.having(values) if self.having else Q(**{f"{self.path}__in": values})

    def refusals(self, asked: Iterable[str]) -> Iterator[Refusal]:
        allowed = tuple(self.values())
        for value in asked:
            if value not in allowed:
                yield Refusal(self.name, value, _("This value is not known."), allowed)


@dataclass(frozen=True)
class Number:
    """A name that takes a whole number from 1 to `most`."""

    name: str
    description: "StrOrPromise"
    most: int
    default: int
    is_repeatable = False

    def refusals(self, asked: Iterable[str]) -> Iterator[Refusal]:
        for value in asked:
            if not (value.isascii() and value.isdigit() and len(value) <= 6 and 1 <= int(value) <= self.most):
                yield Refusal(self.name, value, _("Write a whole number from 1 to %(most)d.") % {"most": self.most})


@dataclass(frozen=True)
class Documented:
    """A name whose values the view reads, and refuses, by itself: here they are only described."""

    name: str
    description: "StrOrPromise"
    schema: Any = str
    enum: Sequence[str] | None = None
    is_repeatable: bool = False

    def refusals(self, asked: Iterable[str]) -> Iterator[Refusal]:
        yield from ()


Name = OneOf | Number | Documented

LANG: Final = OneOf(
    "lang",
    gettext_lazy("Language of messages and of sorting by name; `Accept-Language` is not looked at. Default `en`."),
    lambda: LANGUAGES,
)
PAGE: Final = Number("page", gettext_lazy("Number of the page."), LAST_PAGE, 1)
PAGE_SIZE: Final = Number("page_size", gettext_lazy("Records on a page."), LARGEST_PAGE, USUAL_PAGE)


def sift(params: QueryDict, name: Name) -> tuple[list[str], list[Refusal]]:
    """The usable values of a name, and why the others are not.

    A value of no characters counts as left out; of a name that takes one value, the first counts.
    """
    asked = [value for value in params.getlist(name.name) if value]
    counted = asked if name.is_repeatable else asked[:1]
    refusals = list(name.refusals(counted))
    bad = {refusal.value for refusal in refusals}
    spare = [Refusal(name.name, value, _("This name takes one value only.")) for value in asked[len(counted) :]]
    return [value for value in counted if value not in bad], [*refusals, *spare]


def unknown(name: str, known: Iterable[str]) -> Refusal:
    return Refusal(name, None, _("This name is not known."), tuple(sorted(known)))


def refusals_of(params: QueryDict, names: Iterable[Name]) -> list[Refusal]:
    """Every reason to refuse the query; names that are not among `names` are one each."""
    known = {name.name: name for name in names}
    return [
        refusal
        for name in params
        for refusal in (sift(params, known[name])[1] if name in known else [unknown(name, known)])
    ]


def narrow(rows: Rows, params: QueryDict, names: Iterable[Name]) -> Rows:
    """This will keep the rows asked for: values of one name are OR-ed, names AND-ed, unusable values left out."""
    for name in names:
        if isinstance(name, OneOf) and name.is_repeatable and (values := sift(params, name)[0]):
            rows = rows.filter(name.condition(values))
    return rows


def usable(params: QueryDict, names: Iterable[Name]) -> QueryDict:
    """The query without what would be refused."""
    query = QueryDict(mutable=True)
    for name in names:
        if values := sift(params, name)[0]:
            query.setlist(name.name, values)
    return query


def unreadable(query: str) -> list[Refusal]:
    """What of a query string is not text: databases differ in what they do with a NUL."""
    found = []
    for pair in query.split("&"):
        sent = unquote_to_bytes(pair)
        text = sent.decode("utf-8", "replace")
        name, _equals, value = text.partition("=")
        if "\x00" in text:
            found.append(Refusal(name, value, _("The address holds a NUL character.")))
        elif text.encode() != sent:
            found.append(Refusal(name, value, _("The address holds characters that are not valid UTF-8.")))
    return found
