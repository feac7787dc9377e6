"""The list of recipients at the desk: shown first, then written as it was shown."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from survey.models import Invitation
from tests.factories.invitations import OpenRoundFactory
from tests.hostile_files import hostile_files
from tests.survey.desk import address, logged_in, text_of

pytestmark = pytest.mark.django_db
SHEET = "番号,機関名,設置形態,メールアドレス\n1,ある大学,国立大学,office@example.ac.jp\n2,別の大学,私立大学,\n"


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


def upload(client: Client, survey_round: Any, content: bytes, name: str = "list.csv") -> Any:
    return client.post(address("round_recipients", survey_round.pk), {"file": SimpleUploadedFile(name, content)})


def confirm(client: Client, preview: Any) -> Any:
    rows, seen = preview.context["rows"], preview.context["plan"].fingerprint
    return client.post(address("round_recipients", preview.context["original"].pk), {"rows": rows, "seen": seen})


def test_list_is_shown_before_it_is_written(manager: Client) -> None:
    survey_round = OpenRoundFactory()

    preview = upload(manager, survey_round, SHEET.encode())
    before = Invitation.objects.count()
    answer = confirm(manager, preview)

    assert (preview.status_code, before, answer.status_code) == (200, 0, 302)
    assert list(Invitation.objects.order_by("number").values_list("name_ja", flat=True)) == ["ある大学", "別の大学"]


def test_prefectures_are_shown_by_their_names(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    sheet = "番号,機関名,設置形態,都道府県\n1,ある大学,国立大学,{}\n"

    added = upload(manager, survey_round, sheet.format("愛知").encode())
    confirm(manager, added)
    changed = upload(manager, survey_round, sheet.format("14").encode())

    assert "<td>Aichi</td>" in text_of(added)
    assert ["<td>Aichi</td>" in text_of(changed), "<td>Kanagawa</td>" in text_of(changed)] == [True, True]


def test_list_with_one_wrong_cell_is_refused_whole_with_its_place(manager: Client) -> None:
    answer = upload(manager, OpenRoundFactory(), SHEET.replace("私立大学", "大学院").encode())

    assert answer.status_code == 400
    assert [(row.row, row.column) for row in answer.context["problems"]] == [(3, "C")]
    assert Invitation.objects.count() == 0


def test_list_that_somebody_else_changed_is_shown_again(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    preview, other = (upload(manager, survey_round, SHEET.encode()) for _ in range(2))
    confirm(manager, other)

    answer = confirm(manager, preview)

    assert answer.status_code == 409
    assert len(answer.context["plan"].unchanged) == 2


def test_preview_of_somebody_else_or_another_round_is_refused(manager: Client) -> None:
    preview = upload(manager, OpenRoundFactory(), SHEET.encode())
    data = {"rows": preview.context["rows"], "seen": preview.context["plan"].fingerprint}

    answers = [
        manager.post(address("round_recipients", OpenRoundFactory().pk), data),
        logged_in("survey_manager").post(address("round_recipients", preview.context["original"].pk), data),
        manager.post(address("round_recipients", preview.context["original"].pk), data | {"rows": "forged"}),
    ]

    assert [answer.status_code for answer in answers] == [400] * 3
    assert Invitation.objects.count() == 0


def test_list_of_a_round_that_is_over_stays(manager: Client) -> None:
    answer = upload(manager, OpenRoundFactory(state="closed"), SHEET.encode())

    assert answer.status_code == 409
    assert Invitation.objects.count() == 0


def test_hostile_names_are_shown_as_text(manager: Client) -> None:
    hostile = SHEET.replace("ある大学", "<img src=x onerror=alert(1)>").replace("私立大学", "<script>alert(2)</script>")

    shown = upload(manager, OpenRoundFactory(), hostile.encode())
    preview = upload(manager, OpenRoundFactory(), hostile.replace("<script>alert(2)</script>", "私立大学").encode())

    assert (shown.status_code, preview.status_code) == (400, 200)
    assert [page for page in (shown, preview) if re.search("<img src=x|<script>alert", text_of(page))] == []


def test_hostile_files_end_on_a_page_that_says_why(manager: Client) -> None:
    """Those that the reader refuses are its own tests' business; of them some."""
    files = hostile_files()
    refused = [file for file in files if file.expect == "refused"]
    survey_round, wrong = OpenRoundFactory(), {}
    for file in [*refused[::25], *(file for file in files if file.expect == "read")]:
        name = file.name.encode(errors="replace").decode().rpartition("/")[2] or "file"
        answer = upload(manager, survey_round, file.content, name)
        if answer.status_code != 400 or not (answer.context["problems"] or answer.context["form"].errors):
            wrong[file.id] = answer.status_code

    assert wrong == {}
    assert Invitation.objects.count() == 0
