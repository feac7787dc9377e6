"""What may be told of an answer: of a question of the form, and of an indicator made from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sensitivity(models.TextChoices):
    PUBLIC = "P", _("public fact of an institution")
    AGGREGATE = "A", _("aggregates only")
    INTERNAL = "C", _("internal")
