"""Sets of editions as numbers: the same as sets of ids."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practices.models import Edition
from practices.search.bits import at_least, bits_by, bits_in, bits_of, ids_in, in_order, read
from tests.factories.practices import ThemeFactory, publish

IDS = st.sets(st.integers(1, 3_000), max_size=60)


@given(IDS, IDS)
def test_numbers_are_sets(one: set[int], other: set[int]) -> None:
    assert set(ids_in(bits_of(one) & bits_of(other))) == one & other
    assert set(ids_in(bits_of(one) & ~bits_of(other))) == one - other
    assert (bits_of(one) | bits_of(other)).bit_count() == len(one | other)


@given(IDS)
def test_texts_of_ids_are_read(ids: set[int]) -> None:
    assert read(",".join(map(str, ids)) or None) == bits_of(ids)


@given(st.lists(st.integers(1, 500), unique=True), IDS)
def test_order_is_kept(order: list[int], ids: set[int]) -> None:
    assert in_order(order, bits_of(ids)) == [pk for pk in order if pk in ids]


@given(st.lists(IDS, max_size=6))
def test_levels_hold_what_is_in_so_many_sets(sets: list[set[int]]) -> None:
    counts = Counter(pk for ids in sets for pk in ids)

    levels = at_least([bits_of(ids) for ids in sets])

    assert len(levels) == len(sets) + 1
    for level in range(1, len(levels)):
        assert set(ids_in(levels[level])) == {pk for pk, count in counts.items() if count >= level}


@pytest.mark.django_db
def test_rows_of_a_query_are_read_by_value() -> None:
    one, two = ThemeFactory(number=21), ThemeFactory(number=22)
    editions = [publish(theme=one, themes=[two]), publish(theme=two, themes=[one, two]), publish(theme=one)]
    keys = [edition.pk for edition in editions]
    rows = Edition.objects.order_by("-slug")

    assert set(ids_in(bits_in(rows))) == set(keys)
    assert bits_in(Edition.objects.none()) == 0
    assert bits_by(rows, "theme__number") == {"21": bits_of([keys[0], keys[2]]), "22": bits_of([keys[1]])}
    assert bits_by(rows, "themes__number") == {"21": bits_of([keys[1]]), "22": bits_of(keys[:2])}
