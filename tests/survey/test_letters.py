"""Links and letters: who comes in by which token, and what a letter may say."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from survey import mailing
from survey.mailing.letters import ALLOWED, filled, mistakes, wording
from survey.mailing.links import digest
from survey.models import InvitationLink, LetterKind
from tests.factories.invitations import InvitationFactory, OpenRoundFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DEADLINE = datetime(2026, 12, 18, 17, tzinfo=ZoneInfo("Asia/Tokyo"))
OPENING = DEADLINE - timedelta(days=30)


def test_token_opens_its_link_until_it_is_revoked() -> None:
    invitation = InvitationFactory()

    first, second = mailing.issue(invitation, at=NOW), mailing.issue(invitation, at=NOW)
    found = [mailing.find_link(token) for token in (first, second)]
    revoked = mailing.revoke(invitation, at=NOW)

    assert [link.invitation for link in found if link] == [invitation, invitation]
    assert revoked == 2
    assert [mailing.find_link(token) for token in (first, second)] == [None, None]


def test_token_has_256_bits_and_is_stored_nowhere() -> None:
    token = mailing.issue(InvitationFactory(), at=NOW)

    stored = InvitationLink.objects.values().get()

    assert len(token) == 43
    assert stored["token_hash"] == digest(token)
    assert token not in str(stored)


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 10_000, "\x00", "\ud800", "本部"])
def test_unknown_token_opens_nothing(token: str) -> None:
    mailing.issue(InvitationFactory(), at=NOW)

    assert mailing.find_link(token) is None


def test_stored_hash_is_no_token() -> None:
    token = mailing.issue(InvitationFactory(), at=NOW)

    assert mailing.find_link(digest(token)) is None


@pytest.mark.parametrize("kind", LetterKind.values)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_own_wording_passes_its_own_test(kind: str, language: str) -> None:
    text = wording()[kind]

    found = [*mistakes(kind, text[f"subject_{language}"], is_subject=True), *mistakes(kind, text[f"body_{language}"])]

    assert found == []


@pytest.mark.parametrize(
    "attack",
    [
        *("{{link}}", "{link.__class__}", "{link!r}", "{link[0]}", "{0}", "{}", "{", "}", "{ link }", "{token}"),
        *("{{ settings.SECRET_KEY }}", "{% debug %}", "{event.__init__.__globals__}", "{Link}", "{questions}"),
    ],
)
def test_braces_that_are_not_allowed_are_refused_with_those_that_are(attack: str) -> None:
    with translation.override("en"):
        (message,) = mistakes(LetterKind.INVITATION, f"{{link}} {attack}")

    assert message == (
        "In braces only these are filled in here: {institution} {department} {contact_name} {round} {contact_email} "
        "{deadline} {link}. Please write no other braces."
    )


@pytest.mark.parametrize("attack", ["%(link)s", "%s", "$link", "<b>"])
def test_what_other_languages_fill_in_stays_as_it_is(attack: str) -> None:
    assert list(mistakes(LetterKind.INVITATION, f"{attack} {{link}}")) == []
    assert filled(attack, {"link": "https://example.org/"}) == attack


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("invitation", "link"),
        ("reminder", "link"),
        ("returned", "link"),
        ("returned", "questions"),
        ("receipt", "receipt"),
    ],
)
def test_letter_without_what_it_is_for_is_refused(kind: str, needed: str) -> None:
    text = " ".join(f"{{{name}}}" for name in ALLOWED[kind] if name != needed)

    with translation.override("en"):
        assert list(mistakes(kind, text)) == [f"The text needs {{{needed}}}."]


def test_way_in_stands_in_no_subject() -> None:
    assert len(list(mistakes(LetterKind.INVITATION, "{link}", is_subject=True))) == 1


def test_braces_in_a_name_are_not_filled_in() -> None:
    invitation = InvitationFactory(name_ja="{link}大学", contact_name="{0.__class__}")

    written = mailing.write(mailing.letter_of(invitation.round, "invitation"), invitation, token="secret")

    assert "{link}大学\n国際課\n{0.__class__} 様" in written.body


def test_line_of_empty_values_is_left_out() -> None:
    invitation = InvitationFactory(department="", contact_name="")

    written = mailing.write(mailing.letter_of(invitation.round, "invitation"), invitation)

    assert f"{invitation.name_ja}\n御担当者 様" in written.body


@pytest.mark.parametrize(("language", "first", "second"), [("ja", "平素より", "Dear"), ("en", "Dear", "平素より")])
def test_mail_is_in_both_languages_its_own_first(language: str, first: str, second: str) -> None:
    invitation = InvitationFactory(language=language, round__opens_at=OPENING, round__closes_at=DEADLINE)

    written = mailing.write(mailing.letter_of(invitation.round, "invitation"), invitation, token="secret")

    assert written.body.index(first) < written.body.index(second)
    assert "2026年12月18日（金）17:00" in written.body
    assert "18 December 2026, 17:00 (JST)" in written.body
    assert ("依頼" in written.subject) is (language == "ja")


def test_links_point_to_the_portal_in_each_language(settings: Any) -> None:
    settings.SITE_URL = "https://sih.example.ac.jp"
    invitation = InvitationFactory()

    written = mailing.write(mailing.letter_of(invitation.round, "reminder"), invitation, token="secret")

    assert "\nhttps://sih.example.ac.jp/ja/answer/open/secret/\n" in written.body
    assert "\nhttps://sih.example.ac.jp/en/answer/open/secret/\n" in written.body


def test_extended_deadline_is_the_one_in_the_letter() -> None:
    earlier = DEADLINE - timedelta(days=7)
    invitation = InvitationFactory(due_at=DEADLINE, round__opens_at=OPENING, round__closes_at=earlier)

    written = mailing.write(mailing.letter_of(invitation.round, "reminder"), invitation)

    assert "2026年12月18日（金）17:00" in written.body


def test_letter_of_the_desk_takes_the_place_of_ours() -> None:
    survey_round = OpenRoundFactory()
    kept = mailing.keep_letter(survey_round, "invitation")
    kept.body_ja = "新しい本文 {link}"
    kept.save()

    assert mailing.letter_of(survey_round, "invitation").body_ja == "新しい本文 {link}"
    assert mailing.keep_letter(survey_round, "invitation") == kept
