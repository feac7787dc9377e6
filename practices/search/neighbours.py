"""Concepts to offer when no case was found: those whose labels look most like the query."""

import re
from collections import Counter
from typing import Final, NamedTuple

from django.db.models import Count, Q

from practices.models.concept import Concept

from .tokens import HAN, HIRAGANA, Kind, tokens

MOST: Final = 5
CHINESE: Final = re.compile(f"[{HAN}]")
ALL_HIRAGANA: Final = re.compile(f"[{HIRAGANA}]+")


class Neighbours(NamedTuple):
    """`are_near` unless nothing is, so that any concepts stand in."""

    concepts: tuple[Concept, ...]
    are_near: bool


NONE: Final = Neighbours((), are_near=False)


def neighbours_of(q: str) -> Neighbours:
    """Up to five concepts in use that share most characters (Japanese) or stems (Latin) with `q`, rare ones first.

    When none shares any: the broadest, those of most public cases. Two queries.
    """
    cases = Count("editions", filter=Q(editions__retired_at__isnull=True))
    concepts = list(Concept.objects.in_use().with_labels().annotate(cases=cases).order_by("-cases", "slug"))
    labels = {concept: [_features(label) for label in _labels(concept)] for concept in concepts}
    common = Counter(feature for own in labels.values() for feature in set().union(*own))
    asked = _features(q)

    def likeness(concept: Concept) -> tuple[int, float]:
        shared = [asked & label for label in labels[concept]]
        return max((len(some), sum(1 / common[feature] for feature in some)) for some in shared)

    alike = [concept for concept in concepts if likeness(concept) > (0, 0)]
    nearest = sorted(alike, key=likeness, reverse=True) or concepts
    return Neighbours(tuple(nearest[:MOST]), bool(alike))


def _labels(concept: Concept) -> list[str]:
    return [concept.pref_label_en, concept.pref_label_ja, *(row.label for row in concept.labels.all())]


def _features(text: str) -> set[str]:
    """Chinese characters, and pairs that are not all hiragana, of Japanese; stems of three letters or more of Latin."""
    found = set(CHINESE.findall(text))
    for token in tokens(text):
        is_stem = token.kind is Kind.WORD and len(token.text) > 2
        if is_stem or (token.kind is Kind.PAIR and not ALL_HIRAGANA.fullmatch(token.text)):
            found.add(token.text)
    return found
