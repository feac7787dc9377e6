"""The Japanese message catalogue, kept with Babel alone: nobody needs GNU gettext."""

import io
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from sih_portal.apps import OWN_APPS

PO_FILE: Final = Path(settings.LOCALE_PATHS[0]) / "ja" / "LC_MESSAGES" / "django.po"
KEYWORDS: Final = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Without dates and versions: an update with nothing new changes nothing.
HEADER: Final = r"""# Japanese translations of SIH Portal.
msgid ""
msgstr ""
"Language: ja\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
PLACEHOLDER: Final = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def extracted() -> Catalog:
    """Every message in the Python files of our apps and in `templates/`, without translations."""
    catalog = new_catalog()
    for path in source_files():
        place = [(str(path.relative_to(settings.BASE_DIR)), 0)]
        code = python_of(path).encode()
        for _line, message, comments, context in extract("python", io.BytesIO(code), KEYWORDS, ("Translators:",)):
            catalog.add(message, locations=place, auto_comments=comments, context=context)
    return catalog


def new_catalog() -> Catalog:
    return Catalog(locale="ja", charset="utf-8", fuzzy=False)


def source_files() -> list[Path]:
    code = (path for app in OWN_APPS for path in (settings.BASE_DIR / app).rglob("*.py"))
    pages = (settings.BASE_DIR / "templates").rglob("*.*")
    return sorted(path for path in (*code, *pages) if "migrations" not in path.parts)


def python_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    # The brackets keep Python's tokenizer from judging the indentation of a page.
    return text if path.suffix == ".py" else f"(\n{templatize(text, origin=str(path))}\n)"


def kept() -> Catalog:
    """The catalogue as it is committed; an empty one where there is none yet."""
    if not PO_FILE.exists():
        return new_catalog()
    with PO_FILE.open("rb") as file:
        return read_po(file, locale="ja")


def update() -> None:
    """Writes the committed catalogue anew: messages of today, translations where they are known."""
    catalog, known = extracted(), kept()
    for message in messages(catalog):
        translated = known.get(message.id, context=message.context)
        if translated and translated.pluralizable == message.pluralizable:
            message.string = translated.string
    PO_FILE.parent.mkdir(parents=True, exist_ok=True)
    with PO_FILE.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalog, width=110, sort_output=True, omit_header=True, include_lineno=False)


def compile_catalogue() -> None:
    """Puts the new file in the place of the old one at once: whoever reads meanwhile reads a whole one."""
    made = PO_FILE.with_suffix(f".{os.getpid()}.mo")
    with made.open("wb") as file:
        write_mo(file, kept())
    made.replace(PO_FILE.with_suffix(".mo"))


def messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def problems() -> list[str]:
    """What is missing, left over, empty, uncertain or garbled in the committed catalogue: a sentence each."""
    wanted, found = ({key(message): message for message in messages(catalog)} for catalog in (extracted(), kept()))
    absent = [f"not in the catalogue: {name(wanted[one])}" for one in wanted.keys() - found.keys()]
    surplus = [f"no longer in the source: {name(found[one])}" for one in found.keys() - wanted.keys()]
    wrong = [
        f"{complaint}: {name(found[one])}" for one in found.keys() & wanted.keys() for complaint in flaws(found[one])
    ]
    return sorted(absent + surplus + wrong)


def key(message: Message) -> tuple[object, str | None]:
    return message.id, message.context


def name(message: Message) -> str:
    return repr(message.id if isinstance(message.id, str) else message.id[0])


def flaws(message: Message) -> Iterator[str]:
    sources, translations = texts(message.id), texts(message.string)
    if message.fuzzy:
        yield "marked as fuzzy"
    if not all(translations):
        yield "not translated"
    elif any(placeholders(text) not in map(placeholders, sources) for text in translations):
        yield "placeholders differ"


def texts(forms: str | Sequence[str] | None) -> list[str]:
    """A message's singular, or all its plural forms; an untranslated one is one empty text."""
    return [forms or ""] if isinstance(forms, str | None) else list(forms)


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))
