"""Template tags of the whole portal (loaded as builtins): texts by language, Japanese dates, addresses."""

from datetime import date, datetime
from typing import Any, Final

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sih_portal.language import LANGUAGES, Text, current_language, in_language

register = template.Library()

# An era's first year and first month; the year it begins in counts as 元年.
ERAS: Final = ((2019, 5, "令和"), (1989, 1, "平成"), (1926, 12, "昭和"), (1912, 7, "大正"), (1868, 1, "明治"))


@register.simple_tag
def text(row: object, field: str) -> Text:
    """The text with the language it is really in, for `as`: `{% text row "title" as title %}`."""
    return in_language(row, field)


@register.simple_tag
def show(row: object, field: str) -> SafeString:
    """The text in the page's language, or the other one's with its `lang` and a tag that says so."""
    shown = in_language(row, field)
    return format_html("{} {}", _marked(shown), _not_translated()) if shown.is_fallback else _marked(shown)


@register.simple_tag
def name(row: object, field: str = "name") -> SafeString:
    """A name, chip or link text in the page's language, or the other one's with its `lang` and no tag."""
    return _marked(in_language(row, field))


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


def era_year(year: int, month: int) -> str:
    """The Japanese year without 年: 平成22, 令和元; empty before Meiji."""
    for first, month_of_change, era in ERAS:
        if (year, month) >= (first, month_of_change):
            count = year - first + 1
            return f"{era}{'元' if count == 1 else count}"
    return ""


@register.filter
def fiscal_year(year: int) -> str:
    """2005年度（平成17年度） / FY2005. The year an era begins in is named after the new era."""
    if current_language() == "en":
        return f"FY{year}"
    return f"{year}年度（{era_year(year, 12)}年度）"


@register.simple_tag
def month(year: int, number: int | None) -> str:
    """2010年2月（平成22年2月） / February 2010; only the year where the month is not known."""
    if current_language() == "en":
        return f"{MONTHS[number]} {year}" if number in MONTHS else str(year)
    if number in MONTHS:
        return f"{year}年{number}月（{era_year(year, number)}年{number}月）"
    return f"{year}年（{era_year(year, 12)}年）"


@register.filter
def day(value: date | datetime) -> str:
    """2026年3月4日（令和8年3月4日） / 4 March 2026, in the portal's time zone."""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    if current_language() == "en":
        return date_format(local, "j F Y")
    tail = f"{local.month}月{local.day}日"
    return f"{local.year}年{tail}（{era_year(local.year, local.month)}年{tail}）"


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


@register.simple_tag(takes_context=True)
def nav_link(context: dict[str, Any], view_name: str, label: str) -> SafeString:
    """A link of the main navigation: `aria-current` is `page` on that page and `true` below it."""
    url = reverse(view_name)
    path = context["request"].path
    current = "page" if path == url else "true" if path.startswith(url) else ""
    attribute = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', url, attribute, label)
