"""Texts with the words that were asked for marked in them."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from practices.search import Passage
from sih_portal.language import current_language

register = template.Library()


@register.simple_tag
def marked(passage: Passage) -> SafeString:
    """The passage with its marks, in the language it is in."""
    pieces = (f"<mark>{escape(piece)}</mark>" if is_marked else escape(piece) for piece, is_marked in passage.segments)
    text = "".join(pieces)
    if passage.lang != current_language():
        text = f'<span lang="{escape(passage.lang)}">{text}</span>'
    return mark_safe(text)  # noqa: S308  (every part is escaped)
