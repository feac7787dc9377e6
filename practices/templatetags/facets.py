"""The values of a facet as check boxes. A page can have hundreds: as templates they took most of its time."""

from collections.abc import Iterable, Iterator
from typing import Final

from django import template
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from practices.filters import FacetValue

register = template.Library()
ITEM: Final = (
    '<li{}><label><input type="checkbox" form="search" id="facet-{}-{}" name="{}" value="{}"{}> '
    '<span>{}</span> <span class="count">{}</span></label></li>'
)
CHECKED: Final = SafeString(" checked")
NOTHING: Final = SafeString()


@register.simple_tag
def facet_values(name: str, values: Iterable[FacetValue]) -> SafeString:
    """One list item for each value; `name` is the query name."""
    return format_html_join("\n", ITEM, (tuple(_cells(name, value)) for value in values))


def _cells(name: str, value: FacetValue) -> Iterator[object]:
    classes = [*(["is-empty"] if not value.count else []), *([f"is-level-{value.level}"] if value.level else [])]
    yield SafeString(f' class="{" ".join(classes)}"') if classes else NOTHING
    yield from (name, value.value, name, value.value)
    yield CHECKED if value.is_chosen else NOTHING
    yield from (value.label, localize(value.count))
