"""Concepts to offer when no case was found: those whose labels look most like the query, then what belongs to them."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from math import log
from typing import Final, NamedTuple

from django.db.models import Count, Q

from practices.models.concept import Concept

from .nearest import MOST_CORRECTED, RUN, nearest_to
from .tokens import HAN, KATAKANA, Kind, fold, tokens
from .vocabulary import key_of

MOST: Final = 5
CHINESE: Final = re.compile(f"[{HAN}]")
ALL_KATAKANA: Final = re.compile(f"[{KATAKANA}][{KATAKANA}・]+")
# What many concepts have tells them apart no more: 学, 国 and 国際 alone make no neighbour. Of fewer concepts than this
# nothing can be said.
FEWEST: Final = 10
# A shared pair or stem counts so much more than a single character.
LONGER: Final = 1.5
# So much of the weight of a character that one concept alone has makes a neighbour, and of the nearest one's weight.
NEAR: Final = 0.6
NEXT: Final = 0.4


class Neighbours(NamedTuple):
    """`are_near` unless nothing is, so that any concepts stand in."""

    concepts: tuple[Concept, ...]
    are_near: bool


NONE: Final = Neighbours((), are_near=False)


def neighbours_of(q: str) -> Neighbours:
    """Up to five concepts in use that share enough with `q`, or with the nearest words to its words.

    Characters and pairs of Japanese and stems of Latin words weigh the more the fewer concepts have them. After these
    come their broader, narrower and related concepts. When none is near: those of most public cases. Three queries,
    and one for each of the first five words of `q`.
    """
    cases = Count("editions", filter=Q(editions__retired_at__isnull=True))
    concepts = list(Concept.objects.in_use().with_labels().annotate(cases=cases).order_by("-cases", "slug"))
    nearest = _nearest(concepts, _asked(q))
    if not nearest:
        return Neighbours(tuple(concepts[:MOST]), are_near=False)
    found = dict.fromkeys([*nearest, *chain.from_iterable(map(_relatives(concepts), nearest))])
    return Neighbours(tuple(islice(found, MOST)), are_near=True)


def _asked(q: str) -> set[str]:
    """What the query shows of itself and of the words that may be meant."""
    runs = dict.fromkeys(RUN.findall(fold(q).text))
    meant = chain.from_iterable(map(nearest_to, islice(runs, MOST_CORRECTED)))
    return _features(q).union(*map(_features, meant))


def _nearest(concepts: Sequence[Concept], asked: set[str]) -> list[Concept]:
    labels = {concept: [_features(label) for label in _labels(concept)] for concept in concepts}
    having = Counter(feature for own in labels.values() for feature in set().union(*own))
    most = max(len(concepts), FEWEST) + 1

    def weight(feature: str) -> float:
        return max(0, log(most / having[feature]) - 1) * (LONGER if len(feature) > 1 else 1)

    likeness = {
        concept: max(sum(map(weight, _telling(asked, label))) for label in own) for concept, own in labels.items()
    }
    enough = max(NEAR * (log(most) - 1), NEXT * max(likeness.values(), default=0))
    return sorted((one for one in concepts if likeness[one] >= enough), key=lambda one: -likeness[one])[:MOST]


def _relatives(concepts: Sequence[Concept]) -> Callable[[Concept], Iterator[Concept]]:
    """What belongs to a concept, of those in use: the broader one, narrower ones, related ones."""
    known = {concept.pk: concept for concept in concepts}
    narrower: dict[int, list[int]] = defaultdict(list)
    for concept in concepts:
        if concept.broader_id:
            narrower[concept.broader_id].append(concept.pk)
    related: dict[int, list[int]] = defaultdict(list)
    pairs = Concept.related.through.objects.filter(from_concept__in=known).order_by("to_concept__slug")
    for one, other in pairs.values_list("from_concept", "to_concept"):
        related[one].append(other)

    def of(concept: Concept) -> Iterator[Concept]:
        keys = [concept.broader_id or 0, *narrower[concept.pk], *related[concept.pk]]
        return (known[key] for key in keys if key in known)

    return of


def _labels(concept: Concept) -> list[str]:
    names = [concept.pref_label_en, concept.pref_label_ja, *(row.label for row in concept.labels.all())]
    return [name for name in names if name]


def _features(text: str) -> set[str]:
    """Chinese characters and pairs that have one, katakana words and their triples, stems of three letters or more."""
    found = set(CHINESE.findall(text))
    for token in tokens(text):
        is_stem = token.kind is Kind.WORD and len(token.text) > 2
        if is_stem or (token.kind is Kind.PAIR and CHINESE.search(token.text)):
            found.add(token.text)
    for word in map(key_of, ALL_KATAKANA.findall(fold(text).text)):
        found.update([word, *(word[at : at + 3] for at in range(len(word) - 2))])
    return found


def _telling(asked: set[str], label: set[str]) -> set[str]:
    """What both have, without the characters of a shared pair: they would count twice.

    Single characters alone say nothing where they are less than a third of those asked for: 家 of 国家試験.
    """
    shared = asked & label
    characters = {feature for feature in shared if len(feature) == 1}
    if characters == shared and len(characters) * 3 < sum(len(feature) == 1 for feature in asked):
        return set()
    return shared.difference(chain.from_iterable(shared - characters))
