"""Atom feeds (RFC 4287) in pages (RFC 5005): each text in the language it is really in, and always well-formed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from sih_portal.language import Text

HTML: Final = "text/html"
ATOM: Final = "application/atom+xml"
OPEN_SEARCH: Final = "http://a9.com/-/spec/opensearch/1.1/"
NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Link:
    rel: str
    href: str
    type: str
    hreflang: str = ""

    def attributes(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Category:
    term: str
    scheme: str
    label: Text


@dataclass(frozen=True)
class Entry:
    id: str
    title: Text
    summary: Text
    author: Text
    author_uri: str
    published: datetime
    updated: datetime
    links: Sequence[Link]
    categories: Sequence[Category]


class CleanXML(SimplerXMLGenerator):
    """Leaves out what XML 1.0 can't hold; Django's own generator would fail, or write it into an attribute."""

    def characters(self, content: str) -> None:
        super().characters(NOT_XML.sub("", content))

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  (a name of SAX)
        cleaned: Any = {key: NOT_XML.sub("", value) for key, value in attrs.items()}
        super().startElement(name, cleaned)

    def text(self, name: str, text: Text, page_language: str) -> None:
        """An element that says so where its text is not in the language of the feed."""
        self.addQuickElement(name, text.value, {"xml:lang": text.lang} if text.lang != page_language else {})


class PagedFeed(Atom1Feed):
    """Takes besides the usual arguments `updated`, `links` (Link), and `total`, `start`, `size` of the page.

    `add_item` takes an `entry` (Entry) besides what it requires.
    """

    def write(self, outfile: Any, encoding: str) -> None:
        handler = CleanXML(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:opensearch": OPEN_SEARCH}

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for link in self.feed["links"]:
            handler.addQuickElement("link", "", link.attributes())
        for name, key in (("totalResults", "total"), ("startIndex", "start"), ("itemsPerPage", "size")):
            handler.addQuickElement(f"opensearch:{name}", str(self.feed[key]))

    def add_entry(self, entry: Entry) -> None:
        self.add_item(title=entry.title.value, link=entry.id, description=entry.summary.value, entry=entry)

    def add_item_elements(self, handler: Any, item: Mapping[str, Any]) -> None:
        entry: Entry = item["entry"]
        language: str = self.feed["language"]
        handler.addQuickElement("id", entry.id)
        handler.text("title", entry.title, language)
        handler.addQuickElement("published", rfc3339_date(entry.published))
        handler.addQuickElement("updated", rfc3339_date(entry.updated))
        self._add_author(handler, entry, language)
        for link in entry.links:
            handler.addQuickElement("link", "", link.attributes())
        for category in entry.categories:
            attributes = {"term": category.term, "scheme": category.scheme, "label": category.label.value}
            spoken = {"xml:lang": category.label.lang} if category.label.lang != language else {}
            handler.addQuickElement("category", "", attributes | spoken)
        if entry.summary.value:
            handler.text("summary", entry.summary, language)

    def _add_author(self, handler: Any, entry: Entry, language: str) -> None:
        handler.startElement("author", {})
        handler.text("name", entry.author, language)
        handler.addQuickElement("uri", entry.author_uri)
        handler.endElement("author")
