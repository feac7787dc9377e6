"""What each translation was made from: which texts drifted apart, and the one writer of that memory.

`docs/adr/0007-translation-pairs.md` tells the rules. Blanks, line ends and the width of letters change no text.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from sih_portal.language import LANGUAGES, other_language

from .models.desk import PARTS, GoodPractice, TextPair, texts_of
from .models.edition import PART_LABELS
from .permissions import Account, languages_to_edit


class Both(NamedTuple):
    """One text in its two languages."""

    en: str
    ja: str

    def of(self, language: str) -> str:
        return self.ja if language == "ja" else self.en


Texts = Mapping[str, Both]
NOTHING: Final = Both("", "")


@dataclass(frozen=True)
class Drift:
    """A translation to be checked: its `language`, and the other language's text when it was made and now."""

    place: str
    label: str
    language: str
    source_then: str
    source_now: str


class OtherLanguage(Exception):
    """The account's roles do not cover the language, or the case is closed to it."""


def places(practice: GoodPractice) -> dict[str, Both]:
    """All texts of the case and its parts by place ("summary", "actions-2-text"), in the order they are shown.

    One query for each kind of part that is not loaded.
    """
    texts = {stem: _both(practice, stem) for stem in texts_of(GoodPractice)}
    for kind, model in PARTS.items():
        for part in sorted(getattr(practice, kind).all(), key=lambda part: (part.position, part.number)):
            texts |= {f"{kind}-{part.number}-{stem}": _both(part, stem) for stem in texts_of(model)}
    return texts


def note(practice: GoodPractice, *, before: Texts, after: Texts) -> None:
    """This will remember what one save did to the texts. Every writer of desk content calls it, behind `claim()`.

    Two queries where a text changed, else none.
    """
    changed = [place for place in {**before, **after} if _moved(before.get(place, NOTHING), after.get(place, NOTHING))]
    if not changed:
        return
    pairs = _pairs(practice.text_pairs.filter(place__in=changed))
    settled = {
        place: pair
        for place in changed
        if (pair := _settled(pairs.get(place), before.get(place, NOTHING), after.get(place, NOTHING)))
    }
    _remember(practice, settled, after)


def drifted(practice: GoodPractice) -> list[Drift]:
    """The translations to be checked, in the order of the page. One query, and those of `places()`."""
    pairs = _pairs(practice.text_pairs.all())
    return list(_drifts(pairs, places(practice))) if pairs else []


def declare_unchanged(practice: GoodPractice, *, chosen: Collection[str], by: Account) -> list[Drift]:
    """This will take the translations at the places `chosen` as they stand for translations of the present texts.

    Returns what had drifted there. The caller has claimed the case.

    :raises OtherLanguage: when `by` may not edit the language of one of them.
    """
    settled = [drift for drift in drifted(practice) if drift.place in chosen]
    if not {drift.language for drift in settled} <= languages_to_edit(by, practice):
        raise OtherLanguage(str(_("Your role does not cover the texts of this language.")))
    texts = places(practice)
    _remember(practice, {drift.place: texts[drift.place] for drift in settled}, texts)
    return settled


def label(place: str, language: str) -> str:
    """How the text at `place` is called in the form."""
    kind, _line, rest = place.partition("-")
    number, _line, stem = rest.partition("-")
    model = PARTS[kind] if rest else GoodPractice
    field: Any = model._meta.get_field(f"{stem or kind}_{language}")
    if not rest:
        return str(field.verbose_name)
    return _("%(part)s: %(field)s") % {"part": PART_LABELS[kind] % {"number": number}, "field": field.verbose_name}


def _both(row: Any, stem: str) -> Both:
    return Both(*(getattr(row, f"{stem}_{language}") for language in Both._fields))


def _pairs(rows: Iterable[TextPair]) -> dict[str, Both]:
    return {row.place: _both(row, "text") for row in rows}


def _normal(text: str, language: str) -> str:
    """What is compared. Japanese is written without blanks: where one stands, or a line ends, says nothing."""
    return ("" if language == "ja" else " ").join(unicodedata.normalize("NFKC", text).split())


def _moved(one: Both, other: Both) -> set[str]:
    """The languages in which the two differ."""
    return {
        language
        for language in LANGUAGES
        if _normal(one.of(language), language) != _normal(other.of(language), language)
    }


def _settled(pair: Both | None, before: Both, after: Both) -> Both | None:
    """The pair after a save; None while no two texts stood side by side yet."""
    if not all(after):
        return pair
    if pair is None:
        return before if all(before) else after
    moved = _moved(pair, after)
    if before == NOTHING:  # a part that was deleted or left out has come back
        return after if len(moved) == len(LANGUAGES) else pair
    in_one_save = len(_moved(before, after)) == len(LANGUAGES)
    was_filled = any(not before.of(language) for language in moved)
    return after if in_one_save or was_filled or len(moved) == len(LANGUAGES) else pair


def _remember(practice: GoodPractice, pairs: Mapping[str, Both], now: Texts) -> None:
    rows = [
        TextPair(
            practice=practice,
            place=place,
            text_en=pair.en,
            text_ja=pair.ja,
            drifted=_drifted_language(pair, now.get(place, NOTHING)),
        )
        for place, pair in pairs.items()
    ]
    TextPair.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["practice", "place"],
        update_fields=["text_en", "text_ja", "drifted"],
    )


def _drifted_language(pair: Both, now: Both) -> str:
    """The language to be checked: not the one that changed since the two said the same. Empty: none, or one missing."""
    moved = _moved(pair, now)
    return other_language(next(iter(moved))) if all(now) and len(moved) == 1 else ""


def _drifts(pairs: Mapping[str, Both], texts: Texts) -> Iterator[Drift]:
    for place, now in texts.items():
        language = _drifted_language(pairs[place], now) if place in pairs else ""
        if language:
            source = other_language(language)
            yield Drift(place, label(place, language), language, pairs[place].of(source), now.of(source))
