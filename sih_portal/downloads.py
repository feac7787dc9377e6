"""The whole result of a query as one file: CSV and JSON Lines as they are read, Excel from a temporary file."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Model
from django.http import FileResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.utils.encoders import JSONEncoder

from sih_portal import tabular, workbook
from sih_portal.tabular import Columns

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# JSON lets them stand inside a text; many readers of lines end one there.
LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")
NOT_OF_THE_QUERY: Final = ("format", "lang", "page", "page_size")

# As the foot of every page says it.
SOURCE: Final = (
    "Source: final report (summary) of the SIH programme, Japan Society for the Promotion of Science (JSPS), "
    "February 2010. The texts of the portal are its own words."
)


@dataclass(frozen=True)
class About:
    """What the sheet `about` says of a result: what it is, which addresses lead to it, what its columns mean.

    `sources` are where its rows come from, a sentence each.
    """

    text: str
    query: QueryDict
    addresses: Sequence[str]
    sources: Sequence[str]
    meanings: Mapping[str, "StrOrPromise"]
    model: type[Model]

    def lines(self, columns: Iterable[Columns], count: int) -> workbook.Lines:
        yield (_("SIH Portal"), self.text)
        for name in self.query:
            if name not in NOT_OF_THE_QUERY:
                yield (_("Query"), f"{name}: {', '.join(self.query.getlist(name))}")
        for address in self.addresses:
            yield (_("Address"), address)
        yield (_("Made on"), timezone.localdate())
        yield (_("Number of rows"), count)
        for source in self.sources:
            yield (_("Source"), source)
        if settings.CONTENT_LICENCE:
            yield (_("Licence"), settings.CONTENT_LICENCE)
        yield ("",)
        yield (_("Column"), _("Meaning"))
        for name in dict.fromkeys(column.name for group in columns for column in group):
            yield (name, meaning(name, self.model, self.meanings))


@dataclass(frozen=True)
class Whole:
    """A result: its rows in chunks (a constant number of queries each) and how they become API objects.

    `name` is that of the file, without its ending.
    """

    name: str
    sheets: Sequence[workbook.Sheet]
    chunks: Iterable[Sequence[object]]
    objects: Callable[[Sequence[object]], Iterable[object]]
    about: About

    @property
    def rows(self) -> Iterator[object]:
        return (row for chunk in self.chunks for row in chunk)


def meaning(name: str, model: type[Model], meanings: Mapping[str, "StrOrPromise"]) -> str:
    """What a column holds, in the language of the request.

    The words are those of `meanings` for the name, else the model's own, else those of `meanings` for both languages
    of a text (`title_` stands for `title_en` and `title_ja`).
    """
    own = {field.name: getattr(field, "verbose_name", "") for field in model._meta.get_fields()}
    stem, language = name[:-2], name[-2:]
    if words := meanings.get(name) or own.get(name):
        return str(words)
    return _("%(text)s (%(language)s)") % {"text": meanings[stem], "language": dict(settings.LANGUAGES)[language]}


def as_csv(whole: Whole) -> HttpResponseBase:
    lines = tabular.csv_lines(whole.sheets[0].columns, whole.rows)
    return StreamingHttpResponse(lines, content_type=tabular.CONTENT_TYPE, headers=attachment(f"{whole.name}.csv"))


def as_json_lines(whole: Whole) -> HttpResponseBase:
    lines = (json_line(row) for chunk in whole.chunks for row in whole.objects(chunk))
    return StreamingHttpResponse(lines, content_type="application/x-ndjson", headers=attachment(f"{whole.name}.jsonl"))


def as_workbook(whole: Whole) -> HttpResponseBase:
    """Written before the first byte goes out: a fault on the way is an error page, never half a file."""
    columns = [sheet.columns for sheet in whole.sheets]
    file = workbook.write(whole.sheets, whole.rows, lambda count: whole.about.lines(columns, count))
    return workbook_answer(file, whole.name)


def workbook_answer(file: Any, name: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=workbook.CONTENT_TYPE)


def json_line(row: object) -> bytes:
    """The object as the framework writes it, in one line whatever a reader takes for the end of one."""
    text = json.dumps(row, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return (LINE_ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", text) + "\n").encode()


def attachment(name: str) -> dict[str, str]:
    """The header that makes an answer a download under this name, which is made of slugs."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


DOWNLOADS: Final[dict[str, Callable[[Whole], HttpResponseBase]]] = {
    "csv": as_csv,
    "xlsx": as_workbook,
    "jsonl": as_json_lines,
}
