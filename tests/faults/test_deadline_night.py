"""A shorter night of the deadline than the script's, on each database."""

import pytest

from tests.faults import deadline_night
from tests.faults.portal import Portal

CLIENTS = 24
SAVES = 8
SUBMISSIONS = 60


def test_saves_of_many_offices_survive_killed_processes(portal: Portal) -> None:
    came = deadline_night.saves(portal, clients=CLIENTS, each=SAVES)

    assert (came.complaints, came.faults) == ([], {})
    assert came.acknowledged == CLIENTS * SAVES
    assert came.kills > 0


def test_submissions_of_one_moment_give_one_receipt_each(portal: Portal) -> None:
    came = deadline_night.submissions(portal, count=SUBMISSIONS)

    assert (came.complaints, came.faults) == ([], {})
    assert came.acknowledged == SUBMISSIONS
    assert came.kills > 0


@pytest.mark.parametrize("make_portal", ["sqlite"], indirect=True)
def test_answer_that_got_lost_would_be_found(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline_night, "READ_ANSWERS", "print([[1, 1, 1]])")

    came = deadline_night.saves(portal, clients=1, each=2)

    assert len(came.complaints) == 1
