"""Two texts side by side: in each, what the other lacks is told apart."""

from django import template

from practices.differences import Segment, marked

register = template.Library()


@register.filter
def against(text: str, other: str) -> list[Segment]:
    """`text` in pieces, those that `other` lacks of kind "added". In one piece where there is nothing to compare."""
    if not text or not other:
        return [Segment("kept", text)]
    return [segment for segment in marked(other, text) if segment.kind != "removed"]
