"""The way in: links that scanners open too, tokens that open nothing, cookies, and what nobody may keep."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import signing
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from sih_portal.signing_in import network
from sih_portal.tries import Limit
from survey import mailing
from survey.models import Invitation, InvitationLink, Response
from survey.views.answering import WRONG_TOKENS
from survey.views.respondent import COOKIE, COOKIE_AGE, SALT, mark_of
from tests.factories.answers import a_response, a_round
from tests.factories.invitations import InvitationFactory
from tests.sih_portal.test_views import Broken
from tests.survey.respondents import TOP, begin, came_in, section, send, submit, text_of, typed

pytestmark = pytest.mark.django_db
OTHER_SITE = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
PAGES = ("", "A/", "review/", "receipt/", "print/", "blank/", "leave/", "upload/", "sheet.xlsx", "nowhere/")
ODD_TOKENS = (
    *(
        "x",
        "x" * 43,
        "x" * 5000,
        "%00",
        "a%00b",
        "%ff%fe",
        "%ed%a0%80",
        "%E3%81%82",
        "a/b",
        "a%2Fb/c",
        "..",
        "/",
        "%0A",
    ),
    *("'%20or%201=1", "<script>", "x?y=z", "%F0%9F%98%80"),
)


@pytest.fixture
def invitation() -> Invitation:
    return InvitationFactory(round=a_round())


def link(invitation: Invitation, language: str = "ja") -> str:
    return f"/{language}/answer/open/{mailing.issue(invitation, at=timezone.now())}/"


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
    }


@pytest.mark.parametrize("language", ["ja", "en"])
def test_link_leads_to_an_address_without_its_token(client: Client, invitation: Invitation, language: str) -> None:
    response = client.get(link(invitation, language))

    assert (response.status_code, response["Location"]) == (302, f"/{language}/answer/")
    assert client.get(response["Location"]).status_code == 200


def test_cookie_is_out_of_reach_and_holds_no_token(client: Client, invitation: Invitation, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    address = link(invitation)

    cookie = client.get(address).cookies[COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert (cookie["path"], cookie["max-age"]) == ("/", COOKIE_AGE)
    assert signing.loads(cookie.value, salt=SALT) == {
        "link": invitation.links.get().pk,
        "mark": mark_of(invitation.links.get()),
        "name": "",
    }
    assert address.split("/")[-2] not in cookie.value


def test_scanners_change_nothing(invitation: Invitation) -> None:
    address = link(invitation)
    before = everything()

    answers = [Client().get(address), Client().head(address), Client().get(address), Client().get(address)]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert everything() == before
    assert came_in(invitation).get(TOP).status_code == 200


def test_reading_changes_nothing() -> None:
    response = a_response()
    client = came_in(response.invitation)
    before = everything()

    for path in PAGES:
        b"".join(client.get(f"{TOP}{path}"))
        b"".join(client.head(f"{TOP}{path}"))

    assert everything() == before


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_link_is_opened_by_get_alone(client: Client, invitation: Invitation, method: str) -> None:
    assert getattr(client, method)(link(invitation)).status_code == 405


@pytest.mark.parametrize("language", ["ja", "en"])
def test_tokens_that_open_nothing_get_one_answer(client: Client, language: str) -> None:
    pages = []
    for token in ODD_TOKENS:
        cache.clear()
        pages.append(client.get(f"/{language}/answer/open/{token}"))

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert {len(page.cookies) for page in pages} == {0}


def test_revoked_link_gets_the_same_answer_as_a_wrong_one(client: Client, invitation: Invitation) -> None:
    address = link(invitation)
    mailing.revoke(invitation, at=timezone.now())

    page = client.get(address)

    assert page.status_code == 404
    assert page.content == client.get(f"{TOP}open/wrong/").content == client.get(TOP).content


def test_link_without_its_last_slash_opens_too(client: Client, invitation: Invitation) -> None:
    assert client.get(link(invitation).removesuffix("/"))["Location"] == TOP


def test_token_is_on_no_page_that_its_address_leads_to(client: Client, invitation: Invitation) -> None:
    address = link(invitation)
    token = address.split("/")[-2]

    answers = [
        client.get(f"{address}?q=%00"),
        client.get(f"{address}more/"),
        client.get(f"/ja/answer//open/{token}/"),
        client.get(f"/answer/open/{token}/"),
        client.post(address),
        Client(enforce_csrf_checks=True).post(address),
    ]
    with connection.execute_wrapper(Broken(OperationalError("gone"))):
        answers.append(Client(raise_request_exception=False).get(address))

    assert [answer.status_code for answer in answers] == [400, 404, 404, 404, 405, 403, 503]
    assert [answer for answer in answers if token in text_of(answer) + str(answer.headers)] == []


def test_wrong_tokens_are_throttled_by_network(invitation: Invitation) -> None:
    address = link(invitation)
    here, elsewhere = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")

    statuses = [here.get(f"{TOP}open/wrong-{number}/").status_code for number in range(WRONG_TOKENS.most)]
    held = [here.get(f"{TOP}open/wrong/"), here.get(address)]

    assert set(statuses) == {404}
    assert [page.status_code for page in held] == [429, 429]
    assert 0 < int(held[0]["Retry-After"]) <= WRONG_TOKENS.window
    assert "Too many links" in text_of(held[0])
    assert held[0]["Cache-Control"] == "no-store, private"
    assert elsewhere.get(address).status_code == 302


def test_throttle_ends_with_its_window(rf: Any) -> None:
    limit, request, at = Limit("tested", most=1, window=600), rf.get("/"), timezone.now()
    limit.count(request, at=at)

    assert 0 < limit.wait(request, at=at) <= 600
    assert limit.wait(request, at=at + timedelta(seconds=600)) == 0


def test_nobody_is_throttled_where_the_network_is_not_known(rf: Any) -> None:
    limit, request, at = Limit("tested", most=1, window=600), rf.get("/", REMOTE_ADDR=""), timezone.now()
    limit.count(request, at=at)

    assert network(request) is None
    assert limit.wait(request, at=at) == 0


def test_cookie_of_a_revoked_link_opens_nothing(invitation: Invitation) -> None:
    client = came_in(invitation)
    mailing.revoke(invitation, at=timezone.now())

    assert {client.get(f"{TOP}{page}").status_code for page in PAGES} == {404}


def test_reissued_link_opens_the_same_answers() -> None:
    response = a_response()
    typed(came_in(response.invitation), "D", {"v.Q6.count": "7"})
    mailing.revoke(response.invitation, at=timezone.now())

    assert section(came_in(response.invitation), "D")["v.Q6.count"] == ["7"]


@pytest.mark.parametrize("cookie", ["", "x", "e30:1abc:def", "\x00", "a" * 4000])
def test_cookie_that_is_not_ours_opens_nothing(client: Client, cookie: str) -> None:
    client.cookies[COOKIE] = cookie

    assert client.get(TOP).status_code == 404


@pytest.mark.parametrize(
    "told",
    [
        {"link": 1},
        {"name": ""},
        [1],
        "1",
        {"link": "1", "mark": 3, "name": 2},
        {"link": 1, "name": ""},
        {"link": 2**70, "mark": "", "name": ""},
    ],
)
def test_cookie_signed_for_something_else_opens_nothing(client: Client, told: Any) -> None:
    client.cookies[COOKIE] = signing.dumps(told, salt=SALT)

    assert client.get(TOP).status_code == 404


def test_cookie_of_another_purpose_opens_nothing(client: Client, invitation: Invitation) -> None:
    client.get(link(invitation))
    told = signing.loads(client.cookies[COOKIE].value, salt=SALT)
    client.cookies[COOKIE] = signing.dumps(told, salt="survey.upload")

    assert client.get(TOP).status_code == 404


def test_cookie_outlives_the_exchange_of_the_key(invitation: Invitation, settings: Any) -> None:
    client = came_in(invitation)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]

    assert client.get(TOP).status_code == 200


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_answers_are_kept_by_nobody(path: str, language: str) -> None:
    response = a_response()
    answers = [client.get(f"/{language}/answer/{path}") for client in (came_in(response.invitation), Client())]

    for answer in answers:
        b"".join(answer)
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"
        assert "ETag" not in answer.headers


def test_answer_is_never_called_unchanged(client: Client, invitation: Invitation) -> None:
    browser = came_in(invitation)

    assert browser.get(TOP, headers={"If-None-Match": "*"}).status_code == 200


def test_form_of_a_page_without_referrer_is_taken(invitation: Invitation) -> None:
    client = came_in(invitation)
    client.defaults |= {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"}

    assert begin(client).status_code == 302
    assert Response.objects.get().invitation == invitation


def test_form_from_another_site_is_refused(invitation: Invitation) -> None:
    client = came_in(invitation)

    for headers in (OTHER_SITE, OTHER_SITE | {"Origin": "null"}):
        client.defaults |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        assert begin(client).status_code == 403
    assert not Response.objects.exists()


def test_form_without_its_token_gives_back_what_was_typed() -> None:
    client = came_in(a_response().invitation)

    page = client.post(f"{TOP}D/", {"v.Q9.words": "長い文章"})

    assert page.status_code == 403
    assert "長い文章" in text_of(page)


def test_visit_keeps_no_session(invitation: Invitation) -> None:
    client = came_in(invitation, name="佐藤")
    typed(client, "D", {"v.Q6.count": "1"})
    submit(client)

    assert set(client.cookies) == {COOKIE, "csrftoken"}


def test_whoever_leaves_needs_the_link_again(invitation: Invitation) -> None:
    client = came_in(invitation)
    token = client.get(f"{TOP}leave/").context["csrf_token"]

    page = client.post(f"{TOP}leave/", {"csrfmiddlewaretoken": token})

    assert page.status_code == 200
    assert client.get(TOP).status_code == 404


def test_name_is_kept_for_the_same_institution_only() -> None:
    response, other = a_response(), a_response()
    client = came_in(response.invitation, name="佐藤")

    client.get(link(response.invitation))
    kept = client.cookies[COOKIE].value
    client.get(link(other.invitation))

    assert signing.loads(kept, salt=SALT)["name"] == "佐藤"
    assert signing.loads(client.cookies[COOKIE].value, salt=SALT)["name"] == ""


def test_cookie_of_a_link_that_a_restore_took_away_opens_no_other_that_got_its_key() -> None:
    client = came_in(a_response().invitation)

    InvitationLink.objects.update(token_hash="1" * 64, issued_at=timezone.now() + timedelta(seconds=1))

    assert client.get(TOP).status_code == 404


def test_nothing_of_another_institution_is_reached() -> None:
    own, other = a_response(), a_response()
    typed(came_in(other.invitation), "D", {"v.Q9.words": "canary-of-another"})
    client = came_in(own.invitation)

    pages = [client.get(f"{TOP}{page}?response={other.public_id}&revision=1") for page in PAGES[:-1]]
    refused = send(client, "D", section(client, "D") | {"response": other.public_id}, **{"v.Q6.count": "1"})

    assert [page for page in pages if "canary-of-another" in repr(b"".join(page))] == []
    assert refused.status_code == 409
    assert not own.answers.exists()
