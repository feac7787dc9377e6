"""Words beside the answers: what somebody says about a check that does not hold, and replies to what JSPS asked.

Like answers they are written under the lock of their response, and never over a colleague's unseen words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from survey.models import EditCheck, Explanation, Remark, Response, SnapshotStep

from .saving import LONGEST_NAME, locked

LONGEST_EXPLANATION: Final = 1_000


@dataclass(frozen=True)
class Said:
    """What somebody says about a check; no text confirms that the answers are right as they are.

    `values` are those it is about; `seen` is the digest of the explanation that was shown, "" where there was none.
    """

    check: EditCheck
    values: str
    text: str
    seen: str


@dataclass(frozen=True)
class Reply:
    """A reply to a remark of JSPS by its key; `seen` is the digest of the reply that was shown."""

    remark: int
    text: str
    seen: str


@transaction.atomic
def explain(
    response: Response, said: Sequence[Said], *, by: str, at: datetime, is_staff: bool = False
) -> dict[int, Explanation]:
    """This will keep what was said where nobody said otherwise since it was shown; sent twice, it does so once.

    Returned is what stands at the other checks, by their keys: nothing was written over it.

    :raises NotOpen: when nothing can be written into the response.
    """
    row = locked(response, at=at, is_staff=is_staff)
    checks = [one.check.pk for one in said]
    stored = {one.check_row_id: one for one in row.explanations.filter(check_row__in=checks).order_by("pk")}
    others, written = {}, []
    for one in said:
        explanation = stored.get(one.check.pk)
        is_about_these = explanation is not None and explanation.values == one.values
        if explanation and is_about_these and explanation.text == one.text:
            continue
        if explanation and is_about_these and explanation.digest != one.seen:
            others[one.check.pk] = explanation
            continue
        explanation = explanation or Explanation(response=row, check_row=one.check)
        explanation.values, explanation.text = one.values, one.text
        explanation.entered_by, explanation.entered_at = by[:LONGEST_NAME], at
        written.append(explanation)
    for explanation in written:
        explanation.save()
    if written:
        Response.objects.filter(pk=row.pk).update(saved_at=at)
    return others


def open_remarks(response: Response) -> list[Remark]:
    """What JSPS asked when it returned the answers, while it was the last step, with the questions. One query or two.

    Replies are written until the answers are submitted again.
    """
    last = response.snapshots.order_by("-pk").first()
    if last is None or last.step != SnapshotStep.RETURNED:
        return []
    return list(last.remarks.select_related("snapshot", "question__section").order_by("pk"))


@transaction.atomic
def reply(response: Response, replies: Sequence[Reply], *, by: str, at: datetime) -> dict[int, Remark]:
    """This will keep the replies where nobody replied otherwise since it was shown; sent twice, it does so once.

    Returned are the remarks with other replies, by their keys: nothing was written over them.

    :raises NotOpen: when nothing can be written into the response.
    """
    row = locked(response, at=at)
    remarks = {remark.pk: remark for remark in open_remarks(row)}
    others, written = {}, []
    for one in replies:
        remark = remarks.get(one.remark)
        if remark is None or remark.reply == one.text:
            continue
        if remark.digest != one.seen:
            others[remark.pk] = remark
            continue
        remark.reply, remark.replied_by, remark.replied_at = one.text, by[:LONGEST_NAME], at
        written.append(remark)
    Remark.objects.bulk_update(written, ["reply", "replied_by", "replied_at"])
    if written:
        Response.objects.filter(pk=row.pk).update(saved_at=at)
    return others
