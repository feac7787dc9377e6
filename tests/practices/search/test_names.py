"""Which names a query means, and which it must not mean."""

import pytest
from pytest_django import DjangoAssertNumQueries

from practices.models import Concept, ConceptLabel
from practices.search.names import widen
from practices.search.queries import parse
from sih_portal.kept import at
from tests.factories.practices import ConceptFactory, ThemeFactory, publish
from tests.factories.universities import AliasFactory, HeadquartersFactory, InstitutionFactory
from tests.practices.search.asking import ask, slugs
from universities.models import Institution, InstitutionName

pytestmark = pytest.mark.django_db


@pytest.fixture
def universities() -> None:
    """A case each of Tokyo and Kyoto; no text of theirs names them."""
    tokyo = InstitutionFactory(name_ja="東京大学", name_en="The University of Tokyo", name_kana="とうきょうだいがく")
    kyoto = InstitutionFactory(name_ja="京都大学", name_en="Kyoto University", name_kana="きょうとだいがく")
    for institution, alias in [(tokyo, "東大"), (kyoto, "京大"), (kyoto, "Kyodai")]:
        AliasFactory(institution=institution, label=alias)
    theme = ThemeFactory()
    publish(slug="tokyo", institution=tokyo, theme=theme)
    publish(slug="kyoto", institution=kyoto, theme=theme)


@pytest.fixture
def staff_development() -> Concept:
    concept: Concept = ConceptFactory(
        slug="staff-development",
        pref_label_en="staff development",
        pref_label_ja="職員研修(SD)",
        synonyms=["SD", "staff training", "スタッフ・ディベロップメント"],
    )
    ConceptLabel.objects.create(concept=concept, language="ja", relation="related", label="人事異動")
    publish(slug="trained", concepts=[concept])
    return concept


@pytest.mark.usefixtures("universities")
@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("東京", ["tokyo"]),
        ("東大", ["tokyo"]),
        ("京大", ["kyoto"]),
        ("京都", ["kyoto"]),
        ("kyodai", ["kyoto"]),
        ("ＫＹＯＤＡＩ", ["kyoto"]),
        ("きょうと", ["kyoto"]),
        ("University of Tokyo", ["tokyo"]),
        ("Tokyo University", ["tokyo"]),
        ('"kyoto university"', ["kyoto"]),
        ("大学", ["kyoto", "tokyo"]),
        ("京", []),
        ("yoto", []),
        ("京大 東大", []),
    ],
)
def test_institutions_are_found_by_their_names(q: str, expected: list[str]) -> None:
    assert sorted(slugs(q)) == expected


@pytest.mark.usefixtures("universities")
def test_renamed_institutions_need_no_new_index() -> None:
    kyoto = Institution.objects.get(name_ja="京都大学")
    Institution.objects.filter(pk=kyoto.pk).update(name_ja="平安大学", slug="heian")
    InstitutionName.objects.create(
        institution=kyoto, relation="former", name_ja="京都帝国大学", provenance="reference", reference_en="Annals"
    )

    assert slugs("平安") == ["kyoto"]
    assert slugs("京都帝国大学") == ["kyoto"]


def test_headquarters_are_found_by_whole_names_or_a_japanese_part() -> None:
    headquarters = HeadquartersFactory(name_en="International Planning Office", name_ja="国際室", abbreviation="IPO")
    publish(slug="a", headquarters=headquarters, institution=headquarters.participation.institution)

    found = {
        q: slugs(q) for q in ("International Planning Office", "ipo", "国際室", "国際", "international", "planning")
    }

    assert [q for q, cases in found.items() if cases] == ["International Planning Office", "ipo", "国際室", "国際"]


def test_themes_are_found_by_whole_titles_or_a_japanese_part() -> None:
    theme = ThemeFactory(title_en="Training Personnel", title_ja="人材の養成・確保", short_en="Personnel")
    publish(slug="a", theme=theme)
    publish(slug="b", themes=[theme])

    found = {q: sorted(slugs(q)) for q in ("training personnel", "personnel", "養成", "training", "養")}

    assert found == {
        "training personnel": ["a", "b"],
        "personnel": ["a", "b"],
        "養成": ["a", "b"],
        "training": [],
        "養": [],
    }


@pytest.mark.usefixtures("staff_development")
@pytest.mark.parametrize(
    "q",
    ["SD", "ｓｄ", "職員研修", "職員 研修", "職員研修(SD)", "staff trainings", '"staff training"', "staff-training"],
)
def test_labels_of_concepts_reach_their_cases(q: str) -> None:
    assert slugs(q) == ["trained"]
    assert [concept.slug for concept in ask(q).concepts] == ["staff-development"]


@pytest.mark.usefixtures("staff_development")
@pytest.mark.parametrize("q", ["SDGs", "職員", "研修", "staff", "training staff", "人事異動", "職員研修会"])
def test_parts_of_labels_and_related_labels_do_not(q: str) -> None:
    assert slugs(q) == []
    assert ask(q).concepts == ()


@pytest.mark.usefixtures("staff_development", "universities")
def test_the_thesaurus_can_be_switched_off() -> None:
    assert slugs("SD", expand=False) == []
    assert ask("SD", expand=False).concepts == ()
    assert slugs("京大", expand=False) == ["kyoto"]


@pytest.mark.usefixtures("staff_development")
def test_runs_of_words_are_and_ed_with_the_others() -> None:
    publish(slug="both", summary_en="Training of staff in Mexico", summary_ja="")

    assert sorted(slugs("staff training")) == ["both", "trained"]
    assert slugs("staff training Mexico") == ["both"]
    assert ask("staff training Mexico").concepts[0].words == "staff training"


@pytest.mark.usefixtures("staff_development")
def test_concepts_without_a_public_case_widen_nothing() -> None:
    ConceptFactory(slug="idle", pref_label_en="idleness")

    assert ask("idleness").concepts == ()


@pytest.mark.parametrize("more", [1, 10])
def test_the_number_of_queries_is_fixed(more: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(more):
        publish(concepts=[ConceptFactory(synonyms=[f"synonym{number}"])], institution=AliasFactory().institution)

    with at("1-a"), django_assert_num_queries(7):
        widen(parse("staff training at Kyoto University"), expand=True)
        widen(parse("Tokyo University"), expand=True)
