"""What the pages of a questionnaire and of its parts share: managers build drafts, and nothing changes a frozen one."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sih_portal.clash import Clash
from sih_portal.staff import plausible
from survey.freezing import REFUSAL
from survey.models import Question, Questionnaire, Section

from .invitations import ManagedRecord
from .rooms import page

FROZEN: Final = _(
    "This questionnaire is frozen, so nothing was changed. What is to be different goes into the next version."
)
FROZEN_MEANWHILE: Final = _(
    "This questionnaire is frozen: a round was opened with it. Nothing was saved. Your texts stand below: copy what "
    "you want to keep into the next version."
)


def questionnaire_of(row: Any) -> Questionnaire:
    """The questionnaire that a row is, or is a part of."""
    while not isinstance(row, Questionnaire):
        row = row.questionnaire if isinstance(row, Section) else row.section
    return row


def is_frozen(row: Any) -> bool:
    return row is not None and questionnaire_of(row).is_frozen


def link_to(row: Questionnaire | Section | Question, text: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', address_of(row), text)


def address_of(row: Questionnaire | Section | Question) -> str:
    return reverse(f"admin:survey_{row._meta.model_name}_change", args=[row.pk])


class BuiltRecord(ManagedRecord):
    """`held_by` is how the questionnaire of a record is found, for the lock that every save takes first."""

    change_form_template = "admin/survey/questionnaire/part_change_form.html"
    held_by = "pk"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_frozen(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_frozen(obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One questionnaire, or part of it, is deleted at a time: its page tells first what goes with it."""
        return {}

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *rest: Any, **named: Any) -> Any:
        def refused() -> HttpResponse:
            return self.not_saved(request, self.get_object(request, object_id or ""))

        return self._or_refused(
            lambda: super(BuiltRecord, self).changeform_view(request, object_id, *rest, **named), refused
        )

    def delete_view(self, request: HttpRequest, object_id: str, *rest: Any, **named: Any) -> Any:
        def refused() -> HttpResponse:
            self.message_user(request, FROZEN, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:survey_questionnaire_changelist"))

        return self._or_refused(
            lambda: super(BuiltRecord, self).delete_view(request, object_id, *rest, **named), refused
        )

    def _or_refused(self, view: Callable[[], Any], refused: Callable[[], HttpResponse]) -> Any:
        """What to answer where the database refuses: somebody froze the questionnaire in this very moment."""
        try:
            with transaction.atomic():
                return view()
        except IntegrityError as error:
            if REFUSAL not in str(error):
                raise
            return refused()

    def _locked(self, request: HttpRequest, object_id: str) -> Any:
        """Holds the whole questionnaire first: nobody freezes it, or saves another part of it, in between."""
        if self.has_view_permission(request):
            key = plausible(unquote(object_id)) or "0"
            list(Questionnaire.objects.select_for_update(of=("self",)).filter(**{self.held_by: key}).order_by("pk"))
        return super()._locked(request, object_id)

    def unsavable(self, request: HttpRequest, record: Any) -> HttpResponse | None:
        return self.not_saved(request, record) if is_frozen(record) else None

    def not_saved(self, request: HttpRequest, record: Any) -> HttpResponse:
        """What was typed is shown beside what is stored, not thrown away."""
        merge = self.merged(request, record, parts=self.get_form(request, record, change=True).parts)
        context = {
            "title": _("Nothing was saved"),
            "original": record,
            "questionnaire": questionnaire_of(record),
            "reason": FROZEN_MEANWHILE,
            "clash": Clash(merge.differences, self.last_change(request, record)),
        }
        return page(self, request, "questionnaire/not_saved", context, status=409)


class BuiltPart(BuiltRecord):
    """A part with a page of its own, reached from the page of what it stands in, and made there."""

    def parent_of(self, row: Any) -> Questionnaire | Section:
        raise NotImplementedError

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not on the first page of the office."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        row = context["original"]
        context["trail"] = [(address_of(above), str(above)) for above in trail_to(self.parent_of(row))]
        return super().render_change_form(request, context, *arguments, **named)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to what it stands in."""
        return HttpResponseRedirect(address_of(self.parent_of(obj)))


def trail_to(row: Questionnaire | Section) -> list[Questionnaire | Section]:
    """The way from the questionnaire to the row."""
    return [row] if isinstance(row, Questionnaire) else [row.questionnaire, row]
