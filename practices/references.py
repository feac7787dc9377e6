"""Cases as references for reading lists: BibTeX, RIS and CSL-JSON, one record for each version that was read."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, NamedTuple

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sih_portal.downloads import Whole, attachment
from sih_portal.language import current_language, in_language
from sih_portal.negotiation import BibTeXRenderer, CSLRenderer, RISRenderer

from .citation import version_address
from .models.edition import Edition

PORTAL: Final = "SIH Portal"
BLANKS: Final = re.compile(r"\s+")
# Ends a command in TeX, so that the letters after it stay letters.
TEX: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}


@dataclass(frozen=True)
class Reference:
    """What is cited of one version of a case, in the words of one language; `title` may be in the other, `lang` says.

    `accessed` is the day of reading.
    """

    key: str
    author: str
    title: str
    lang: str
    abstract: str
    version: int
    issued: date
    accessed: date
    url: str
    keywords: tuple[str, ...]
    source: str


def reference(edition: Edition, language: str, *, accessed: date) -> Reference:
    """No query when the parts of the case are loaded, its institution and its publication among them."""
    title = in_language(edition, "title", language)
    with translation.override(language):
        return Reference(
            key=f"{edition.slug}-v{edition.version}",
            author=in_language(edition.institution, "name", language).value,
            title=_plain(title.value),
            lang=title.lang,
            abstract=_plain(in_language(edition, "summary", language).value),
            version=edition.version,
            issued=timezone.localdate(edition.published_at),
            accessed=accessed,
            url=version_address(edition),
            keywords=tuple(in_language(concept, "pref_label", language).value for concept in edition.concepts.all()),
            source=_source(edition, language),
        )


def _source(edition: Edition, language: str) -> str:
    """The publication the case was reported in, and where in it; empty where none is known."""
    if edition.publication is None:
        return ""
    told = {"publication": in_language(edition.publication, "title", language).value, "locator": edition.locator}
    return _("Reported in: %(publication)s, %(locator)s") % told if edition.locator else told["publication"]


def _plain(text: str) -> str:
    """In one line, as records of references hold texts."""
    return BLANKS.sub(" ", text).strip()


def bibtex(one: Reference) -> str:
    """An entry that BibTeX and biber read; the title keeps its capitals."""
    fields = {
        "author": f"{{{_tex(one.author)}}}",
        "title": f"{{{_tex(one.title)}}}",
        "howpublished": PORTAL,
        "version": str(one.version),
        "year": str(one.issued.year),
        "month": str(one.issued.month),
        "url": one.url,
        "urldate": one.accessed.isoformat(),
        "language": {"ja": "japanese", "en": "english"}[one.lang],
        "keywords": _tex(", ".join(one.keywords)),
        "note": _tex(one.source),
        "abstract": _tex(one.abstract),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{one.key},", *lines, "}", "", ""])


def _tex(text: str) -> str:
    return "".join(TEX.get(character, character) for character in text)


def ris(one: Reference) -> str:
    """An electronic resource; the version stands as its edition."""
    lines = [
        ("TY", "ELEC"),
        ("ID", one.key),
        ("AU", one.author),
        ("TI", one.title),
        ("T2", PORTAL),
        ("ET", str(one.version)),
        ("PY", str(one.issued.year)),
        ("DA", one.issued.strftime("%Y/%m/%d")),
        ("UR", one.url),
        ("Y2", one.accessed.strftime("%Y/%m/%d")),
        ("LA", one.lang),
        *(("KW", keyword) for keyword in one.keywords),
        ("N1", one.source),
        ("AB", one.abstract),
    ]
    told = [f"{tag}  - {value}" for tag, value in lines if value]
    return "\r\n".join([*told, "ER  - ", "", ""])


def csl(one: Reference) -> dict[str, object]:
    """An item of CSL-JSON 1.0."""
    item = {
        "id": one.key,
        "type": "webpage",
        "author": [{"literal": one.author}],
        "title": one.title,
        "container-title": PORTAL,
        "version": str(one.version),
        "issued": {"date-parts": [[one.issued.year, one.issued.month, one.issued.day]]},
        "accessed": {"date-parts": [[one.accessed.year, one.accessed.month, one.accessed.day]]},
        "URL": one.url,
        "language": one.lang,
        "keyword": ", ".join(one.keywords),
        "note": one.source,
        "abstract": one.abstract,
    }
    return {name: value for name, value in item.items() if value}


def csl_lines(references: Iterable[Reference]) -> Iterator[str]:
    """One array, an item a line."""
    before = "[\n"
    for one in references:
        yield before + json.dumps(csl(one), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


class Format(NamedTuple):
    ending: str
    content_type: str
    lines: Callable[[Iterable[Reference]], Iterable[str]]


FORMATS: Final = {
    "bibtex": Format("bib", BibTeXRenderer.media_type, partial(map, bibtex)),
    "ris": Format("ris", RISRenderer.media_type, partial(map, ris)),
    "csljson": Format("csl.json", CSLRenderer.media_type, csl_lines),
}


def references_file(name: str, form: str, rows: Iterable[object]) -> HttpResponseBase:
    """A download of the public cases among the rows, written as they are read; `form` is one of `FORMATS`.

    The language and the day are those of the request, whenever the rows are read.
    """
    language, today, (ending, content_type, lines) = current_language(), timezone.localdate(), FORMATS[form]
    found = (reference(row, language, accessed=today) for row in rows if isinstance(row, Edition))
    content = f"{content_type}; charset=utf-8"
    return StreamingHttpResponse(lines(found), content_type=content, headers=attachment(f"{name}.{ending}"))


def _send(form: str, whole: Whole) -> HttpResponseBase:
    return references_file(whole.name, form, whole.rows)


DOWNLOADS: Final = {form: partial(_send, form) for form in FORMATS}
