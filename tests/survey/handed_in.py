"""Responses that institutions handed in, and the pages of their steps at the desk."""

from typing import Any

from django.test import Client
from django.utils import timezone

from survey import answering, workflow
from survey.answering import Said, sheet_of
from survey.models import Response, Snapshot
from survey.workflow import Actor
from tests.factories.answers import COMPLETE, a_response, answered, changes, the_form
from tests.survey.desk import address

OFFICE = Actor("国際 花子")
# One check that does not hold: three times as many as before, and more than 20.
JUMP = {**COMPLETE, "Q4.edu.2008": "99"}


def submit(response: Response) -> Snapshot:
    response.refresh_from_db()
    form = the_form(response)
    seen = sheet_of(response, form, is_pilot=response.invitation.is_pilot).fingerprint
    return workflow.submit(response, form=form, seen=seen, revision=response.revision, actor=OFFICE, at=timezone.now())


def submitted(said: dict[str, str] = COMPLETE, **values: Any) -> Response:
    response = a_response(**values)
    answered(response, said, by=OFFICE.name)
    explain(response)
    submit(response)
    response.refresh_from_db()
    return response


def explain(response: Response) -> None:
    for finding in sheet_of(response, the_form(response), is_pilot=False).unsettled:
        said = Said(finding.check.row, finding.values, "新学部の設置", "")
        answering.explain(response, [said], by=OFFICE.name, at=timezone.now())


def submitted_again(response: Response) -> None:
    """The institution takes its answers back, changes one, and submits them once more."""
    form, now = the_form(response), timezone.now()
    workflow.take_back(response, form=form, actor=OFFICE, at=now)
    answering.save(response, changes(form, {"Q6.count": "9"}, {"Q6.count": 1}), form=form, by=OFFICE.name, at=now)
    submit(response)


def state_of(response: Response) -> str:
    response.refresh_from_db()
    return response.state


def page_of(client: Client, name: str, response: Response) -> Any:
    return client.get(address(f"response_{name}", response.pk))


def hidden(page: Any) -> dict[str, Any]:
    """What the form of a step carries along."""
    found = page.context["found"]
    return {"seen": found.last_key, "revision": found.response.revision}
