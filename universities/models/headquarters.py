"""An institution's part in a programme, the headquarters it set up, and its overseas bases."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .institution import Institution
from .numbers import YEARS, plausible_years
from .programme import Programme
from .provenance import Loaded, Sourced


class Participation(Loaded):
    """That an institution took part in a programme. "Pilot" is derived from this and stored nowhere else."""

    class Role(models.TextChoices):
        PILOT = "pilot", _("pilot institution")

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="participations", verbose_name=_("institution")
    )
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="participations", verbose_name=_("programme"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.PILOT)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["institution", "programme"], name="%(app_label)s_%(class)s_happens_once"),
            models.CheckConstraint(condition=models.Q(role__in=["pilot"]), name="%(app_label)s_%(class)s_has_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.institution} – {self.programme}"


class HeadquartersHead(models.TextChoices):
    PRESIDENT = "president", _("president")
    VICE_PRESIDENT = "vice_president", _("vice president")
    OTHER = "other", _("another head")
    UNKNOWN = "unknown", _("not known")


class Headquarters(Sourced, Loaded):
    """The cross-departmental unit. The summary describes the units of 2010: none of them is shown as current."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="headquarters", verbose_name=_("participation")
    )
    slug = models.SlugField(_("public id"), max_length=60, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_ja = models.CharField(_("name (Japanese)"), max_length=200, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True)
    head = models.CharField(
        _("headed by"),
        max_length=14,
        choices=HeadquartersHead,
        default=HeadquartersHead.UNKNOWN,
        help_text=_("President stands for 学長, 総長, 塾長 and 機構長 alike."),
    )
    valid_from_year = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True, validators=YEARS)
    valid_to_year = models.PositiveSmallIntegerField(_("to year"), null=True, blank=True, validators=YEARS)
    successor_en = models.CharField(_("later unit (English)"), max_length=200, blank=True)
    successor_ja = models.CharField(_("later unit (Japanese)"), max_length=200, blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)
    note_ja = models.TextField(_("note (Japanese)"), blank=True)
    website = models.URLField(_("website"), blank=True)

    class Meta(Sourced.Meta):
        verbose_name = _("headquarters")
        verbose_name_plural = _("headquarters")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            plausible_years("valid_from_year", "valid_to_year"),
            models.CheckConstraint(
                condition=models.Q(head__in=HeadquartersHead.values), name="%(app_label)s_%(class)s_has_a_known_head"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to_year__gte=models.F("valid_from_year"))
                | models.Q(valid_to_year__isnull=True)
                | models.Q(valid_from_year__isnull=True),
                name="%(app_label)s_%(class)s_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        """With the institution: four of the units bear the same name. Load `participation__institution` first."""
        return f"{self.name_ja or self.name_en}（{self.participation.institution}）"


class OverseasBase(Sourced, Loaded):
    class Kind(models.TextChoices):
        OWN_CENTRE = "own_centre", _("own centre")
        JOINT_USE = "joint_use", _("joint-use office")
        COUNTERPART = "counterpart", _("office in a counterpart institution")
        COMMISSIONED = "commissioned", _("commissioned operation")
        OTHER = "other", _("other")

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="bases", verbose_name=_("institution"))
    slug = models.SlugField(_("public id"), max_length=60, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_ja = models.CharField(_("name (Japanese)"), max_length=200, blank=True)
    city_en = models.CharField(_("city (English)"), max_length=100, blank=True)
    city_ja = models.CharField(_("city (Japanese)"), max_length=100, blank=True)
    country = models.CharField(
        _("country"),
        max_length=2,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Two capital letters (ISO 3166-1), for example MX."))],
    )
    kind = models.CharField(_("kind of base"), max_length=12, choices=Kind)
    partner_en = models.CharField(_("partner (English)"), max_length=200, blank=True)
    partner_ja = models.CharField(_("partner (Japanese)"), max_length=200, blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)
    note_ja = models.TextField(_("note (Japanese)"), blank=True)

    class Meta(Sourced.Meta):
        verbose_name = _("overseas base")
        verbose_name_plural = _("overseas bases")

    def __str__(self) -> str:
        return self.name_ja or self.name_en
