"""Two people at one case: what the second is shown, where the form can be saved again and where it can't."""

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from practices.forms import NoteForm, PracticeForm
from practices.models import GoodPractice
from practices.permissions import may_edit_everything
from practices.workflow import Steps
from sih_portal.clash import Clash, LastChange
from sih_portal.merging import Merge
from sih_portal.snapshots import snapshot, unseal
from sih_portal.staff import DeskAdmin

from .asking import ASKS_FIRST, seen_by

CLOSED_MEANWHILE: Final = _(
    "While you were writing, somebody took a step: the case is now %(status)s and closed to you. Nothing was saved. "
    "Your texts stand below: copy what you want to keep."
)
PART_DELETED_MEANWHILE: Final = _(
    "While you were writing, somebody deleted a part of this case. Nothing was saved. "
    "Your texts stand below: copy what you want to keep."
)


def step_again(
    desk: DeskAdmin[GoodPractice], request: HttpRequest, step: Steps, practice: GoodPractice, *, is_outdated: bool
) -> dict[str, Any]:
    """For the page of a step that was not taken: what changed since the page was made, what the next try carries."""
    mark = "confirmed" if step in ASKS_FIRST else "seen"
    asks_now = step in ASKS_FIRST and seen_by(request, step) is None
    if not is_outdated and not asks_now:
        return {"marks": {name: request.POST.get(name, "") for name in (mark, "made_from")}, "clash": None}
    fresh = GoodPractice.objects.get(pk=practice.pk)
    made = PracticeForm.marks_of(fresh)
    marks = {mark: made["seen"], "made_from": made["made_from"]}
    if not is_outdated:
        return {"marks": marks, "clash": None}
    base = unseal(request.POST.get("made_from", ""))
    merge = Merge(fresh, stored=snapshot(fresh, PracticeForm.parts), base=base)
    return {"marks": marks, "clash": Clash(merge.differences, desk.last_change(request, fresh))}


class PracticeClashes(DeskAdmin[GoodPractice]):
    """For the admin of cases."""

    def unsavable(self, request: HttpRequest, record: GoodPractice) -> HttpResponse | None:
        """What was typed is shown beside what is stored, not thrown away."""
        if request.POST.get("seen") in {None, str(record.edits)}:
            return None
        merge = self.merged(request, record, parts=PracticeForm.parts)
        if not (reason := self._why_unsavable(request, record, merge)):
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Nothing was saved"),
            "original": record,
            "opts": self.opts,
            "reason": reason,
            "clash": Clash(merge.differences, self.last_change(request, record)),
            "note_label": NoteForm.base_fields["note"].label,
            "note": request.POST.get("note", ""),
        }
        return TemplateResponse(request, "admin/practices/goodpractice/not_saved.html", context, status=409)

    def _why_unsavable(self, request: HttpRequest, practice: GoodPractice, merge: Merge) -> str:
        """Why the posted form can't be saved at all any more; empty where it can."""
        if not self.has_change_permission(request, practice):
            return str(CLOSED_MEANWHILE) % {"status": practice.get_status_display()}
        # Who may add parts gets the text back as a new part; a translator may not.
        if merge.has_returning_parts and not may_edit_everything(request.user, practice):
            return str(PART_DELETED_MEANWHILE)
        return ""

    def changes_since(self, record: GoodPractice, moment: datetime) -> list[LastChange]:
        """Saves and steps."""
        steps = record.transitions.filter(at__gte=moment).select_related("by").order_by("-at", "-pk")[:1]
        return [*super().changes_since(record, moment), *(LastChange(step.by, step.at) for step in steps)]
