"""Rounds that are exported and imported again, as a browser does it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from survey import answering, recipients
from survey.models import Response, Round
from survey.questionnaires import Form, form_of
from tests.factories.answers import a_response, a_round, answered, the_form
from tests.survey.desk import address

# The cells that `COMPLETE` leaves out, and reasons for no answer.
GAPS = {
    "F4.name": "=国際 太郎",
    "Q1.hq": "2",
    "Q1.aims.people": "1",
    "Q1.aims.money": "分からない",
    "Q4.edu.2005": "0",
    "Q4.edu.2008": "90",
    "Q4.adm.2005": "集計していない",
    "Q4.adm.2008": "他の欄に含む",
    "Q6.count": "該当なし",
}


def accepted(said: dict[str, str], **values: Any) -> Response:
    response = a_response(**values)
    answered(response, said, by="国際 花子")
    fields = {"state": "accepted", "revision": 2, "is_on_paper": True, "submitted_at": timezone.now()}
    Response.objects.filter(pk=response.pk).update(**fields)
    return response


def explained(response: Response, text: str) -> None:
    check = the_form(response).checks[0].row
    said = answering.Said(check, "Q4.edu.2008=90;Q4.edu.2005=0", text, "")
    Response.objects.filter(pk=response.pk).update(state="returned")
    answering.explain(response, [said], by="国際 花子", at=timezone.now())
    Response.objects.filter(pk=response.pk).update(state="accepted")


def target(source: Round, **values: Any) -> Round:
    """A round in preparation that asks the same and has nobody on its list."""
    fields = {"state": "draft", "opens_at": None, "closes_at": None, "questionnaire": source.questionnaire, **values}
    return a_round(**fields)


def form_of_round(survey_round: Round) -> Form:
    assert survey_round.questionnaire
    return form_of(survey_round.questionnaire)


def with_the_list_of(source: Round, survey_round: Round) -> Round:
    """The same round, with the recipients of another one."""
    listed = ("name_ja", "name_en", "kind", "prefecture")
    rows = [
        recipients.Row(row.number, row.number, {name: getattr(row, name) for name in listed})
        for row in source.invitations.order_by("number")
    ]
    plan = recipients.diff(rows, survey_round)
    recipients.apply(plan, seen=plan.fingerprint)
    return survey_round


def file_of(client: Client, survey_round: Round, part: str, states: str = "accepted") -> bytes:
    where = address("round_export", survey_round.pk)
    answer: Any = client.post(where, {"states": states, "part": part})
    return b"".join(answer.streaming_content)


def upload(client: Client, survey_round: Round, content: bytes, name: str = "answers.csv") -> Any:
    return client.post(address("round_import", survey_round.pk), {"file": SimpleUploadedFile(name, content)})


def confirm(client: Client, preview: Any) -> Any:
    data = {"rows": preview.context["rows"], "seen": preview.context["plan"].fingerprint}
    return client.post(address("round_import", preview.context["original"].pk), data)


def take_over(client: Client, survey_round: Round, content: bytes, part: str) -> None:
    preview = upload(client, survey_round, content, "answers.xlsx" if part == "xlsx" else "answers.csv")
    assert preview.status_code == 200, preview.context["problems"]
    assert confirm(client, preview).status_code == 302


def stored(survey_round: Round) -> dict[int, dict[str, Any]]:
    """Of each number what its cells hold, but for blanks."""
    found: dict[int, dict[str, Any]] = {}
    for response in Response.objects.filter(invitation__round=survey_round).order_by("pk"):
        answers = response.answers.exclude(status="m").order_by("pk")
        columns = ("status", "number", "option__code", "text", "note")
        cells = {code: tuple(rest) for code, *rest in answers.values_list("cell__code", *columns)}
        found[response.invitation.number] = cells
    return found
