"""What cases can be asked for by name: institutions, themes and concepts that at least one public case has."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from practices.models.concept import Concept, ConceptLabel
from practices.models.theme import Theme
from sih_portal.kept import cached
from universities.models import Institution, InstitutionAlias, InstitutionName


@dataclass(frozen=True)
class Named:
    """`kind` is `institution`, `theme` or `concept`, which is also the filter that takes `value`.

    `others` are further names, an institution's without its `reading` in hiragana.
    """

    kind: str
    value: str
    name_ja: str
    name_en: str
    cases: int
    others: tuple[str, ...]
    reading: str = ""

    @property
    def names(self) -> list[str]:
        return list(filter(None, (self.name_ja, self.name_en)))

    @property
    def labels(self) -> list[str]:
        return [*self.names, *filter(None, self.others)]


def named() -> list[Named]:
    """Those of most cases first. Six queries when the public data changed."""
    return cached("named", lambda: [*_institutions(), *_themes(), *_concepts()])


def _institutions() -> list[Named]:
    public = Q(editions__retired_at__isnull=True)
    rows: list[Any] = list(Institution.objects.annotate(cases=Count("editions", filter=public)).filter(cases__gt=0))
    names = InstitutionName.objects.filter(institution__in=rows).order_by("pk")
    others = [(pk, name) for pk, *pair in names.values_list("institution", "name_ja", "name_en") for name in pair]
    aliases = InstitutionAlias.objects.filter(institution__in=rows).order_by("label")
    further = _by_key([*others, *aliases.values_list("institution", "label")])
    return _sorted(
        Named("institution", row.slug, row.name_ja, row.name_en, row.cases, tuple(further[row.pk]), row.name_kana)
        for row in rows
    )


def _themes() -> list[Named]:
    every: list[Any] = list(Theme.objects.with_practice_count())
    rows = [row for row in every if row.practice_count]
    return _sorted(
        Named("theme", str(row.number), row.short_ja, row.short_en, row.practice_count, (row.title_ja, row.title_en))
        for row in rows
    )


def _concepts() -> list[Named]:
    rows: list[Any] = list(Concept.objects.in_use().with_practice_count())
    synonyms = ConceptLabel.objects.filter(relation=ConceptLabel.Relation.ALTERNATIVE, concept__in=rows)
    further = _by_key(synonyms.order_by("pk").values_list("concept", F("label")))
    return _sorted(
        Named("concept", row.slug, row.pref_label_ja, row.pref_label_en, row.practice_count, tuple(further[row.pk]))
        for row in rows
    )


def _by_key(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found = defaultdict(list)
    for key, name in pairs:
        if name:
            found[key].append(name)
    return found


def _sorted(rows: Iterable[Named]) -> list[Named]:
    return sorted(rows, key=lambda one: (-one.cases, one.name_ja, one.name_en))
