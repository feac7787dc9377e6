"""Every address answers each role as the access table says, and nothing unpublished shows anywhere."""

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from practices.models import Event, GoodPractice, Publication, Recommendation, Theme
from sih_portal.language import LANGUAGES, other_language
from survey.models import Indicator, Letter, Round
from tests.access import API, PAGES, ROLES, TABLE, Row, resolver_names
from tests.canaries import World, make_world
from tests.factories.answers import a_questionnaire, a_response
from tests.factories.invitations import InvitationFactory
from tests.factories.practices import (
    ConceptFactory,
    FruitlessQueryFactory,
    PracticeFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    staff,
)
from tests.factories.survey import CaveatFactory, FigureFactory, IndicatorFactory, ReleaseFactory, RoundFactory
from tests.factories.universities import HeadquartersFactory, InstitutionFactory, ProgrammeFactory
from universities.models import Institution

pytestmark = pytest.mark.django_db
MADE = "docProps/core.xml"
TITLED = (Theme, Recommendation, Publication, Round, Indicator)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def clients() -> dict[str, Client]:
    clients = {role: Client(raise_request_exception=False) for role in ROLES}
    for role in ROLES[1:]:
        clients[role].force_login(staff(role))
    return clients


@pytest.fixture
def places(world: World) -> dict[str, Any]:
    """What fills the `{...}` of the table's paths."""
    event = Event.objects.create(
        slug="symposium", kind="symposium", title_ja="公開シンポジウム", year=2006, provenance="summary", locator="I"
    )
    return {
        **dict(zip(("draft", "in_review", "changes_requested"), world.hidden, strict=True)),
        "canary": world.canaries[5],
        **{f"{why}_round": figure.release.round.code for why, figure in world.secrets.items()},
        **{f"{why}_indicator": figure.indicator.code for why, figure in world.secrets.items()},
        **{f"{why}_figure": figure.public_id for why, figure in world.secrets.items()},
        "draft_pk": GoodPractice.objects.get(slug=world.hidden[0]).pk,
        "public_pk": world.edition.draft_id,
        "archived_pk": world.archived.draft_id,
        "institution": world.edition.institution.slug,
        "headquarters": world.edition.headquarters.slug if world.edition.headquarters else "",
        "practices_goodpractice": PracticeFactory().pk,
        "practices_concept": ConceptFactory().pk,
        "practices_event": event.pk,
        "practices_fruitlessquery": FruitlessQueryFactory().pk,
        "practices_publication": PublicationFactory().pk,
        "practices_recommendation": RecommendationFactory().pk,
        "practices_theme": ThemeFactory().pk,
        "universities_headquarters": HeadquartersFactory().pk,
        "universities_institution": InstitutionFactory().pk,
        "universities_programme": ProgrammeFactory(slug="next").pk,
        **places_of_the_survey(world),
        "auth_group": Group.objects.earliest("pk").pk,
        "auth_user": User.objects.earliest("pk").pk,
        "axes_accessattempt": 1,
        "axes_accessfailurelog": 1,
        "axes_accesslog": 1,
    }


def places_of_the_survey(world: World) -> dict[str, Any]:
    questionnaire = a_questionnaire(is_frozen=False)
    return {
        "asked_round": world.mail.invitation.round_id,
        "survey_caveat": CaveatFactory().pk,
        "survey_delivery": world.mail.pk,
        "survey_figure": FigureFactory().pk,
        "survey_indicator": IndicatorFactory().pk,
        "survey_questionnaire": questionnaire.pk,
        "survey_section": questionnaire.sections.get(code="A").pk,
        "survey_question": questionnaire.sections.get(code="D").questions.get(code="D1").pk,
        "survey_invitation": InvitationFactory().pk,
        "survey_response": a_response().pk,
        "survey_letter": Letter.objects.get().pk,
        "survey_release": ReleaseFactory().pk,
        "survey_round": RoundFactory().pk,
    }


def body(response: Any) -> bytes:
    """What was answered. Of an Office file what is in it: the wrapping holds the second in which it was made."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(BytesIO(content)) as office:
        return b"".join(office.read(name) for name in office.namelist() if name.endswith(".xml") and name != MADE)


def status(response: Any) -> int:
    """Of an answer read to its end: some hold an open file until then."""
    body(response)
    code: int = response.status_code
    return code


def test_table_lists_every_address_and_no_other() -> None:
    assert {row.name for row in TABLE} == resolver_names()


def test_addresses_answer_as_the_table_says(places: dict[str, Any], clients: dict[str, Client]) -> None:
    wrong = {}
    for row in TABLE:
        path = row.path.format(**places)
        found = tuple(status(clients[role].get(path)) for role in ROLES)
        if found != row.answers:
            wrong[row.path] = (found, row.answers)

    assert wrong == {}


def shown(row: Row, places: dict[str, Any], client: Client, canaries: list[str]) -> list[str]:
    """The canaries in an answer, but for those that the address itself asked for."""
    path = row.path.format(**places)
    text = body(client.get(path)).decode()
    return [canary for canary in canaries if canary in text and canary not in path]


@pytest.mark.parametrize("role", ROLES)
def test_nothing_unpublished_shows_on_a_public_address(
    role: str, world: World, places: dict[str, Any], clients: dict[str, Client]
) -> None:
    leaks = {row.path: shown(row, places, clients[role], world.canaries) for row in (*PAGES, *API)}

    assert {path: canaries for path, canaries in leaks.items() if canaries} == {}
    assert len(world.canaries) > 100


def test_staff_without_a_role_get_into_no_room_of_the_desk(world: World, places: dict[str, Any]) -> None:
    nobody = Client(raise_request_exception=False)
    nobody.force_login(staff())
    own = {"admin:index", "admin:jsi18n", "admin:password_change", "admin:password_change_done"}
    rows = [row for row in TABLE if row.name.startswith("admin:")]

    let_in = [row.name for row in rows if nobody.get(row.path.format(**places)).status_code == 200]

    assert set(let_in) - own == set()
    assert [row.path for row in rows if shown(row, places, nobody, world.canaries)] == []


def test_canaries_show_where_they_may(world: World, places: dict[str, Any], clients: dict[str, Client]) -> None:
    address = f"/admin/practices/goodpractice/{places['draft_pk']}/change/"

    text = clients["curator"].get(address).content.decode()

    assert world.hidden[0] in text
    assert len([canary for canary in world.canaries if canary in text]) > 20


@pytest.mark.parametrize(
    "path",
    ["", "survey/sih-fy2008/", "survey/sih-fy2008/s1a/", "themes/6/", "recommendations/6/", "practices/public-case/"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_searched_for_hidden_figures_show_the_public_one(
    path: str, language: str, world: World, client: Client
) -> None:
    assert "57%" in body(client.get(f"/{language}/{path}")).decode()


@pytest.mark.parametrize("why", ["unpublished", "superseded", "synthetic", "earlier", "next", "internal"])
def test_figures_that_are_not_public_show_at_the_desk(why: str, world: World, clients: dict[str, Client]) -> None:
    figure = world.secrets[why]

    text = body(clients["survey_manager"].get(f"/admin/survey/figure/{figure.pk}/change/")).decode()

    assert [value for value in ("987,654,321,012", figure.note_ja, figure.locator) if value not in text] == []


def test_public_pages_are_the_same_for_everybody(places: dict[str, Any], clients: dict[str, Client]) -> None:
    different = []
    for row in (*PAGES, *API):
        path = row.path.format(**places)
        if len({body(clients[role].get(path)) for role in ROLES}) > 1:
            different.append(row.path)

    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_and_description_of_a_page_are_plain_text_where_a_translation_is_missing(
    language: str, places: dict[str, Any], client: Client
) -> None:
    for model, field in ((Institution, "name"), *((model, "title") for model in TITLED)):
        model._default_manager.update(**{f"{field}_{language}": "", f"{field}_{other_language(language)}": "A & B"})
    paths = [row.path.format(**places) for row in PAGES if row.path.startswith(f"/{language}/")]
    pages = [body(client.get(path)) for path in paths]
    heads = [page.decode().partition("<body")[0] for page in pages if page.lower().startswith(b"<!doctype html")]

    said = [text for head in heads for text in re.findall(r'<title>(.*?)</title>|content="([^"]*)"', head, re.DOTALL)]
    assert [text for text in said if "<" in "".join(text) or "&lt;" in "".join(text)] == []
    assert len(heads) > 20
