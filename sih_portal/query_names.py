"""The names a query of the API may hold, with the values they take; everything else is refused with a reason."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypedDict

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LANGUAGES: Final = ("en", "ja")
LAST_PAGE: Final = 10_000
LARGEST_PAGE: Final = 100
USUAL_PAGE: Final = 20


class Problem(TypedDict):
    """A query name or value that means nothing here; `allowed` is empty where the values can't be listed."""

    name: str
    value: str | None
    message: str
    allowed: Sequence[str]


class Refused(APIException):
    """The address asks for something this endpoint does not have."""

    status_code = 400

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        asked = first["name"] if first["value"] is None else f"{first['name']}={first['value']}"
        self.detail: Any = {"detail": f"{asked[:200]}: {first['message']}", "errors": list(problems)}


@dataclass(frozen=True)
class OneOf:
    """A name with values that can be listed. It may repeat where it narrows by the column `path`: values are OR-ed.

    `values` costs a query where they come from the database (`is_fixed` false); the document does not list those.
    """

    name: str
    description: "StrOrPromise"
    values: Callable[[], Sequence[str]]
    path: str = ""
    is_fixed: bool = True

    def problems(self, asked: Iterable[str]) -> Iterator[Problem]:
        allowed = self.values()
        for value in asked:
            if value not in allowed:
                yield Problem(name=self.name, value=value, message=_("This value is not known."), allowed=allowed)


@dataclass(frozen=True)
class Number:
    """A name that takes a whole number from 1 to `most`."""

    name: str
    description: "StrOrPromise"
    most: int
    default: int

    def problems(self, asked: Iterable[str]) -> Iterator[Problem]:
        for value in asked:
            if not (value.isascii() and value.isdigit() and len(value) <= 6 and 1 <= int(value) <= self.most):
                message = _("Write a whole number from 1 to %(most)d.") % {"most": self.most}
                yield Problem(name=self.name, value=value, message=message, allowed=())


@dataclass(frozen=True)
class Documented:
    """A name that the view reads, and refuses, by itself: here it is only described."""

    name: str
    description: "StrOrPromise"
    schema: Any = str
    enum: Sequence[str] | None = None
    is_repeatable: bool = False

    def problems(self, asked: Iterable[str]) -> Iterator[Problem]:
        yield from ()


Name = OneOf | Number | Documented

LANG: Final = OneOf(
    "lang",
    gettext_lazy("Language of messages and of sorting by name; `Accept-Language` is not looked at. Default `en`."),
    lambda: LANGUAGES,
)
PAGE: Final = Number("page", gettext_lazy("Number of the page."), LAST_PAGE, 1)
PAGE_SIZE: Final = Number("page_size", gettext_lazy("Records on a page."), LARGEST_PAGE, USUAL_PAGE)


def values_of(params: QueryDict, name: str) -> list[str]:
    """What the query gives for a name; a name without a value counts as left out."""
    return [value for value in params.getlist(name) if value]


def problems_of(params: QueryDict, names: Iterable[Name]) -> list[Problem]:
    """Every reason to refuse the query; names that are not among `names` are one each."""
    known = {name.name: name for name in names}
    found: list[Problem] = []
    for name in params:
        if name in known:
            found += known[name].problems(values_of(params, name))
        else:
            message = _("This name is not known.")
            found.append(Problem(name=name, value=None, message=message, allowed=sorted(known)))
    return found
