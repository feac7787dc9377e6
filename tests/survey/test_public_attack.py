"""Random rounds in public: whoever reads everything, after each of two releases, and solves it learns of nobody.

`PUBLIC_ATTACK_ROUNDS` says how many rounds of each topic, for a long run.
"""

import os
from typing import Final

import pytest
from django.contrib.auth.models import User
from django.test import Client

from survey.models import Calculation
from tests.factories.staff import StaffFactory

from .public_reading import LANGUAGES
from .public_rounds import Story, random_story

pytestmark = pytest.mark.django_db
ROUNDS: Final = int(os.environ.get("PUBLIC_ATTACK_ROUNDS", "8"))
# Figures of different topics have no answer in common: each topic is a world of its own, and faster alone.
TOPICS: Final = {
    "dispatch": ("r0", "t4", "g4", "q4"),
    "reception": ("r0", "g5", "t6", "g6", "q6"),
    "centres": ("r0", "s7", "d7", "c7"),
}


@pytest.fixture
def manager() -> User:
    return StaffFactory(roles=["survey_manager"])


def only(topic: str) -> None:
    Calculation.objects.exclude(indicator__code__in=TOPICS[topic]).delete()


@pytest.mark.parametrize("topic", TOPICS)
def test_nobody_is_revealed_in_public(loaded_source: None, manager: User, client: Client, topic: str) -> None:
    """Pages are read of the first round alone, which takes most of the time; files and the API of all."""
    only(topic)
    found: dict[int, object] = {}
    stories: list[Story] = []

    for seed in range(ROUNDS):
        story = random_story(seed, manager, client, languages=LANGUAGES if seed == 0 else ())
        stories.append(story)
        found[seed] = story.revealed() or story.faults

    assert {seed: what for seed, what in found.items() if what} == {}
    assert_much_is_told(stories)


def assert_much_is_told(stories: list[Story]) -> None:
    """Most rounds are published, some of them twice, and neither everything nor nothing is withheld."""
    releases = [len(story.reads) for story in stories]
    marks = [one.is_withheld for story in stories for read in story.reads for one in read.statements]
    assert len([count for count in releases if count]) >= 0.9 * len(stories)
    assert len([count for count in releases if count == 2]) >= 0.25 * len(stories)
    assert 0.1 < sum(marks) / len(marks) < 0.7
