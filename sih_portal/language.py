"""Text in a language, with the other language standing in for a missing one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.utils.translation import get_language

LANGUAGES: Final = ("ja", "en")


@dataclass(frozen=True)
class Text:
    """A text as it can be shown: `lang` is the language `value` is really in."""

    value: str
    lang: str
    is_fallback: bool

    def __str__(self) -> str:
        return self.value


def current_language() -> str:
    """The language of the request, `ja` or `en`."""
    language = (get_language() or "ja")[:2]
    return language if language in LANGUAGES else "ja"


def other_language(language: str) -> str:
    return "en" if language == "ja" else "ja"


def in_language(row: object, field: str, language: str | None = None) -> Text:
    """The text of `<field>_<language>`; the other language's when that is empty; `""` when both are."""
    wanted = language or current_language()
    value = getattr(row, f"{field}_{wanted}")
    if value:
        return Text(value, wanted, is_fallback=False)
    other = other_language(wanted)
    fallback = getattr(row, f"{field}_{other}")
    return Text(fallback, other if fallback else wanted, is_fallback=bool(fallback))


def sentences(texts: Iterable[str]) -> str:
    """The texts after each other, empty ones left out: English sentences stand apart, Japanese ones do not."""
    return ("" if current_language() == "ja" else " ").join(filter(None, texts))


def stem_and_language(name: str) -> tuple[str, str]:
    """A column's name without its language, and that language: "" for a column of none."""
    stem, _line, language = name.rpartition("_")
    return (stem, language) if language in LANGUAGES else (name, "")


def in_reading_order(fields: Iterable[models.Field[Any, Any]]) -> list[models.Field[Any, Any]]:
    """Each text in Japanese before the same in English, else as they come."""
    found = list(fields)
    places: dict[str, int] = {}
    for place, field in enumerate(found):
        places.setdefault(stem_and_language(field.name)[0], place)
    stems = {field.name: stem_and_language(field.name) for field in found}
    return sorted(found, key=lambda field: (places[stems[field.name][0]], stems[field.name][1] == "en"))


def unpaired_columns(model: type[models.Model]) -> list[str]:
    """Names of columns of `model` that exist in one language only."""
    names = {field.name for field in model._meta.get_fields()}
    pairs = {"en": "ja", "ja": "en"}
    return sorted(
        name
        for name in names
        if (parts := name.rpartition("_"))[2] in pairs and f"{parts[0]}_{pairs[parts[2]]}" not in names
    )
