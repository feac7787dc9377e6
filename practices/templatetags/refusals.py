"""What an address asked for in vain, said with the labels that the pages use."""

from django import template
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from practices.comparing import CASES
from practices.results import FILTER_LABELS
from sih_portal.query_names import Refusal

register = template.Library()
SHOWN = 60  # characters of a value


@register.simple_tag
def refused(refusal: Refusal) -> str:
    """The refusal as a sentence; empty where the page has no label for the name."""
    if refusal.name == CASES.name and refusal.value is not None:
        return refusal.message
    if refusal.value is None:
        return _("The name “%(name)s” can’t be used here.") % {"name": Truncator(refusal.name).chars(SHOWN)}
    if refusal.name not in FILTER_LABELS:
        return ""
    value = Truncator(refusal.value).chars(SHOWN)
    label = FILTER_LABELS[refusal.name]
    if refusal.allowed:
        return _("%(label)s: “%(value)s” can’t be chosen.") % {"label": label, "value": value}
    return _("%(label)s “%(value)s”: %(message)s") % {"label": label, "value": value, "message": refusal.message}
