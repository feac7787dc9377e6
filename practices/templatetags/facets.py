"""The values of a facet as check boxes. A page can have hundreds: as templates they took most of its time."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from practices.filters import FacetValue

register = template.Library()


@register.simple_tag
def facet_values(name: str, values: Iterable[FacetValue]) -> SafeString:
    """One list item for each value; `name` is the query name."""
    query_name = escape(name)
    return mark_safe("\n".join(_item(query_name, value) for value in values))  # noqa: S308  (every part is escaped)


def _item(name: str, value: FacetValue) -> str:
    classes = [*(["is-empty"] if not value.count else []), *([f"is-level-{value.level}"] if value.level else [])]
    own_class = f' class="{" ".join(classes)}"' if classes else ""
    own, label, checked = escape(value.value), escape(value.label), " checked" if value.is_chosen else ""
    return (
        f'<li{own_class}><label><input type="checkbox" form="search" id="facet-{name}-{own}" name="{name}" '
        f'value="{own}"{checked}> <span>{label}</span> <span class="count">{value.count}</span></label></li>'
    )
