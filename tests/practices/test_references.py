"""References for reading lists, read back as reference managers read them."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import rispy
from django.test import Client
from lxml import html
from pybtex.database import Entry, parse_string
from time_machine import travel

from practices.models import Edition
from practices.references import reference
from tests.factories.practices import ConceptFactory, PublicationFactory, archive, publish

pytestmark = pytest.mark.django_db
API = "/api/v1/practices/"
HOSTILE = 'A {brace} & 50% of $x_1 # ~ ^ \\ "quoted"'
TODAY = datetime(2026, 11, 30, 3, tzinfo=UTC)


@pytest.fixture
def case() -> Edition:
    concepts = [ConceptFactory(slug="a", pref_label_en="risk"), ConceptFactory(slug="b", pref_label_en="overseas base")]
    return publish(
        slug="case",
        title_en=HOSTILE,
        title_ja="海外拠点の運営",
        summary_en="First line.\nSecond  line.",
        concepts=concepts,
        publication=PublicationFactory(title_en="Final report"),
        locator="III-9, p. 6",
    )


def read(client: Client, address: str) -> str:
    with travel(TODAY, tick=False):
        response: Any = client.get(address)
        assert response.status_code == 200, address
        return b"".join(response.streaming_content).decode()


def entry(text: str) -> Entry:
    [found] = parse_string(text, "bibtex").entries.values()
    return found


def test_bibtex_says_what_is_cited(client: Client, case: Edition) -> None:
    found = entry(read(client, f"{API}?format=bibtex&lang=en"))

    assert (found.type, found.key) == ("misc", "case-v1")
    assert [str(person) for person in found.persons["author"]] == [f"{{{case.institution.name_en}}}"]
    told = {
        name: found.fields[name] for name in ("version", "year", "month", "urldate", "keywords", "note", "abstract")
    }
    assert told == {
        "version": "1",
        "year": str(case.published_at.year),
        "month": str(case.published_at.month),
        "urldate": "2026-11-30",
        "keywords": "risk, overseas base",
        "note": "Reported in: Final report, III-9, p. 6",
        "abstract": "First line. Second line.",
    }
    assert found.fields["url"].endswith("/en/practices/case/versions/1/")


def test_bibtex_keeps_what_tex_would_take_for_commands(client: Client, case: Edition) -> None:
    title = entry(read(client, f"{API}?format=bibtex&lang=en")).fields["title"]

    assert title == (
        r"{A \{brace\} \& 50\% of \$x\_1 \# \textasciitilde{} \textasciicircum{} \textbackslash{} " + '"quoted"}'
    )


def test_ris_says_what_is_cited(client: Client, case: Edition) -> None:
    [found] = rispy.loads(read(client, f"{API}?format=ris&lang=en"))

    assert found["type_of_reference"] == "ELEC"
    assert (found["id"], found["title"], found["authors"]) == ("case-v1", HOSTILE, [case.institution.name_en])
    assert found["keywords"] == ["risk", "overseas base"]
    assert (found["abstract"], found["notes"]) == (
        "First line. Second line.",
        ["Reported in: Final report, III-9, p. 6"],
    )
    assert found["urls"][0].endswith("/en/practices/case/versions/1/")


def test_csl_says_what_is_cited(client: Client, case: Edition) -> None:
    [found] = json.loads(read(client, f"{API}?format=csljson&lang=ja"))

    at = case.published_at
    assert found | {"abstract": "", "keyword": "", "note": ""} == {
        "id": "case-v1",
        "type": "webpage",
        "author": [{"literal": case.institution.name_ja}],
        "title": "海外拠点の運営",
        "container-title": "SIH Portal",
        "version": "1",
        "issued": {"date-parts": [[at.year, at.month, at.day]]},
        "accessed": {"date-parts": [[2026, 11, 30]]},
        "URL": found["URL"],
        "language": "ja",
        "abstract": "",
        "keyword": "",
        "note": "",
    }
    assert found["URL"].endswith("/ja/practices/case/versions/1/")


def test_missing_translation_is_cited_in_the_other_language() -> None:
    case = publish(title_en="", title_ja="海外拠点", summary_en="", summary_ja="要旨")

    found = reference(case, "en", accessed=TODAY.date())

    assert (found.title, found.lang, found.abstract) == ("海外拠点", "ja", "要旨")


@pytest.mark.parametrize(("form", "separator"), [("bibtex", "@misc{"), ("ris", "TY  - "), ("csljson", '"id"')])
def test_whole_result_is_one_file_in_its_order(client: Client, form: str, separator: str) -> None:
    for slug in ("one", "two", "three"):
        publish(slug=slug, title_en=slug, summary_en="exchange")
    gone = publish(slug="gone", summary_en="exchange")
    archive(gone)

    text = read(client, f"{API}?format={form}&q=exchange&page_size=1&lang=en&updated_since=2000-01-01")

    listed = client.get(f"{API}?q=exchange&lang=en").json()["results"]
    assert text.count(separator) == 3
    places = [text.index(f"{row['slug']}-v1") for row in listed]
    assert places == sorted(places)


@pytest.mark.parametrize(("form", "empty"), [("bibtex", ""), ("ris", ""), ("csljson", "[]\n")])
def test_empty_result_is_an_empty_file(client: Client, form: str, empty: str) -> None:
    assert read(client, f"{API}?format={form}&q=nothing") == empty


@pytest.mark.parametrize(
    ("form", "ending", "content_type"),
    [
        ("bibtex", "bib", "application/x-bibtex; charset=utf-8"),
        ("ris", "ris", "application/x-research-info-systems; charset=utf-8"),
        ("csljson", "csl.json", "application/vnd.citationstyles.csl+json; charset=utf-8"),
    ],
)
@pytest.mark.usefixtures("case")
def test_file_of_a_page_is_named_after_its_case(client: Client, form: str, ending: str, content_type: str) -> None:
    response = client.get(f"/ja/practices/case/?format={form}")

    assert response.headers["Content-Disposition"] == f'attachment; filename="case.{ending}"'
    assert response.headers["Content-Type"] == content_type
    assert read(client, f"/ja/practices/case/?format={form}").count("case-v1") == 1


@pytest.mark.usefixtures("case")
def test_accept_chooses_a_form_of_references(client: Client) -> None:
    response = client.get(API, headers={"Accept": "application/x-bibtex"})

    assert response.headers["Content-Type"] == "application/x-bibtex; charset=utf-8"


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_link_their_references(client: Client, language: str) -> None:
    page = client.get(f"/{language}/practices/case/").content.decode()
    listed = html.fromstring(client.get(f"/{language}/practices/?q=a").content.decode())

    addresses = [urlsplit(one) for one in listed.xpath("//ul[@id='tools']//a/@href")]
    asked = [parse_qs(one.query) for one in addresses if one.path == API]
    for form in ("bibtex", "ris", "csljson"):
        assert f'href="?format={form}"' in page
        assert {"q": ["a"], "format": [form], "lang": [language]} in asked


@pytest.mark.usefixtures("case")
def test_unknown_form_is_said_on_the_page(client: Client) -> None:
    assert "format" in client.get("/en/practices/case/?format=endnote").content.decode()
