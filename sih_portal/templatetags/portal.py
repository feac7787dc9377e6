"""Template tags of the whole portal (loaded as builtins): texts by language, Japanese dates, addresses."""

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sih_portal.language import LANGUAGES, Text, in_language
from sih_portal.reporting import report_address
from sih_portal.years import day, fiscal_year, month

register = template.Library()


@register.simple_tag
def text(row: object, field: str) -> Text:
    """The text with the language it is really in, for `as`: `{% text row "title" as title %}`."""
    return in_language(row, field)


@register.simple_tag
def show(row: object, field: str) -> SafeString:
    """The text in the page's language, or the other one's with its `lang` and a tag that says so."""
    return written(in_language(row, field))


@register.simple_tag
def written(shown: Text, *, as_name: bool = False) -> SafeString:
    """A text that was chosen by language before; a name carries no tag."""
    if shown.is_fallback and not as_name:
        return format_html("{} {}", _marked(shown), _not_translated())
    return _marked(shown)


@register.simple_tag
def name(row: object, field: str = "name") -> SafeString:
    """A name, chip or link text in the page's language, or the other one's with its `lang` and no tag."""
    return _marked(in_language(row, field))


@register.simple_tag
def untranslated(row: object, field: str) -> SafeString:
    """The tag alone, to stand behind a `name` that is a heading or a link; nothing where there is a translation."""
    return format_html(" {}", _not_translated()) if in_language(row, field).is_fallback else SafeString()


@register.filter
def bare_address(url: str) -> str:
    """The address as records name it: without scheme and www."""
    return url.partition("://")[2].removeprefix("www.")


@register.simple_tag
def reference(row: object) -> SafeString:
    """The record that facts come from, like `show`; where it names the row's own address, that is a link."""
    shown = written(in_language(row, "reference"))
    url = getattr(row, "url", "")
    named = escape(bare_address(url))
    if not named or named not in shown:
        return shown
    before, found, after = shown.partition(named)
    link = format_html('<a href="{}" rel="external">{}</a>', url, mark_safe(found))  # noqa: S308  (escaped above)
    return mark_safe(f"{before}{link}{after}")  # noqa: S308  (pieces of a shown text)


@register.simple_tag
def paragraphs(row: object, field: str) -> SafeString:
    """A longer text like `show`, its line breaks kept as paragraphs."""
    shown = in_language(row, field)
    body = mark_safe(linebreaks_filter(shown.value, autoescape=True))  # noqa: S308  (escapes by itself)
    if not shown.is_fallback:
        return body
    return format_html('<div lang="{}">{}</div><p>{}</p>', shown.lang, body, _not_translated())


def _marked(shown: Text) -> SafeString:
    if shown.is_fallback:
        return format_html('<span lang="{}">{}</span>', shown.lang, shown.value)
    return format_html("{}", shown.value)


def _not_translated() -> SafeString:
    return format_html('<small class="untranslated">{}</small>', _("Not translated yet (shown in Japanese)"))


@register.simple_tag
def unknown(reason: str) -> SafeString:
    """An em dash with the reason why there is no value."""
    return format_html('<span class="unknown">— <small>{}</small></span>', reason)


register.filter(fiscal_year)
register.filter(day)
register.simple_tag(month)


@register.simple_tag
def query_url(query: QueryDict, **changes: object) -> str:
    """The query with values replaced; an empty one or None removes the name. Every change goes to page 1."""
    changed = query.copy()
    for name_, value in ({"page": None} | changes).items():
        changed.pop(name_, None)
        if value not in (None, ""):
            changed[name_] = str(value)
    return f"?{changed.urlencode()}"


@register.simple_tag
def query_url_without(query: QueryDict, name: str, value: str) -> str:
    """The query without one value of a name, on page 1."""
    changed = query.copy()
    changed.pop("page", None)
    changed.setlist(name, [kept for kept in changed.getlist(name) if kept != value])
    return f"?{changed.urlencode()}"


@register.simple_tag(takes_context=True)
def language_url(context: dict[str, Any], language: str) -> str:
    """The page's address in `language`, with its query; the home page's for addresses without a language."""
    request: HttpRequest = context["request"]
    return _path_in(language, request.get_full_path())


@register.simple_tag(takes_context=True)
def page_address(context: dict[str, Any], language: str, query: str) -> str:
    """The page's one address in `language`, with `query` in place of whatever else was asked."""
    request: HttpRequest = context["request"]
    path = _path_in(language, request.path)
    return f"{settings.SITE_URL}{path}?{query}" if query else f"{settings.SITE_URL}{path}"


def _path_in(language: str, path: str) -> str:
    return f"/{language}{path[3:]}" if path[1:3] in LANGUAGES and path[3:4] == "/" else f"/{language}/"


@register.simple_tag
def absolute(path: str) -> str:
    """The path as an address to cite."""
    return f"{settings.SITE_URL}{path}"


@register.simple_tag
def today() -> str:
    return day(timezone.localdate())


@register.simple_tag
def report_url(row: object, field: str, kind: str = "", number: int | None = None) -> str:
    """A letter to the editors about the page of a row, or about its part `kind` `number`.

    Empty where no contact address is set, and for a row of the desk, which has no page.
    """
    path = getattr(row, "get_absolute_url", str)()
    anchor = f"#{kind}-{number}" if kind else ""
    title = in_language(row, field).value
    return report_address(absolute(f"{path}{anchor}"), title, getattr(row, "version", None)) if path else ""


@register.simple_tag(takes_context=True)
def report_page_url(context: dict[str, Any]) -> str:
    """A letter to the editors about whatever page this is; where none can be sent, the way to the editors."""
    letter = report_address(absolute(context["request"].get_full_path()), _("SIH Portal"))
    return letter or f"{reverse('about')}#contact"


@register.simple_tag(takes_context=True)
def nav_link(context: dict[str, Any], view_name: str, label: str) -> SafeString:
    """A link of the main navigation: `aria-current` is `page` on that page and `true` below it."""
    url = reverse(view_name)
    path = context["request"].path
    current = "page" if path == url else "true" if path.startswith(url) else ""
    attribute = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', url, attribute, label)
