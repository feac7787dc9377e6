"""What each name of a query can be, in the language of the request, and which public cases have each value."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, TextChoices
from django.utils.translation import gettext as _

from sih_portal.kept import held
from sih_portal.language import LANGUAGES, current_language, in_language, other_language
from universities.models import HeadquartersHead, Institution, InstitutionKind, Prefecture, Region

from . import search
from .models.concept import Concept
from .models.content import PracticeContent
from .models.edition import Edition, EditionAction, EditionEffect
from .models.theme import Theme

Choices = list[tuple[str, str]]
FACET_COLUMNS: Final = {
    "theme": ("theme__number", "themes__number"),
    "kind": ("institution__kind",),
    "region": ("institution__region",),
    "prefecture": ("institution__prefecture",),
    "institution": ("institution__slug",),
    "concept": ("concepts__slug",),
}
TEXTS: Final = sorted(field.name[:-3] for field in PracticeContent._meta.get_fields() if field.name.endswith("_en"))


def choices_of(name: str) -> Choices:
    """The values the name can take, with labels. No query while the public data stay the same, nor in `offered`."""
    return held(f"choices of {name}, {current_language()}", CHOICES[name])


def offered(name: str) -> Choices:
    """The choices that at least one public case has: others are known, but not offered."""
    return held(f"choices of {name} with cases, {current_language()}", lambda: _offered(name))


def _offered(name: str) -> Choices:
    choices = choices_of(name)
    if name == "concept":
        return choices
    having = by_value(name)
    return [choice for choice in choices if having.get(choice[0])]


def _themes() -> Choices:
    themes = Theme.objects.order_by("number")
    return [(str(theme.number), f"{theme.number} {in_language(theme, 'short')}") for theme in themes]


def _institutions() -> Choices:
    return [(row.slug, str(in_language(row, "name"))) for row in Institution.objects.in_source_order()]


def _concepts() -> Choices:
    rows = Concept.objects.in_use().with_practice_count().order_by(F("practice_count").desc(), "slug")
    return [(row.slug, str(in_language(row, "pref_label"))) for row in rows]


def _labelled(choices: type[TextChoices]) -> Callable[[], Choices]:
    return lambda: [(value, str(label)) for value, label in choices.choices]


CHOICES: Final[Mapping[str, Callable[[], Choices]]] = {
    "theme": _themes,
    "recommendation": _themes,
    "institution": _institutions,
    "concept": _concepts,
    "kind": _labelled(InstitutionKind),
    "region": _labelled(Region),
    "prefecture": _labelled(Prefecture),
    "headquarters_head": _labelled(HeadquartersHead),
    "translated": lambda: [("ja", _("Japanese version")), ("en", _("English version"))],
    "year": lambda: [(str(year), str(year)) for year in range(1900, 2101)],
}


def texts_in(language: str) -> Q:
    """Editions of which every filled text, parts included, has `language`."""
    other = other_language(language)
    condition = Q()
    for text in TEXTS:
        condition &= ~Q(**{f"{text}_{language}": ""}) | Q(**{f"{text}_{other}": ""})
    for part in (EditionAction, EditionEffect):
        untranslated = part.objects.filter(
            ~Q(**{f"text_{other}": ""}), edition=OuterRef("pk"), **{f"text_{language}": ""}
        )
        condition &= Q(~Exists(untranslated))
    return condition


def by_value(name: str) -> dict[str, search.Bits]:
    """The public editions that have each value of a facet."""
    return held(f"editions by value of {name}", lambda: _sets_by_value(name))


def _sets_by_value(name: str) -> dict[str, search.Bits]:
    public = Edition.objects.public()
    if name == "translated":
        return {language: search.bits_in(public.filter(texts_in(language))) for language in LANGUAGES}
    found: dict[str, search.Bits] = defaultdict(int)
    for column in FACET_COLUMNS[name]:
        for value, bits in search.bits_by(public, column).items():
            found[value] |= bits
    return dict(found)


def broader_concepts() -> dict[str, str]:
    """Slugs of the concepts in use, each with that of the broader one it belongs to."""
    return held("broader concepts", _broader_concepts)


def _broader_concepts() -> dict[str, str]:
    rows = Concept.objects.in_use().filter(broader__isnull=False)
    return dict(rows.values_list("slug", "broader__slug"))
