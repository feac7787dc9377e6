"""How far the public data has come: one row, which moves with everything the world can see and with nothing else."""

from typing import ClassVar, Final
from uuid import uuid4

from django.db import connections, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

CURRENT: Final = 'SELECT "number", "stamp" FROM "sih_portal_dataversion" WHERE "id" = %s'


def new_stamp() -> str:
    return uuid4().hex


class DataVersionQuerySet(models.QuerySet["DataVersion"]):
    def current(self) -> str:
        """What every kept answer carries. One query, written out: each public answer waits for it.

        It differs after each public change, and again after a backup came back: the number alone would return.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(CURRENT, [DataVersion.ONLY])
            number, stamp = cursor.fetchone() or (0, "")
        return f"{number}-{stamp}"

    def bump(self) -> None:
        """This will tell every cache that public data changed. Call it in the transaction that changes them."""
        self.get_or_create(pk=DataVersion.ONLY)
        self.filter(pk=DataVersion.ONLY).update(
            number=models.F("number") + 1, stamp=new_stamp(), changed_at=timezone.now()
        )


class DataVersion(models.Model):
    """Bumped by publishing, archiving, loading and by saves of records that are public when saved; never by drafts."""

    ONLY: ClassVar[int] = 1

    number = models.PositiveBigIntegerField(_("number"), default=1)
    stamp = models.CharField(_("stamp"), max_length=32, default=new_stamp)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects = DataVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("data version")
        verbose_name_plural = _("data versions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="%(app_label)s_%(class)s_is_the_only_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
