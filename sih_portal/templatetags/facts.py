"""Template tags for facts: countries and sums of money."""

from babel import Locale
from django import template
from django.utils.translation import gettext as _

from sih_portal.language import current_language

register = template.Library()


@register.filter
def country(code: str) -> str:
    """メキシコ / Mexico for MX; a code without a name stays as it is."""
    return str(Locale(current_language()).territories.get(code, code))


@register.filter
def yen(amount: int) -> str:
    """1,000万円 / 10 million yen; in full where the amount is not round."""
    if current_language() == "ja" and amount % 10_000 == 0:
        return f"{amount // 10_000:,}万円"
    if current_language() == "en" and amount % 1_000_000 == 0:
        return f"{amount // 1_000_000:,} million yen"
    return _("%(amount)s yen") % {"amount": f"{amount:,}"}
