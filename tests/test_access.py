"""Every address answers each role as the access table says, and nothing unpublished shows anywhere."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from practices.models import Event, GoodPractice
from tests.access import API, PAGES, ROLES, TABLE, Row, resolver_names
from tests.canaries import World, make_world
from tests.factories.practices import (
    ConceptFactory,
    PracticeFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    staff,
)
from tests.factories.universities import HeadquartersFactory, InstitutionFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


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
        "draft_pk": GoodPractice.objects.get(slug=world.hidden[0]).pk,
        "institution": world.edition.institution.slug,
        "headquarters": world.edition.headquarters.slug if world.edition.headquarters else "",
        "practices_goodpractice": PracticeFactory().pk,
        "practices_concept": ConceptFactory().pk,
        "practices_event": event.pk,
        "practices_publication": PublicationFactory().pk,
        "practices_recommendation": RecommendationFactory().pk,
        "practices_theme": ThemeFactory().pk,
        "universities_headquarters": HeadquartersFactory().pk,
        "universities_institution": InstitutionFactory().pk,
        "universities_programme": ProgrammeFactory(slug="next").pk,
        "auth_group": Group.objects.earliest("pk").pk,
        "auth_user": User.objects.earliest("pk").pk,
        "axes_accessattempt": 1,
        "axes_accessfailurelog": 1,
        "axes_accesslog": 1,
    }


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_table_lists_every_address_and_no_other() -> None:
    assert {row.name for row in TABLE} == resolver_names()


def test_addresses_answer_as_the_table_says(places: dict[str, Any], clients: dict[str, Client]) -> None:
    wrong = {}
    for row in TABLE:
        path = row.path.format(**places)
        found = tuple(clients[role].get(path).status_code for role in ROLES)
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


def test_canaries_show_where_they_may(world: World, places: dict[str, Any], clients: dict[str, Client]) -> None:
    address = f"/admin/practices/goodpractice/{places['draft_pk']}/change/"

    text = clients["curator"].get(address).content.decode()

    assert world.hidden[0] in text
    assert len([canary for canary in world.canaries if canary in text]) > 20


def test_public_pages_are_the_same_for_everybody(places: dict[str, Any], clients: dict[str, Client]) -> None:
    different = []
    for row in (*PAGES, *API):
        path = row.path.format(**places)
        if len({body(clients[role].get(path)) for role in ROLES}) > 1:
            different.append(row.path)

    assert different == []
