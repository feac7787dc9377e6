"""The page of a save that came second: it names who was first, what differs, and keeps everything that was typed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, router, transaction
from django.http import HttpRequest, HttpResponse

from .merging import Merge, MergeDifference, Whose
from .snapshots import moment_of, snapshot, unseal

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class LastChange:
    by: User
    at: datetime


@dataclass(frozen=True)
class Clash:
    """What the page shows: the differences by who made them, and the last who changed the record since it was made."""

    differences: list[MergeDifference]
    change: LastChange | None = None

    @property
    def both(self) -> list[MergeDifference]:
        return self._of(Whose.BOTH)

    @property
    def theirs(self) -> list[MergeDifference]:
        return self._of(Whose.THEIRS)

    @property
    def yours(self) -> list[MergeDifference]:
        return self._of(Whose.YOURS)

    def _of(self, whose: Whose) -> list[MergeDifference]:
        return [row for row in self.differences if row.whose is whose]


class ClashAdmin(admin.ModelAdmin[Row]):
    """For admins whose form is a `WatchedForm`."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Holds the record from comparing to saving, so that nobody comes in between."""
        if request.method != "POST" or not object_id:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            record = self._locked(request, object_id)
            if record and (refusal := self.unsavable(request, record)):
                return refusal
            if record and self.has_change_permission(request, record):
                extra_context = {**(extra_context or {}), "clash": self._clash(request, record)}
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _locked(self, request: HttpRequest, object_id: str) -> Row | None:
        if not self.has_view_permission(request):
            return None
        try:
            key = self.model._meta.pk.to_python(unquote(object_id))
        except ValidationError:
            return None
        return self.model._default_manager.select_for_update().filter(pk=key).first()

    def unsavable(self, request: HttpRequest, record: Row) -> HttpResponse | None:
        """The answer to a form that can't be saved at all any more."""
        return None

    def _clash(self, request: HttpRequest, record: Row) -> Clash | None:
        """Merges the posted form with what is stored; None when nothing stands in the way of saving."""
        form: Any = self.get_form(request, record, change=True)
        is_outdated = request.POST.get("seen") != form.seen_of(record)
        if not is_outdated and "take" not in request.POST:
            return None
        merge = self.merged(request, record, parts=form.parts, fields=form.base_fields)
        request.POST = merge.data
        for name in list(request.FILES):
            del request.FILES[name]
        request.FILES.update(merge.files)
        if merge.is_contested:
            merge.data["seen"] = ""
        is_refused = is_outdated or merge.is_contested
        return Clash(merge.differences, self.last_change(request, record)) if is_refused else None

    def merged(self, request: HttpRequest, record: Row, *, parts: Any, fields: Any = ()) -> Merge:
        return Merge(
            record,
            stored=snapshot(record, parts),
            base=unseal(request.POST.get("made_from", "")),
            data=request.POST,
            files=request.FILES.copy(),
            fields=fields,
        )

    def last_change(self, request: HttpRequest, record: Row) -> LastChange | None:
        """Who changed the record last since the page was made; None where the log does not tell."""
        base = unseal(request.POST.get("made_from", ""))
        rows = self.changes_since(record, moment_of(base)) if base else []
        return max(rows, key=lambda row: row.at, default=None)

    def changes_since(self, record: Row, moment: datetime) -> list[LastChange]:
        kind = ContentType.objects.get_for_model(record)
        logged = LogEntry.objects.filter(content_type=kind, object_id=str(record.pk), action_time__gte=moment)
        return [LastChange(row.user, row.action_time) for row in logged.select_related("user").order_by("-pk")[:1]]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        """Answers 409 when somebody else saved while the form was open."""
        context["conflict"] = context["adminform"].form.has_error(NON_FIELD_ERRORS, "conflict")
        context.setdefault("clash", None)
        if context["conflict"] and len(context.get("errors") or ()) == 1:
            # The page says what happened in its own words, and nothing below is wrong.
            context["errors"] = []
        response = super().render_change_form(request, context, *arguments, **named)
        if context["conflict"]:
            response.status_code = 409
        return response
