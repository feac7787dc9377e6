"""How the tests of the search ask it."""

from practices.models import Edition
from practices.search import Found, find


def ask(q: str, *, expand: bool = True) -> Found:
    return find(q, expand=expand)


def slugs(q: str, *, expand: bool = True) -> list[str]:
    """The slugs of the cases that have all words, best first."""
    found = ask(q, expand=expand)
    names = dict(Edition.objects.values_list("pk", "slug"))
    return [] if found.relaxed else [names[pk] for pk in found.ids]
