"""What an institution answers: one row for each cell it touched, and a whole copy of each step of its response."""

import hashlib
import secrets
from typing import ClassVar, Final, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .invitation import Invitation
from .questionnaire import Cell, EditCheck, Option, Question


class ResponseState(models.TextChoices):
    DRAFT = "draft", _("being answered")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned with questions")
    ACCEPTED = "accepted", _("accepted")


TAKEN_BACK: Final = _("taken back by the institution")


class Status(models.TextChoices):
    """Whether a cell holds a value, and if not why: the codes of ETER, and `u`. 0 is a value, blank is `m`."""

    OK = "ok", _("answered")
    MISSING = "m", _("no answer")
    NOT_APPLICABLE = "a", _("not applicable")
    ELSEWHERE = "x", _("included elsewhere")
    NOT_COLLECTED = "nc", _("not collected")
    UNKNOWN = "u", _("do not know")


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def new_public_id() -> str:
    return secrets.token_hex(8)


class ResponseQuerySet(models.QuerySet["Response"]):
    def answered(self) -> Self:
        """Those that count as answers: submitted, and not sent back."""
        return self.filter(state__in=[ResponseState.SUBMITTED, ResponseState.ACCEPTED])


class Response(models.Model):
    """`revision` counts submissions. `public_id` names it in files and on people's own machines; it opens nothing.

    `is_taken_back` tells a response that the institution itself took back from one that JSPS returned.
    """

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="response", verbose_name=_("invitation"))
    public_id = models.CharField(_("public id"), max_length=16, unique=True, default=new_public_id, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=ResponseState, default=ResponseState.DRAFT)
    revision = models.PositiveSmallIntegerField(_("times submitted"), default=0)
    is_on_paper = models.BooleanField(_("answered on paper"), default=False)
    is_taken_back = models.BooleanField(_("taken back"), default=False)
    opened_at = models.DateTimeField(_("opened at"))
    saved_at = models.DateTimeField(_("last saved at"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("last submitted at"), null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "submitted", "returned", "accepted"]),
                name="%(app_label)s_%(class)s_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", revision=0, submitted_at__isnull=True)
                | ~models.Q(state="draft") & models.Q(revision__gt=0, submitted_at__isnull=False),
                name="%(app_label)s_%(class)s_counts_its_submissions",
            ),
            models.CheckConstraint(
                condition=models.Q(is_taken_back=False) | models.Q(state="returned"),
                name="%(app_label)s_%(class)s_is_taken_back_while_it_is_out",
            ),
        ]

    def __str__(self) -> str:
        return str(self.invitation)

    @property
    def state_label(self) -> str:
        """The state in words; an institution that took its answers back was asked nothing."""
        return str(TAKEN_BACK if self.is_taken_back else ResponseState(self.state).label)


class Answer(models.Model):
    """What stands in one cell. `lock` grows with each change of it, so that nobody overwrites a colleague unseen.

    `note` holds the words that an option asks for. `entered_by` is the name somebody gave, or a member of staff's.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", verbose_name=_("response"))
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="+", verbose_name=_("cell"))
    status = models.CharField(_("status"), max_length=2, choices=Status)
    number = models.BigIntegerField(_("whole number"), null=True, blank=True)
    option = models.ForeignKey(
        Option, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("option")
    )
    text = models.TextField(_("text"), blank=True)
    note = models.CharField(_("in words"), max_length=500, blank=True)
    lock = models.PositiveIntegerField(_("changes"), default=1)
    entered_by = models.CharField(_("entered by"), max_length=100, blank=True)
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["response", "cell"], name="%(app_label)s_%(class)s_is_the_only_one"),
            models.CheckConstraint(
                condition=models.Q(status__in=["ok", "m", "a", "x", "nc", "u"]),
                name="%(app_label)s_%(class)s_has_a_known_status",
            ),
            models.CheckConstraint(
                condition=models.Q(status="ok", number__isnull=False, option__isnull=True, text="")
                | models.Q(status="ok", number__isnull=True, option__isnull=False, text="")
                | models.Q(status="ok", number__isnull=True, option__isnull=True) & ~models.Q(text="")
                | ~models.Q(status="ok") & models.Q(number__isnull=True, option__isnull=True, text="", note=""),
                name="%(app_label)s_%(class)s_holds_one_value_where_it_is_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} {self.cell_id}"


class Explanation(models.Model):
    """A soft check that was confirmed (no text) or explained, for the values it was about: others ask again."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="explanations", verbose_name=_("response"))
    check_row = models.ForeignKey(EditCheck, models.PROTECT, related_name="+", verbose_name=_("check of answers"))
    values = models.CharField(_("values it is about"), max_length=500)
    text = models.TextField(_("explanation"), blank=True)
    entered_by = models.CharField(_("entered by"), max_length=100, blank=True)
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["response", "check_row"], name="%(app_label)s_%(class)s_is_the_only_one_of_its_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} {self.check_row_id}"

    @property
    def digest(self) -> str:
        """The same for the same words: by it a page knows whether somebody wrote others meanwhile."""
        return digest_of(self.text)


class SnapshotStep(models.TextChoices):
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned with questions")
    ACCEPTED = "accepted", _("accepted")
    REOPENED = "reopened", _("opened again")


class Snapshot(models.Model):
    """Everything that stood in a response when a step was taken: written once, never changed.

    `answers` maps the code of a cell to `{"status", "value", "note"}`, `explanations` the code of a check to
    `{"values", "text"}`; `sha256` is the hash of both and the receipt's number.
    `actor` is who took the step, in words; `by` the member of staff, if it was one.
    """

    response = models.ForeignKey(Response, models.PROTECT, related_name="snapshots", verbose_name=_("response"))
    revision = models.PositiveSmallIntegerField(_("revision"))
    step = models.CharField(_("step"), max_length=9, choices=SnapshotStep)
    answers = models.JSONField(_("answers"))
    explanations = models.JSONField(_("explanations"), default=dict)
    sha256 = models.CharField(_("hash"), max_length=64)
    actor = models.CharField(_("by whom"), max_length=100, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member of staff"),
    )
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("revision of a response")
        verbose_name_plural = _("revisions of a response")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["response", "revision"],
                condition=models.Q(step="submitted"),
                name="%(app_label)s_%(class)s_is_submitted_once",
            ),
            models.CheckConstraint(
                condition=models.Q(step__in=["submitted", "returned", "accepted", "reopened"]),
                name="%(app_label)s_%(class)s_has_a_known_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} r{self.revision} {self.step}"


class Remark(models.Model):
    """What JSPS asks about an answer when it returns a response: about one question, or about the whole.

    `reply` is the institution's, if it has one beside the corrected answers.
    """

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="remarks", verbose_name=_("revision"))
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("question")
    )
    text = models.TextField(_("text"))
    reply = models.TextField(_("reply"), blank=True)
    replied_by = models.CharField(_("replied by"), max_length=100, blank=True)
    replied_at = models.DateTimeField(_("replied at"), null=True, blank=True)

    class Meta:
        verbose_name = _("question about an answer")
        verbose_name_plural = _("questions about an answer")

    def __str__(self) -> str:
        return self.text

    @property
    def digest(self) -> str:
        """The same for the same reply, "" before the first: by it a page knows whether another was written."""
        return digest_of(self.reply) if self.replied_at else ""
