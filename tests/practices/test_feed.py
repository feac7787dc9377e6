"""The Atom feed: read back with a feed reader, and well-formed whatever the texts hold."""

import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest
from django.test import Client

from practices.models import Edition
from practices.workflow import Steps, take
from tests.factories.practices import (
    A_MOMENT,
    ConceptFactory,
    PracticeFactory,
    ThemeFactory,
    archive,
    publish,
    staff,
)

pytestmark = pytest.mark.django_db

FEED = "/ja/practices/feed/"
ATOM = {"a": "http://www.w3.org/2005/Atom", "o": "http://a9.com/-/spec/opensearch/1.1/"}


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = "https://sih.example.ac.jp"


def root(client: Client, path: str = FEED) -> ET.Element:
    response = client.get(path)
    assert response.status_code == 200
    return ET.fromstring(response.content)


def feed(client: Client, path: str = FEED) -> Any:
    response = client.get(path)
    parsed = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def slugs(client: Client, path: str = FEED) -> list[str]:
    return [entry.id.rpartition("/")[2] for entry in feed(client, path).entries]


def link(parsed: Any, rel: str) -> str | None:
    """The address of the feed's link, without the host."""
    found = (each.href for each in parsed.feed.links if each.rel == rel and each.type == "application/atom+xml")
    address: str | None = next(found, None)
    return address and address.removeprefix("https://sih.example.ac.jp")


def later(days: int) -> Any:
    return A_MOMENT + timedelta(days=days)


def republish(edition: Edition, at: Any) -> Edition:
    practice = edition.draft
    practice.refresh_from_db()
    take(Steps.REVISE, practice=practice, by=staff("curator"), at=at)
    practice.refresh_from_db()
    return publish(practice, at=at)


def test_entry_tells_what_a_reader_of_feeds_needs(client: Client) -> None:
    edition = publish(
        slug="case",
        title_ja="職員研修",
        summary_ja="海外で<学ぶ>。",
        theme=ThemeFactory(number=6, short_ja="職員"),
        concepts=[ConceptFactory(slug="training", pref_label_ja="研修")],
        institution__slug="kobe",
        institution__name_ja="神戸大学",
        institution__kind="national",
    )

    entry = feed(client).entries[0]

    assert (entry.id, entry.title) == ("tag:sih.example.ac.jp,2026:practices/case", "職員研修")
    assert (entry.summary, entry.summary_detail.type) == ("海外で<学ぶ>。", "text/plain")
    assert (entry.author, entry.author_detail.href) == ("神戸大学", "https://sih.example.ac.jp/ja/institutions/kobe/")
    assert entry.published == entry.updated == edition.published_at.isoformat()
    assert {(each.hreflang, each.href) for each in entry.links} == {
        (language, f"https://sih.example.ac.jp/{language}/practices/case/") for language in ("ja", "en")
    }
    assert [(each.term, each.scheme.rpartition(":")[2], each.label) for each in entry.tags] == [
        ("6", "theme", "職員"),
        ("national", "kind", "国立大学"),
        ("training", "concept", "研修"),
    ]


def test_feed_is_served_as_atom_in_the_language_of_its_address(client: Client) -> None:
    publish()

    response = client.get("/en/practices/feed/")

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert ET.fromstring(response.content).get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_text_without_translation_says_its_language(client: Client) -> None:
    publish(title_en="", title_ja="研修", summary_en="A summary.")

    entry = feed(client, "/en/practices/feed/").entries[0]

    assert (entry.title, entry.title_detail.language) == ("研修", "ja")
    assert (entry.summary, entry.summary_detail.language) == ("A summary.", "en")


def test_last_change_stands_first_and_keeps_the_name(client: Client) -> None:
    first = publish(slug="first")
    publish(slug="second", at=later(1))
    republish(first, later(2))

    parsed = feed(client)

    assert [entry.id.rpartition("/")[2] for entry in parsed.entries] == ["first", "second"]
    assert parsed.entries[0].published == A_MOMENT.isoformat()
    assert parsed.entries[0].updated == parsed.feed.updated == later(2).isoformat()


@pytest.mark.parametrize(
    ("sort", "order"), [("title", ["b", "a"]), ("-published_at", ["a", "b"]), ("nonsense", ["b", "a"])]
)
def test_order_can_be_asked_for(client: Client, sort: str, order: list[str]) -> None:
    first = publish(slug="b", title_ja="あ")
    publish(slug="a", title_ja="い", at=later(1))
    republish(first, later(2))

    assert slugs(client, f"{FEED}?sort={sort}") == order


def test_feed_answers_the_query_of_the_page(client: Client) -> None:
    wanted = publish(slug="wanted", title_ja="職員研修", theme=ThemeFactory(number=6))
    publish(slug="other-theme", title_ja="職員研修", theme=ThemeFactory(number=7))
    publish(slug="other-words", title_ja="留学", theme=wanted.theme)

    assert slugs(client, f"{FEED}?q=%E8%81%B7%E5%93%A1&theme=6") == ["wanted"]


def test_feed_holds_public_editions_only(client: Client) -> None:
    public = publish(slug="public", title_ja="公開の題名")
    PracticeFactory(slug="draft")
    archive(publish(slug="archived"))
    take(Steps.REVISE, practice=public.draft, by=staff("curator"), at=later(3))
    before = client.get(FEED).content
    public.draft.refresh_from_db()
    public.draft.title_ja = "改訂中の題名"
    public.draft.save()

    assert slugs(client) == ["public"]
    assert client.get(FEED).content == before


def test_pages_lead_to_each_other_and_hold_every_case_once(client: Client) -> None:
    expected = {publish(at=later(number)).slug for number in range(5)}

    seen, path = [], f"{FEED}?page_size=2"
    while path:
        parsed = feed(client, path)
        assert link(parsed, "self") == path
        seen += [entry.id.rpartition("/")[2] for entry in parsed.entries]
        path = link(parsed, "next") or ""

    assert (len(seen), set(seen)) == (5, expected)
    assert link(parsed, "previous") == f"{FEED}?page_size=2&page=2"
    assert link(parsed, "first") == f"{FEED}?page_size=2"
    assert link(parsed, "last") == f"{FEED}?page_size=2&page=3"


def test_only_page_has_neither_next_nor_previous(client: Client) -> None:
    publish()

    parsed = feed(client)

    assert (link(parsed, "next"), link(parsed, "previous")) == (None, None)


def test_total_and_order_are_told(client: Client) -> None:
    for number in range(3):
        publish(at=later(number))

    found = root(client, "/en/practices/feed/?page_size=2&page=2")

    told = [found.findtext(f"o:{name}", "", ATOM) for name in ("totalResults", "startIndex", "itemsPerPage")]
    assert told == ["3", "3", "2"]
    assert found.findtext("a:subtitle", "", ATOM) == (
        "3 practices in all. Order: Last change, newest first. Page 2 of 2."
    )


def test_page_beyond_the_last_is_not_found(client: Client) -> None:
    publish()

    assert client.get(f"{FEED}?page=2").status_code == 404


def test_what_is_not_known_is_ignored_and_said(client: Client) -> None:
    publish(slug="case")

    parsed = feed(client, "/en/practices/feed/?kind=secret&foo=1&view=table")

    assert [entry.id.rpartition("/")[2] for entry in parsed.entries] == ["case"]
    assert parsed.feed.subtitle.endswith("can’t be used and were ignored: kind=secret, foo")
    assert link(parsed, "self") == "/en/practices/feed/"


def test_relaxed_search_is_said(client: Client) -> None:
    publish(title_en="Staff training", summary_en="")

    assert (
        "Shown are practices that have some of them" in feed(client, "/en/practices/feed/?q=staff+zebra").feed.subtitle
    )


@pytest.mark.parametrize("q", ["a" * 201, "+".join(["word"] * 21)])
def test_endless_words_are_refused_in_words(client: Client, q: str) -> None:
    response = client.get(f"/en/practices/feed/?q={q}")

    assert response.status_code == 400
    assert "Please search with at most" in response.content.decode()


def test_empty_feed_is_valid_and_keeps_its_moment(client: Client) -> None:
    nothing = root(client)
    publish(at=later(4))
    found = root(client, f"{FEED}?q=zebra")

    assert (nothing.findall("a:entry", ATOM), found.findall("a:entry", ATOM)) == ([], [])
    assert nothing.findtext("a:updated", "", ATOM) == "1970-01-01T00:00:00+00:00"
    assert found.findtext("a:updated", "", ATOM) == later(4).isoformat()
    assert all(found.find(f"a:{name}", ATOM) is not None for name in ("id", "title", "updated"))


def test_characters_that_xml_cannot_hold_are_left_out(client: Client) -> None:
    publish(
        title_ja="一\x0b二\ufffe三 & <四>",
        summary_ja="\x01",
        concepts=[ConceptFactory(pref_label_ja="概\x1f念")],
    )

    entry = root(client, f"{FEED}?q=%01%E4%B8%80").find("a:entry", ATOM)

    assert entry is not None
    assert entry.findtext("a:title", "", ATOM) == "一二三 & <四>"
    assert entry.findall("a:category", ATOM)[-1].get("label") == "概念"


def test_feed_names_the_page_and_the_feed_of_the_other_language(client: Client) -> None:
    publish(title_ja="職員")

    links = {
        (each.rel, each.type, each.get("hreflang")): each.href for each in feed(client, f"{FEED}?theme=&q=a").feed.links
    }

    assert links["alternate", "application/atom+xml", "en"] == "https://sih.example.ac.jp/en/practices/feed/?q=a"
    assert links["alternate", "text/html", "en"] == "https://sih.example.ac.jp/en/practices/?q=a"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_search_page_announces_the_feed_of_its_query(client: Client, language: str) -> None:
    publish(title_ja="職員")

    shown = client.get(f"/{language}/practices/?q=%E8%81%B7%E5%93%A1&view=table&page_size=5").content.decode()

    address = f"/{language}/practices/feed/?q=%E8%81%B7%E5%93%A1"
    assert f'<link rel="alternate" type="application/atom+xml" href="{address}"' in shown
    assert f'<a href="{address}"' in shown
    assert parse_qs(urlsplit(address).query) == {"q": ["職員"]}
