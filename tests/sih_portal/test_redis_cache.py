"""A cache that does not answer is a miss, never an error."""

import socket
from collections.abc import Iterator

import pytest
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

from sih_portal import environment, kept
from sih_portal.redis_cache import ForgivingRedisCache

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead() -> Iterator[ForgivingRedisCache]:
    """At a port where nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"redis://127.0.0.1:{closed.getsockname()[1]}/0"
        yield ForgivingRedisCache(address, {})


def test_address_of_redis_names_the_forgiving_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHE_URL", "redis://127.0.0.1:6379/5")

    assert environment.cache("CACHE_URL", "") == {
        "BACKEND": "sih_portal.redis_cache.ForgivingRedisCache",
        "LOCATION": "redis://127.0.0.1:6379/5",
    }


def test_every_question_has_an_answer(dead: ForgivingRedisCache) -> None:
    questions = [
        lambda: dead.get("name", "default"),
        lambda: dead.get("name", default="default"),
        lambda: dead.set("name", 1),
        lambda: dead.add("name", 1),
        lambda: dead.touch("name"),
        lambda: dead.incr("name"),
        lambda: dead.delete("name"),
        lambda: dead.get_many(["name"]),
        lambda: dead.set_many({"name": 1}),
        lambda: dead.delete_many(["name"]),
        lambda: dead.has_key("name"),
        dead.clear,
        lambda: dead.get_or_set("name", "made"),
    ]
    answers = []
    for question in questions:
        dead.silent_until = 0
        answers.append(question())

    assert answers == ["default", "default", None, False, False, 0, False, {}, [], None, False, None, "made"]


def test_a_silent_cache_is_left_alone_for_a_while(dead: ForgivingRedisCache, caplog: pytest.LogCaptureFixture) -> None:
    for _time in range(3):
        dead.get("name")

    assert len(caplog.records) == 1


@pytest.mark.parametrize("address", ["/ja/", "/ja/practices/", "/api/v1/practices/", "/api/v1/schema/"])
def test_pages_and_api_answer_without_it(
    client: Client, dead: ForgivingRedisCache, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(kept, "cache", dead)
    monkeypatch.setattr(SimpleRateThrottle, "cache", dead)

    assert client.get(address).status_code == 200
