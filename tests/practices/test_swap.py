"""Real threads: readers while versions are published, two publishers at once, a save against a submit."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from practices.models import Edition, GoodPractice
from practices.workflow import EditConflict, InvalidTransition, Steps, claim, take
from tests.factories.practices import PracticeFactory, publish, staff

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = 12  # of each reader at least, of three versions or more, while versions are published
MOST_VERSIONS = 400
NUMBER = re.compile(r"(?:wert|値)(\d+)")


def say(practice: GoodPractice, number: int) -> None:
    """Makes every text of the draft name `number`."""
    GoodPractice.objects.filter(pk=practice.pk).update(
        title_ja=f"値{number} 題名",
        title_en=f"wert{number} title",
        summary_ja=f"値{number}",
        summary_en=f"wert{number}",
    )
    for parts in (practice.actions, practice.effects):
        parts.update(text_ja=f"値{number}", text_en=f"wert{number}")


def in_thread(call: Callable[[], Any]) -> Any:
    """Calls with a connection of its own, which is closed afterwards."""
    try:
        return call()
    finally:
        connection.close()


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return, or the exception they raise, when they start at once."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return in_thread(call)
        except (InvalidTransition, EditConflict) as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def numbers_on_page(client: Client) -> set[str]:
    response = client.get("/ja/practices/a-case/")
    article = response.content.decode().partition("<article")[2].partition("</article>")[0]
    return {str(response.status_code), *NUMBER.findall(article)} - {"200"}


def numbers_in_api(client: Client) -> set[str]:
    response = client.get("/api/v1/practices/a-case/")
    names = NUMBER.findall(response.content.decode())
    return {str(response.status_code), *names, str(response.json().get("version"))} - {"200"}


def numbers_in_list(client: Client) -> set[str]:
    response = client.get("/api/v1/practices/?q=title")
    results = json.dumps(response.json().get("results"), ensure_ascii=False)
    return {str(response.status_code), *(NUMBER.findall(results) or ["missing"])} - {"200"}


def numbers_in_search(client: Client) -> set[str]:
    response = client.get("/ja/practices/?q=title&sort=title")
    cards = response.content.decode().partition('class="card')[2]
    return {str(response.status_code), *(NUMBER.findall(cards) or ["missing"])} - {"200"}


def numbers_in_export(client: Client) -> set[str]:
    response: Any = client.get("/api/v1/practices/?format=csv")
    text = b"".join(response.streaming_content).decode()
    return {str(response.status_code), *(NUMBER.findall(text) or ["missing"])} - {"200"}


READERS = [numbers_on_page, numbers_in_api, numbers_in_list, numbers_in_search, numbers_in_export]


def test_readers_see_the_old_version_or_the_new_one_and_never_none() -> None:
    practice, editor, done = PracticeFactory(slug="a-case"), staff("curator", "publisher"), Event()
    say(practice, 1)
    publish(practice)
    seen: dict[str, list[set[str]]] = {numbers.__name__: [] for numbers in READERS}

    def read(numbers: Callable[[Client], set[str]]) -> None:
        client = Client()
        while not done.is_set():
            seen[numbers.__name__].append(numbers(client))

    def publish_on() -> int:
        for number in range(2, MOST_VERSIONS):
            take(Steps.REVISE, practice=practice, by=editor, at=timezone.now())
            say(practice, number)
            for step in (Steps.SUBMIT, Steps.PUBLISH):
                take(step, practice=practice, by=editor, at=timezone.now())
            if all(len(answers) >= ANSWERS and versions_in(answers) > 2 for answers in seen.values()):
                break
        return number

    with ThreadPoolExecutor(len(READERS)) as pool:
        reading = [pool.submit(in_thread, partial(read, numbers)) for numbers in READERS]
        try:
            versions = publish_on()
        finally:
            done.set()
        for reader in reading:
            reader.result()

    possible = {str(number) for number in range(1, versions + 1)}
    wrong = {name: [found for found in answers if not is_one_of(found, possible)] for name, answers in seen.items()}
    assert wrong == {name: [] for name in seen}
    assert all(versions_in(answers) > 2 for answers in seen.values())


def versions_in(answers: list[set[str]]) -> int:
    return len({min(found) for found in [*answers]})


def is_one_of(found: set[str], possible: set[str]) -> bool:
    return len(found) == 1 and found <= possible


def test_two_publishers_at_once_make_one_edition() -> None:
    practice = PracticeFactory()
    take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=timezone.now())
    publishers = [staff("publisher"), staff("publisher")]

    results = together(
        *(lambda by=by: take(Steps.PUBLISH, practice=practice, by=by, at=timezone.now()) for by in publishers)
    )

    assert results.count(InvalidTransition) == 1
    assert [(edition.version, edition.retired_at) for edition in Edition.objects.all()] == [(1, None)]
    assert practice.transitions.filter(step="publish").count() == 1


def test_a_save_against_a_submit_is_kept_whole_or_refused() -> None:
    for _attempt in range(5):
        practice, curator = PracticeFactory(title_ja="元の題名"), staff("curator")

        def save(practice: GoodPractice = practice) -> str:
            claim(practice, 0)
            GoodPractice.objects.filter(pk=practice.pk).update(title_ja="直した題名")
            return "saved"

        def submit(practice: GoodPractice = practice, curator: Any = curator) -> str:
            take(Steps.SUBMIT, practice=practice, by=curator, at=timezone.now(), seen=0)
            return "submitted"

        results = together(save, submit)

        row = GoodPractice.objects.get(pk=practice.pk)
        assert results in (["saved", EditConflict], [EditConflict, "submitted"])
        assert (row.title_ja == "直した題名") == (results[0] == "saved")
        assert (row.status, row.edits) == ("in_review" if results[1] == "submitted" else "draft", 1)


def test_two_who_discard_and_save_at_once_lose_nothing_unseen() -> None:
    practice = publish(title_ja="公開の題名").draft
    draft = take(Steps.REVISE, practice=practice, by=staff("curator"), at=timezone.now())
    seen, curator = draft.edits, staff("curator")

    def save() -> str:
        claim(GoodPractice.objects.get(pk=draft.pk), seen)
        return "saved"

    def discard() -> str:
        take(Steps.DISCARD, practice=draft, by=curator, at=timezone.now(), seen=seen)
        return "discarded"

    assert together(save, discard) in (["saved", EditConflict], [EditConflict, "discarded"])
