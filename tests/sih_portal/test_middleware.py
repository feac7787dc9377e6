"""What happens to every request."""

import pytest
from django.test import Client

from tests.factories.practices import archive, publish


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ja/", "/ja/practices/gone/", "/api/v1/practices/gone/", "/api/v1/practices/"])
def test_answers_are_asked_for_again(client: Client, path: str) -> None:
    archive(publish(slug="gone"))

    response = client.get(path)

    assert response.headers["Cache-Control"] == "no-cache"


def test_answer_that_must_not_be_kept_stays_so(client: Client) -> None:
    assert "no-store" in client.get("/healthz").headers["Cache-Control"]
