"""The questionnaire as data: a version is built at the desk, frozen when its round opens, and never changed again.

The database itself refuses changes of a frozen version (`survey/migrations/0003_freeze_questionnaires.py`).
"""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from universities.models import NUMBERS, PLACES, YEARS, Loaded

from .sensitivity import Sensitivity


class QuestionKind(models.TextChoices):
    YES_NO = "yesno", _("yes or no")
    SINGLE = "single", _("one of several answers")
    MULTI = "multi", _("several answers at once")
    INT = "int", _("whole number")
    TEXT = "text", _("free text")
    MATRIX = "matrix", _("table of whole numbers")


class Severity(models.TextChoices):
    HARD = "hard", _("must hold")
    SOFT = "soft", _("is confirmed or explained where it does not hold")


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def newest_first(self) -> Self:
        return self.order_by("code", "-version")


class Questionnaire(Loaded):
    """`sha256` is the hash of everything the form asks, taken when it was frozen."""

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1, validators=NUMBERS)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=200, blank=True)
    introduction_en = models.TextField(_("introduction (English)"), blank=True)
    introduction_ja = models.TextField(_("introduction (Japanese)"), blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("version before")
    )
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True, editable=False)
    sha256 = models.CharField(_("hash"), max_length=64, blank=True, editable=False)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "version"], name="%(app_label)s_%(class)s_has_its_own_version"),
            models.CheckConstraint(
                condition=models.Q(frozen_at__isnull=True, sha256="")
                | models.Q(frozen_at__isnull=False) & ~models.Q(sha256=""),
                name="%(app_label)s_%(class)s_frozen_has_a_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_ja or self.title_en or self.code} v{self.version}"

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class Section(models.Model):
    """A part of the form that one department can answer by itself; its code is part of its address."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="sections", verbose_name=_("questionnaire")
    )
    code = models.SlugField(_("code"), max_length=10)
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=200, blank=True)
    help_en = models.TextField(_("notes for answering (English)"), blank=True)
    help_ja = models.TextField(_("notes for answering (Japanese)"), blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering: ClassVar[list[str]] = ["position", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="%(app_label)s_%(class)s_has_its_own_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title_ja or self.title_en}"


class Definition(models.Model):
    """What a word on the form means; printed with its section, or before the first one."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="definitions", verbose_name=_("questionnaire")
    )
    section = models.ForeignKey(
        Section,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="definitions",
        verbose_name=_("section"),
        help_text=_("Empty: printed before the first section."),
    )
    code = models.SlugField(_("code"), max_length=20)
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)
    term_en = models.CharField(_("word (English)"), max_length=100, blank=True)
    term_ja = models.CharField(_("word (Japanese)"), max_length=100, blank=True)
    text_en = models.TextField(_("meaning (English)"), blank=True)
    text_ja = models.TextField(_("meaning (Japanese)"), blank=True)

    class Meta:
        verbose_name = _("definition")
        verbose_name_plural = _("definitions")
        ordering: ClassVar[list[str]] = ["position", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="%(app_label)s_%(class)s_has_its_own_code"),
        ]

    def __str__(self) -> str:
        return self.term_ja or self.term_en


class Question(models.Model):
    """`universe` is a rule (`survey/rules.py`) that says who is asked; empty means everybody.

    `follows` is the question of an earlier version whose series this one continues; `breaks_series` says that the
    two are not strictly comparable.
    """

    section = models.ForeignKey(Section, models.CASCADE, related_name="questions", verbose_name=_("section"))
    code = models.SlugField(_("code"), max_length=10)
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)
    kind = models.CharField(_("kind of answer"), max_length=6, choices=QuestionKind)
    sensitivity = models.CharField(_("sensitivity"), max_length=1, choices=Sensitivity, default=Sensitivity.AGGREGATE)
    is_required = models.BooleanField(_("must be answered"), default=True)
    universe = models.CharField(
        _("who is asked"), max_length=300, blank=True, help_text=_("A rule such as Q1.hq = 1. Empty: everybody.")
    )
    text_en = models.TextField(_("question (English)"), blank=True)
    text_ja = models.TextField(_("question (Japanese)"), blank=True)
    help_en = models.TextField(_("notes for answering (English)"), blank=True)
    help_ja = models.TextField(_("notes for answering (Japanese)"), blank=True)
    unit_en = models.CharField(_("unit (English)"), max_length=40, blank=True)
    unit_ja = models.CharField(_("unit (Japanese)"), max_length=40, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("continues")
    )
    breaks_series = models.BooleanField(_("breaks the series"), default=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar[list[str]] = ["position", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["section", "code"], name="%(app_label)s_%(class)s_has_its_own_code"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["yesno", "single", "multi", "int", "text", "matrix"]),
                name="%(app_label)s_%(class)s_has_a_known_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(sensitivity__in=["P", "A", "C"]),
                name="%(app_label)s_%(class)s_has_a_known_sensitivity",
            ),
            models.CheckConstraint(
                condition=models.Q(breaks_series=False) | models.Q(follows__isnull=False),
                name="%(app_label)s_%(class)s_breaks_only_a_series",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text_ja or self.text_en}"


class Option(models.Model):
    """One of the answers to choose from. Its code is the number that files and rules hold."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options", verbose_name=_("question"))
    code = models.PositiveSmallIntegerField(_("number"), validators=NUMBERS)
    label_en = models.CharField(_("label (English)"), max_length=200, blank=True)
    label_ja = models.CharField(_("label (Japanese)"), max_length=200, blank=True)
    takes_text = models.BooleanField(_("asks for words"), default=False)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering: ClassVar[list[str]] = ["code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["question", "code"], name="%(app_label)s_%(class)s_has_its_own_number"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label_ja or self.label_en}"


class Cell(models.Model):
    """One thing to fill in: `Q1.hq`, `Q4.edu.2005`. A question has one or more of them.

    A question of several answers has a cell for each of them, which holds 1 or 0. A table's cells stand in the row
    of their label and the column of their fiscal year; a total is never filled in: it is the sum of its column.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="cells", verbose_name=_("question"))
    code = models.CharField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)
    label_en = models.CharField(_("label (English)"), max_length=200, blank=True)
    label_ja = models.CharField(_("label (Japanese)"), max_length=200, blank=True)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"), null=True, blank=True, validators=YEARS)
    minimum = models.BigIntegerField(_("smallest number allowed"), null=True, blank=True)
    maximum = models.BigIntegerField(_("largest number allowed"), null=True, blank=True)
    is_total = models.BooleanField(_("total"), default=False)

    class Meta:
        verbose_name = _("cell")
        verbose_name_plural = _("cells")
        ordering: ClassVar[list[str]] = ["position", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["question", "code"], name="%(app_label)s_%(class)s_has_its_own_code"),
            models.CheckConstraint(
                condition=models.Q(minimum__isnull=True)
                | models.Q(maximum__isnull=True)
                | models.Q(minimum__lte=models.F("maximum")),
                name="%(app_label)s_%(class)s_allows_a_number",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class EditCheck(models.Model):
    """`rule` says what holds of a plausible answer. Hard: it has to. Soft: who answers confirms or explains."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="checks", verbose_name=_("questionnaire")
    )
    code = models.CharField(_("code"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)
    severity = models.CharField(_("severity"), max_length=4, choices=Severity)
    rule = models.CharField(_("rule"), max_length=300)
    message_en = models.CharField(_("message (English)"), max_length=300, blank=True)
    message_ja = models.CharField(_("message (Japanese)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("check of answers")
        verbose_name_plural = _("checks of answers")
        ordering: ClassVar[list[str]] = ["position", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="%(app_label)s_%(class)s_has_its_own_code"),
            models.CheckConstraint(
                condition=models.Q(severity__in=["hard", "soft"]),
                name="%(app_label)s_%(class)s_has_a_known_severity",
            ),
        ]

    def __str__(self) -> str:
        return self.code
