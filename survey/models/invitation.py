"""Who is asked in a round, by which link they come in, and the mails they are sent."""

from datetime import datetime
from typing import ClassVar, Final, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from universities.models import InstitutionKind, Prefecture, between

from .round import Round

# A round of all 5,000 institutions that anybody could think of.
LAST_RECIPIENT: Final = 9_999
# Names and subjects stand in the heads of mails: a line break there would begin a line of somebody else's.
ONE_LINE: Final = RegexValidator(
    "[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", _("Write it on one line."), inverse_match=True
)


class Outcome(models.TextChoices):
    """Why nothing more is expected of an institution; empty while an answer is."""

    DECLINED = "declined", _("declined")
    INELIGIBLE = "ineligible", _("not to be asked")


class InvitationStatus(models.TextChoices):
    """How far an invitation has come. It is worked out from the invitation and its response, and stored nowhere."""

    PREPARED = "prepared", _("not yet sent")
    INVITED = "invited", _("sent, not opened")
    OPENED = "opened", _("opened, nothing saved")
    DRAFTING = "drafting", _("being answered")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned with questions")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    INELIGIBLE = "ineligible", _("not to be asked")


class Grouped(models.Model):
    """By what an institution belongs to groups. `prefecture` is empty where nobody knows it: then to no region."""

    kind = models.CharField(_("kind of institution"), max_length=16, choices=InstitutionKind)
    is_pilot = models.BooleanField(_("pilot of the programme"), default=False)
    prefecture = models.CharField(_("prefecture"), max_length=2, choices=Prefecture, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["national", "public", "private", "inter_university"]),
                name="%(app_label)s_%(class)s_has_a_known_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(prefecture__in=["", *Prefecture.values]),
                name="%(app_label)s_%(class)s_lies_in_a_known_prefecture",
            ),
        ]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def with_status(self) -> Self:
        """Adds `status`, one of `InvitationStatus`: an outcome first, then the response, then the sending.

        Who took answers back is answering, and was asked nothing.
        """
        cases = [
            *(models.When(outcome=outcome, then=models.Value(outcome)) for outcome in Outcome.values),
            models.When(response__is_taken_back=True, then=models.Value(InvitationStatus.DRAFTING)),
            *(
                models.When(response__state=state, then=models.Value(state))
                for state in ("submitted", "returned", "accepted")
            ),
            models.When(response__saved_at__isnull=False, then=models.Value(InvitationStatus.DRAFTING)),
            models.When(response__isnull=False, then=models.Value(InvitationStatus.OPENED)),
            models.When(sent_at__isnull=False, then=models.Value(InvitationStatus.INVITED)),
        ]
        default = models.Value(InvitationStatus.PREPARED)
        return self.annotate(status=models.Case(*cases, default=default, output_field=models.CharField()))

    def asked(self) -> Self:
        """Those that count as sent: reached by mail or by post, and rightly asked."""
        return self.filter(sent_at__isnull=False).exclude(outcome=Outcome.INELIGIBLE)

    def awaited(self) -> Self:
        """Those from whom an answer is still to come."""
        answered = ["submitted", "accepted"]
        return self.filter(outcome="").exclude(response__state__in=answered)

    def in_order(self) -> Self:
        return self.order_by("round", "number")


class Invitation(Grouped):
    """One institution in one round, as it was then: name, kind, participation and prefecture are snapshots.

    `number` is its number on the round's list of recipients. `due_at` extends the round's deadline for it.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="invitations", verbose_name=_("round"))
    number = models.PositiveSmallIntegerField(_("number on the list"), validators=between(1, LAST_RECIPIENT))
    institution = models.ForeignKey(
        "universities.Institution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("institution"),
    )
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True, validators=[ONE_LINE])
    name_ja = models.CharField(_("name (Japanese)"), max_length=200, blank=True, validators=[ONE_LINE])
    department = models.CharField(_("department"), max_length=200, blank=True, validators=[ONE_LINE])
    contact_name = models.CharField(_("person to write to"), max_length=100, blank=True, validators=[ONE_LINE])
    email = models.EmailField(_("mail address"), blank=True)
    language = models.CharField(_("language of mails"), max_length=2, choices=settings.LANGUAGES, default="ja")
    due_at = models.DateTimeField(_("deadline extended to"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("last asked again at"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("times asked again"), default=0)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    note = models.TextField(_("note for the desk"), blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta(Grouped.Meta):
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Grouped.Meta.constraints,
            models.UniqueConstraint(fields=["round", "number"], name="%(app_label)s_%(class)s_has_its_own_number"),
            models.UniqueConstraint(
                fields=["round", "institution"],
                condition=models.Q(institution__isnull=False),
                name="%(app_label)s_%(class)s_is_the_only_one_of_its_institution",
            ),
            models.CheckConstraint(
                condition=~models.Q(name_en="") | ~models.Q(name_ja=""), name="%(app_label)s_%(class)s_has_a_name"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", "declined", "ineligible"]),
                name="%(app_label)s_%(class)s_has_a_known_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(reminders=0, reminded_at__isnull=True)
                | models.Q(reminders__gt=0, reminded_at__isnull=False),
                name="%(app_label)s_%(class)s_was_reminded_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name_ja or self.name_en}"

    @property
    def deadline(self) -> datetime | None:
        """The round's, unless this institution was given a later one; no query when the round is loaded."""
        return max(filter(None, (self.due_at, self.round.closes_at)), default=None)


class InvitationLink(models.Model):
    """A way in. The token itself is nowhere but in the mail: `token_hash` is its SHA-256."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="links", verbose_name=_("invitation"))
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True, editable=False)
    issued_at = models.DateTimeField(_("issued at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(revoked_at__gte=models.F("issued_at")),
                name="%(app_label)s_%(class)s_is_revoked_after_it_was_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id}/{self.pk}"


class LetterKind(models.TextChoices):
    INVITATION = "invitation", _("request to answer")
    REMINDER = "reminder", _("second request")
    RETURNED = "returned", _("questions about an answer")
    RECEIPT = "receipt", _("confirmation of receipt")
    OFFICIAL = "official", _("request letter on paper")


class Letter(models.Model):
    """The text of a round's mails of one kind, with placeholders such as `{institution}` and `{link}`.

    `official` is no mail but the letter on paper that goes before the first one.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="letters", verbose_name=_("round"))
    kind = models.CharField(_("kind"), max_length=10, choices=LetterKind)
    subject_en = models.CharField(_("subject (English)"), max_length=200, validators=[ONE_LINE])
    subject_ja = models.CharField(_("subject (Japanese)"), max_length=200, validators=[ONE_LINE])
    body_en = models.TextField(_("text (English)"))
    body_ja = models.TextField(_("text (Japanese)"))

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "kind"], name="%(app_label)s_%(class)s_has_its_own_kind"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["invitation", "reminder", "returned", "receipt", "official"]),
                name="%(app_label)s_%(class)s_has_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.code} {self.get_kind_display()}"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("waiting to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused by the mail server")
    UNCLEAR = "unclear", _("broken off; may have been sent")
    CANCELLED = "cancelled", _("cancelled")


class Delivery(models.Model):
    """One mail to one invitation: the queue, and what became of it. The text is made when it is sent.

    `batch` is the press of a button: within it each invitation is written to once. `claimed_at` is when a sender took
    it; a sender that died leaves it there, and then nobody knows whether the mail server had it already.
    `attempts` counts tries that the server put off; the next one is not made before `not_before`.
    """

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="deliveries", verbose_name=_("invitation"))
    kind = models.CharField(_("kind"), max_length=10, choices=LetterKind)
    batch = models.UUIDField(_("batch"))
    email = models.EmailField(_("mail address"))
    state = models.CharField(_("state"), max_length=9, choices=DeliveryState, default=DeliveryState.QUEUED)
    queued_at = models.DateTimeField(_("queued at"))
    queued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("queued by")
    )
    claimed_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries put off"), default=0)
    not_before = models.DateTimeField(_("next try at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("what the mail server said"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "id"], name="survey_delivery_queue")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["batch", "invitation"], name="%(app_label)s_%(class)s_is_written_once_in_its_batch"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["invitation", "reminder", "returned", "receipt"]),
                name="%(app_label)s_%(class)s_has_a_known_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "sending", "sent", "failed", "unclear", "cancelled"]),
                name="%(app_label)s_%(class)s_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | ~models.Q(state="sent") & models.Q(sent_at__isnull=True),
                name="%(app_label)s_%(class)s_sent_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.kind} {self.state}"
