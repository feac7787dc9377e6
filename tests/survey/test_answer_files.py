"""The Excel form on the respondents' pages: taken away, brought back, looked at, decided, written; by them alone."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from survey import mailing
from survey.answering import save, sheet_of
from survey.models import Answer, InvitationLink, Response
from tests.factories.answers import a_response, a_round, answered, changes, the_form
from tests.factories.filled_forms import downloaded, fill, row_of, saved
from tests.factories.invitations import InvitationFactory
from tests.hostile_files import HostileFile, hostile_files

pytestmark = pytest.mark.django_db
UPLOAD = "/en/answer/upload/"
SHEET = "/en/answer/sheet.xlsx"
# How much is read in which time is held in tests/sih_portal/test_hostile_spreadsheets.py.
HOSTILE = [file for file in hostile_files() if not file.id.startswith("size-")]
MANY = {"Q1_hq": 1, "Q1_head": 2, "Q4_edu_2005": 1, "Q4_edu_2008": 2, "Q4_adm_2005": 3, "Q9_words": "x"}
BOUNDARY = "a-boundary-that-stands-in-no-file"
HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


@pytest.fixture
def response(client: Client) -> Response:
    """The client's own."""
    own = a_response(invitation__name_en="Hokkaido University")
    come_in(client, own)
    return own


def come_in(client: Client, response: Response) -> None:
    token = mailing.issue(response.invitation, at=timezone.now())
    assert client.get(f"/en/answer/open/{token}/").status_code == 302


def upload(
    client: Client, response: Response, book: Workbook | bytes, *, name: str = "form.xlsx", at: str = UPLOAD
) -> Any:
    content = book if isinstance(book, bytes) else saved(book).read()
    return client.post(at, {"response": response.public_id, "file": SimpleUploadedFile(name, content)})


def confirm(client: Client, preview: Any, **more: str) -> Any:
    """Presses the button of a preview; `Q6_count` stands for the choice of `Q6.count`."""
    hidden = dict(HIDDEN.findall(preview.content.decode()))
    chosen = {f"take.{code.replace('_', '.')}": choice for code, choice in more.items()}
    return client.post(UPLOAD, {name: hidden[name] for name in ("response", "rows", "seen")} | chosen)


def overtake(response: Response, code: str, text: str) -> None:
    form = the_form(response)
    seen = {code: sheet_of(response, form, is_pilot=False).entry(code).lock}
    save(response, changes(form, {code: text}, seen), form=form, by="同僚 一郎", at=timezone.now())


def numbers() -> dict[str, int | None]:
    return dict(Answer.objects.values_list("cell__code", "number"))


# Taken away


@pytest.mark.parametrize("language", ["ja", "en"])
def test_form_comes_with_the_answers_of_now(client: Client, response: Response, language: str) -> None:
    answered(response, {"Q6.count": "3"})

    page = client.get(f"/{language}/answer/sheet.xlsx")

    assert page["Content-Disposition"] == f'attachment; filename="{response.invitation.round.code}-1.xlsx"'
    assert page["Cache-Control"] == "no-store, private"
    assert page["Referrer-Policy"] == "no-referrer"
    sheet, row = row_of(load_workbook(BytesIO(page.getvalue())), "Q6.count")
    assert sheet[f"E{row}"].value == 3


@pytest.mark.parametrize("has_begun", [True, False])
def test_blank_form_holds_nobodys_answers(client: Client, has_begun: bool) -> None:
    invitation = a_response().invitation if has_begun else InvitationFactory(round=a_round())
    if has_begun:
        answered(invitation.response, {"Q6.count": "3"})
    client.get(f"/en/answer/open/{mailing.issue(invitation, at=timezone.now())}/")

    page = client.get(f"{SHEET}?blank=1" if has_begun else SHEET)

    sheet, row = row_of(load_workbook(BytesIO(page.getvalue())), "Q6.count")
    assert sheet[f"E{row}"].value is None
    assert page["Content-Disposition"].endswith('-blank.xlsx"')


@pytest.mark.parametrize("address", [SHEET, UPLOAD])
def test_files_are_for_those_with_a_link(client: Client, response: Response, address: str) -> None:
    InvitationLink.objects.update(revoked_at=timezone.now())

    assert client.get(address).status_code == 404
    assert Client().get(address).status_code == 404
    assert upload(client, response, b"a").status_code == 404


def test_nobody_uploads_before_beginning(client: Client) -> None:
    invitation = InvitationFactory(round=a_round())
    client.get(f"/en/answer/open/{mailing.issue(invitation, at=timezone.now())}/")

    assert client.get(UPLOAD)["Location"] == "/en/answer/"
    assert client.post(UPLOAD, {"response": ""}).status_code == 409


# Brought back


def test_upload_is_shown_first_and_written_when_confirmed(client: Client, response: Response) -> None:
    answered(response, {"Q4.edu.2005": "10"}, by="同僚 一郎")
    preview = upload(client, response, fill(downloaded(response), Q4_edu_2005=1100, Q4_edu_2008=1200))
    before = numbers()

    done = confirm(client, preview)

    text = preview.content.decode()
    assert preview.status_code == 200
    for told in (
        "2 answers are written.",
        "同僚 一郎",
        "<strong>1,100</strong>",
        "D Dispatch E4",
        "10 → <strong>1,100",
    ):
        assert told in text
    assert (before, numbers()) == ({"Q4.edu.2005": 10}, {"Q4.edu.2005": 1100, "Q4.edu.2008": 1200})
    assert done["Location"] == f"{UPLOAD}?written=2"
    assert "2 answers of the file were written." in client.get(done["Location"]).content.decode()


def test_checks_that_would_ask_are_told(client: Client, response: Response) -> None:
    preview = upload(client, response, fill(downloaded(response), Q4_edu_2005=10, Q4_edu_2008=100))

    assert "Please look again." in preview.content.decode()


def test_preview_speaks_japanese(client: Client, response: Response) -> None:
    page = upload(client, response, fill(downloaded(response), Q6_count=3), at="/ja/answer/upload/").content.decode()

    assert "取り込む内容の確認" in page
    assert "書き込む回答：1 件" in page


def test_button_pressed_twice_writes_once(client: Client, response: Response) -> None:
    preview = upload(client, response, fill(downloaded(response), Q6_count=3))

    done = [confirm(client, preview)["Location"] for _time in range(2)]

    assert done == [f"{UPLOAD}?written=1", f"{UPLOAD}?written=0"]
    assert Answer.objects.get().lock == 1


def test_file_that_says_nothing_new_offers_no_button(client: Client, response: Response) -> None:
    answered(response, {"Q6.count": "3"})

    text = upload(client, response, downloaded(response)).content.decode()

    assert "1 answer stays as it is." in text
    assert "The file says nothing that is not entered already." in text


def test_what_is_left_out_is_told(client: Client, response: Response) -> None:
    book = fill(fill(downloaded(response), Q6_count=3), "P", Q6_count="<b>要確認</b>")

    text = upload(client, response, book).content.decode()

    assert "There is no heading over this cell; it is not taken over." in text


def test_pages_cost_the_same_for_any_number(client: Client, response: Response, django_assert_num_queries: Any) -> None:
    few, many = (fill(downloaded(response), **said) for said in ({"Q6_count": 1}, MANY))

    with CaptureQueriesContext(connection) as queries:
        upload(client, response, few)
    with django_assert_num_queries(len(queries)):
        preview = upload(client, response, many)

    assert "6 answers are written." in preview.content.decode()


# Conflicts


def test_conflict_is_shown_with_both_answers_and_decided(client: Client, response: Response) -> None:
    answered(response, {"Q4.edu.2005": "10", "Q6.count": "3"})
    book = fill(downloaded(response), Q4_edu_2005=20, Q6_count=4)
    overtake(response, "Q4.edu.2005", "11")
    overtake(response, "Q6.count", "5")
    preview = upload(client, response, book)

    undecided = confirm(client, preview, Q4_edu_2005="file")
    done = confirm(client, undecided, Q4_edu_2005="file", Q6_count="stored")

    assert "2 answers differ from what was entered meanwhile: please choose." in preview.content.decode()
    assert undecided.status_code == 400
    assert 'name="take.Q4.edu.2005" value="file" required checked' in undecided.content.decode()
    assert undecided.content.decode().count("Please choose.") == 1
    assert (done.status_code, numbers()) == (302, {"Q4.edu.2005": 20, "Q6.count": 5})


def test_answers_that_changed_since_the_preview_are_shown_again(client: Client, response: Response) -> None:
    preview = upload(client, response, fill(downloaded(response), Q4_edu_2005=10, Q6_count=3))
    overtake(response, "Q6.count", "5")

    again = confirm(client, preview, Q6_count="file")

    assert again.status_code == 409
    assert "Somebody changed these answers meanwhile." in again.content.decode()
    assert numbers() == {"Q6.count": 5}
    assert confirm(client, again, Q6_count="file").status_code == 302
    assert numbers() == {"Q4.edu.2005": 10, "Q6.count": 3}


# Refused


def test_mistakes_are_told_with_their_places(client: Client, response: Response) -> None:
    page = upload(client, response, fill(downloaded(response), Q6_count="三", Q4_edu_2005=1))

    text = page.content.decode()
    assert page.status_code == 400
    assert "“三” is not a whole number. Write digits only." in text
    assert "<td>E10</td>" in text
    assert numbers() == {}


def test_upload_without_a_file_says_so(client: Client, response: Response) -> None:
    page = client.post(UPLOAD, {"response": response.public_id})

    assert (page.status_code, "Choose the file first." in page.content.decode()) == (400, True)


def test_upload_after_the_deadline_is_refused(client: Client, response: Response) -> None:
    preview = upload(client, response, fill(downloaded(response), Q6_count=3))
    type(response.invitation.round).objects.update(opens_at="2020-01-01T00:00Z", closes_at="2020-01-02T00:00Z")

    for page in (confirm(client, preview), upload(client, response, downloaded(response))):
        assert (page.status_code, "The deadline has passed." in page.content.decode()) == (409, True)
    assert "The deadline has passed." in client.get(UPLOAD).content.decode()
    assert numbers() == {}


@pytest.mark.parametrize("form", [{}, {"response": "0123456789abcdef"}])
def test_upload_of_another_tab_is_refused(client: Client, response: Response, form: dict[str, str]) -> None:
    page = client.post(UPLOAD, {**form, "file": SimpleUploadedFile("a.xlsx", saved(downloaded(response)).read())})

    assert page.status_code == 409


def test_preview_of_another_institution_is_refused(client: Client, response: Response) -> None:
    other, stranger = a_response(round=response.invitation.round), Client()
    come_in(stranger, other)
    preview = upload(stranger, other, fill(downloaded(other), Q6_count=3))
    hidden = dict(HIDDEN.findall(preview.content.decode()))

    page = client.post(UPLOAD, {**hidden, "response": response.public_id})

    assert page.status_code == 400
    assert "This preview can&#x27;t be used any more." in page.content.decode()
    assert numbers() == {}


@pytest.mark.parametrize("rows", ["", "x", "\x00", "\ud83d", "a:b:c"])
def test_preview_that_was_made_up_is_refused(client: Client, response: Response, rows: str) -> None:
    data = {"response": response.public_id, "rows": rows.encode("utf-8", "replace").decode(), "seen": ""}

    assert client.post(UPLOAD, data).status_code == 400


def test_form_of_another_institution_is_refused(client: Client, response: Response) -> None:
    other = a_response(round=response.invitation.round)

    page = upload(client, response, downloaded(other))

    assert page.status_code == 400
    assert "This file was made for another institution." in page.content.decode()


@pytest.mark.parametrize("written", ["", "x", "-1", "9" * 50, "１²"])
def test_number_of_answers_in_the_address_may_be_nonsense(client: Client, response: Response, written: str) -> None:
    assert client.get(UPLOAD, {"written": written}).status_code == 200


@pytest.mark.parametrize("family", sorted({file.id.partition("-")[0] for file in HOSTILE}))
def test_hostile_files_are_refused_with_a_reason(client: Client, response: Response, family: str) -> None:
    served = []
    for file in HOSTILE:
        if file.id.startswith(f"{family}-"):
            content = f"multipart/form-data; boundary={BOUNDARY}"
            page = client.post(UPLOAD, body_of(file, response), content_type=content)
            is_told = re.search('role="alert"|The request could not be understood', page.content.decode())
            served += [] if page.status_code == 400 and is_told else [(file.id, page.status_code)]

    assert served == []
    assert numbers() == {}


def body_of(file: HostileFile, response: Response) -> bytes:
    """As a browser sends it that lets any name pass."""
    name = (
        file.name.encode("utf-8", "surrogatepass").replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")
    )
    parts = [
        (b'name="response"', response.public_id.encode()),
        (b'name="file"; filename="%s"' % name, file.content),
    ]
    line = f"--{BOUNDARY}".encode()
    bodies = [b"%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (line, head, body) for head, body in parts]
    return b"".join(bodies) + line + b"--\r\n"


def test_many_hostile_files_were_uploaded() -> None:
    assert len(HOSTILE) >= 100
