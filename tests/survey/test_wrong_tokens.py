"""Ten thousand tokens that nobody was sent: one answer to all of them, and a pause for each network that guesses."""

import secrets
from collections import Counter

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone

from survey.views.answering import WRONG_TOKENS, open_link

TOKENS = 10_000
# From each network some more than it may try.
FROM_EACH = WRONG_TOKENS.most + 10


@pytest.mark.django_db
@time_machine.travel(timezone.now().replace(minute=1), tick=False)
def test_ten_thousand_wrong_tokens_get_one_answer_and_a_pause(rf: RequestFactory) -> None:
    heard: Counter[tuple[int, bytes]] = Counter()

    for number in range(TOKENS):
        place = number // FROM_EACH
        token = secrets.token_urlsafe(32)
        request = rf.get(f"/ja/answer/open/{token}/", REMOTE_ADDR=f"198.51.{place // 250}.{place % 250 + 1}")
        answer = open_link(request, token)
        heard[answer.status_code, answer.content] += 1

    networks = TOKENS // FROM_EACH
    assert sorted((status, count) for (status, _page), count in heard.items()) == [
        (404, networks * WRONG_TOKENS.most),
        (429, networks * 10),
    ]
