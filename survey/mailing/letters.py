"""The letters of a round: their wording, and the names in braces that are filled in. Nothing else in braces is."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from sih_portal.language import in_language
from sih_portal.years import day_and_time
from survey.models import Invitation, Letter, LetterKind, Round, Snapshot, SnapshotStep

WORDING: Final = Path(__file__).parent / "wording.toml"
PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
LINE_END: Final = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

SHARED: Final = ("institution", "department", "contact_name", "round", "contact_email")
ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    LetterKind.INVITATION: (*SHARED, "deadline", "link"),
    LetterKind.REMINDER: (*SHARED, "deadline", "link"),
    LetterKind.RETURNED: (*SHARED, "deadline", "link", "questions"),
    LetterKind.RECEIPT: (*SHARED, "receipt", "link"),
    LetterKind.OFFICIAL: (*SHARED, "deadline"),
}
# Without these a letter of the kind does not do what it is for.
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    LetterKind.INVITATION: ("link",),
    LetterKind.REMINDER: ("link",),
    LetterKind.RETURNED: ("link", "questions"),
    LetterKind.RECEIPT: ("receipt",),
    LetterKind.OFFICIAL: (),
}
# A subject line shows in lists and logs of mail programs: no way in belongs there.
NOT_IN_SUBJECTS: Final = ("link", "questions")


@cache
def wording() -> Mapping[str, Mapping[str, str]]:
    """The portal's own text of each kind, and the words between: fields by their names."""
    with WORDING.open("rb") as file:
        kinds = tomllib.load(file)
    return {kind: {name: text.strip("\n") for name, text in fields.items()} for kind, fields in kinds.items()}


def letter_of(survey_round: Round, kind: str) -> Letter:
    """The round's letter; where the desk has written none, the portal's own, not stored. One query."""
    stored = Letter.objects.filter(round=survey_round, kind=kind).first()
    return stored or Letter(round=survey_round, kind=kind, **wording()[kind])


def keep_letter(survey_round: Round, kind: str) -> Letter:
    """This will store the round's letter, so that the desk can change it."""
    return Letter.objects.get_or_create(round=survey_round, kind=kind, defaults=wording()[kind])[0]


def mistakes(kind: str, text: str, *, is_subject: bool = False) -> Iterator[str]:
    """What is wrong with a text that the desk wrote, in words."""
    allowed = [name for name in ALLOWED[kind] if not (is_subject and name in NOT_IN_SUBJECTS)]
    found = PLACEHOLDER.findall(text)
    if set("{}") & set(PLACEHOLDER.sub("", text)) or not set(found) <= set(allowed):
        message = _("In braces only these are filled in here: %(names)s. Please write no other braces.")
        yield message % {"names": " ".join(f"{{{name}}}" for name in allowed)}
    if not is_subject:
        for name in NEEDED[kind]:
            if name not in found:
                yield _("The text needs %(name)s.") % {"name": f"{{{name}}}"}


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in, once: braces that a value brings along stay what they are.

    A line of nothing but placeholders that turn out empty is left out.
    """
    lines = []
    for line in text.splitlines():
        written = PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), line)
        if written.strip() or not line.strip():
            lines.append(written)
    return "\n".join(lines)


def values_of(invitation: Invitation, kind: str, language: str, link: str) -> dict[str, str]:
    """What is filled in for an invitation, in `language`. One query for `questions` and `receipt`, else none."""
    deadline = invitation.deadline
    with translation.override(language):
        values = {
            "institution": in_language(invitation, "name").value,
            "department": invitation.department,
            "contact_name": invitation.contact_name or word("somebody", language),
            "round": in_language(invitation.round, "title").value or invitation.round.code,
            "deadline": day_and_time(deadline) if deadline else word("no_deadline", language),
            "contact_email": contact_address(),
            "link": link,
        }
        if kind == LetterKind.RETURNED:
            values["questions"] = questions_about(invitation)
        if kind == LetterKind.RECEIPT:
            values["receipt"] = receipt_of(invitation)
        return values


def word(name: str, language: str) -> str:
    return wording()["words"][f"{name}_{language}"]


def contact_address() -> str:
    return settings.CONTACT_EMAIL or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def questions_about(invitation: Invitation) -> str:
    """What JSPS asked when it returned the answers last: a line for each question, with its code."""
    snapshot = _last_step(invitation, SnapshotStep.RETURNED)
    if snapshot is None:
        return ""
    remarks = snapshot.remarks.select_related("question").order_by("pk")
    asked = [(remark.question.code if remark.question else "", remark.text) for remark in remarks]
    return in_words([*asked, ("", snapshot.reason)])


def in_words(asked: Iterable[tuple[str, str]]) -> str:
    """Questions, each with the code of what it is about (empty: the whole), as a mail says them."""
    return "\n\n".join(": ".join(filter(None, (code, text))) for code, text in asked if text)


def receipt_of(invitation: Invitation) -> str:
    """The number of the receipt of the last submission: the hash of what was submitted."""
    snapshot = _last_step(invitation, SnapshotStep.SUBMITTED)
    return snapshot.sha256 if snapshot else ""


def _last_step(invitation: Invitation, step: str) -> Snapshot | None:
    return Snapshot.objects.filter(response__invitation=invitation, step=step).order_by("-pk").first()
