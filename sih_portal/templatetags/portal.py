"""Template tags of the whole portal (loaded as builtins)."""

from django import template

register = template.Library()
