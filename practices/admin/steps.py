"""Steps as buttons: saved first where the form is open, else taken by a form of their own."""

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from practices.forms import BUTTONS, NoteForm
from practices.models import GoodPractice, PracticeStatus, Transition
from practices.permissions import languages_to_edit, may_edit, may_edit_everything
from practices.workflow import EditConflict, InvalidTransition, NotAllowed, Steps, open_steps, step_label, take
from sih_portal.staff import DeskAdmin

from .asking import ASKS_FIRST, IN_THE_MAKING, asked, is_possible, question, seen_by, still_empty
from .conflict import step_again
from .editions import changes_of, versions_of

CONSEQUENCES: Final = {
    Steps.SUBMIT: _("A publisher reads it; until then only publishers edit it."),
    Steps.WITHDRAW: _("It becomes a draft again."),
    Steps.REQUEST_CHANGES: _("It goes back to the curators with your note."),
    Steps.PUBLISH: _("Everybody sees it: pages, search and API."),
    Steps.REVISE: _("It becomes a draft of the next version; the public version stays until that is published."),
    Steps.DISCARD: _("The draft is thrown away: the case says again what its public version says."),
    Steps.ARCHIVE: _("It leaves pages, search and API; its address then says so. It can be reopened."),
    Steps.REOPEN: _("It becomes a draft again and keeps its address."),
}
DRAFTS: Final = _("Drafts are edited by curators; translators edit the texts of their language.")
CLOSED: Final = {
    PracticeStatus.DRAFT: DRAFTS,
    PracticeStatus.CHANGES_REQUESTED: DRAFTS,
    PracticeStatus.IN_REVIEW: _("Publishers alone edit a case in review. To go on writing, a curator withdraws it."),
    PracticeStatus.PUBLISHED: _(
        "To change a published case, a curator revises it. The public version stays until the next one is published."
    ),
    PracticeStatus.ARCHIVED: _("An archived case can't be edited. When a publisher reopens it, it becomes a draft."),
}


class StepButtons(DeskAdmin[GoodPractice]):
    """For the admin of cases. Every step goes through `_take`, the only call of the workflow."""

    def _take(
        self, request: HttpRequest, step: Steps, practice: GoodPractice, note: str, seen: int | None = None
    ) -> None:
        """:raises InvalidTransition, NotAllowed, EditConflict: with the sentence to show."""
        moved = take(step, practice=practice, by=request.user, at=timezone.now(), note=note, seen=seen)
        said = format_html(
            gettext("“{title}”: {step}. It is now: {status}."),
            title=str(moved),
            step=step.value.label,
            status=moved.get_status_display(),
        )
        if moved.status == PracticeStatus.PUBLISHED:
            link = format_html('<a href="{}">{}</a>', self._public_address(moved), gettext("Open the public page"))
            said = format_html("{} {}", said, link)
        self.message_user(request, said, messages.SUCCESS)

    def log_change(self, request: HttpRequest, obj: GoodPractice, message: Any) -> Any:
        """A step alone stands in the history of steps; one that asks first may never be taken, and the save stays."""
        step = BUTTONS.get(request.POST.get("_step", ""))
        if message or step is None or step in ASKS_FIRST:
            return super().log_change(request, obj, message)
        return None

    def response_add(
        self, request: HttpRequest, obj: GoodPractice, post_url_continue: str | None = None
    ) -> HttpResponse:
        if "_step" in request.POST:
            return self._step_after_saving(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: GoodPractice) -> HttpResponse:
        if "_step" in request.POST:
            return self._step_after_saving(request, obj)
        return super().response_change(request, obj)

    def _step_after_saving(self, request: HttpRequest, practice: GoodPractice) -> HttpResponse:
        step = named_step(request.POST["_step"])
        if step.value.needs_confirmation:
            raise Http404
        if step in ASKS_FIRST and is_possible(step, practice, request.user):
            form = NoteForm(request.POST, step=step)
            return self._step_page(request, step, practice, form, status=HTTPStatus.OK, is_saved=True)
        try:
            self._take(request, step, practice, request.POST.get("note", ""))
        except (InvalidTransition, NotAllowed) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        return HttpResponseRedirect(change_page(practice))

    def step(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Takes one step without saving anything. A refusal comes back as a page that keeps the note."""
        step = named_step(name)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        practice = get_object_or_404(GoodPractice.objects.with_labels().with_parts(), pk=pk)
        form = NoteForm(request.POST, step=step)
        status = self._attempt(request, step, practice, form)
        if status == HTTPStatus.FOUND:
            return HttpResponseRedirect(change_page(practice))
        return self._step_page(request, step, practice, form, status=status)

    def _step_page(
        self,
        request: HttpRequest,
        step: Steps,
        practice: GoodPractice,
        form: NoteForm,
        *,
        status: HTTPStatus,
        is_saved: bool = False,
    ) -> HttpResponse:
        """The page of a step that is not taken: it asks, or says why not."""
        # Read before what the page tells of the case: a save in between is then a conflict too many, never too few.
        again = step_again(self, request, step, practice, is_outdated=form.has_error(NON_FIELD_ERRORS, "conflict"))
        context = {
            **self.admin_site.each_context(request),
            **again,
            **question(step, practice),
            "title": step.value.label,
            "opts": self.opts,
            "original": practice,
            "note_form": form,
            "step": step.value,
            "consequence": CONSEQUENCES[step],
            "is_saved": is_saved,
        }
        return TemplateResponse(request, "admin/practices/goodpractice/step.html", context, status=status)

    def _attempt(self, request: HttpRequest, step: Steps, practice: GoodPractice, form: NoteForm) -> HTTPStatus:
        """Takes the step: 302 when it is taken, 200 when it has to be confirmed first; else the form says why not."""
        seen = seen_by(request, step)
        if seen is None and step in ASKS_FIRST and is_possible(step, practice, request.user):
            return asked(request, practice, form)
        if not form.is_valid():
            return HTTPStatus.BAD_REQUEST
        try:
            # A page that does not say what it was made from counts as outdated.
            self._take(request, step, practice, form.cleaned_data["note"], -1 if seen is None else seen)
        except (InvalidTransition, NotAllowed, EditConflict) as refusal:
            code = "conflict" if isinstance(refusal, EditConflict) else None
            form.add_error(None, ValidationError(str(refusal), code=code))
            return HTTPStatus.FORBIDDEN if isinstance(refusal, NotAllowed) else HTTPStatus.CONFLICT
        return HTTPStatus.FOUND

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        context.update(self._desk(request, context["original"]))
        return super().render_change_form(request, context, *arguments, **named)

    def _desk(self, request: HttpRequest, practice: GoodPractice | None) -> dict[str, Any]:
        """What the page shows around the form: status and why it is closed, steps, history, public address."""
        steps = open_steps(practice, request.user) if practice else [Steps.SUBMIT]
        is_open = may_edit(request.user, practice) if practice else True
        history = timeline(practice) if practice else []
        return {
            "practice": practice,
            "is_open": is_open,
            "closed": None if is_open or not practice else CLOSED[PracticeStatus(practice.status)],
            "own_language": self._own_language(request, practice) if is_open else "",
            "steps": [(step.value, CONSEQUENCES[step]) for step in steps],
            "note_form": None if is_open else NoteForm(),
            "sent_back": sent_back(practice, history) if practice else None,
            "empty": still_empty(practice) if practice and not {Steps.SUBMIT, Steps.PUBLISH}.isdisjoint(steps) else [],
            "timeline": history,
            "changes": changes_of(practice) if practice and practice.status in IN_THE_MAKING else None,
            "in_review": practice is not None and practice.status == PracticeStatus.IN_REVIEW,
            "may_revise": Steps.REVISE in steps,
            **versions_of(request.user, practice),
            "public_address": self._public_address(practice) if practice else None,
        }

    def _own_language(self, request: HttpRequest, practice: GoodPractice | None) -> str:
        """For translators: the language whose texts are theirs; empty for everybody else."""
        languages = languages_to_edit(request.user, practice)
        return "" if may_edit_everything(request.user, practice) or len(languages) != 1 else next(iter(languages))

    def _public_address(self, practice: GoodPractice) -> str | None:
        edition = practice.editions.public().first()
        return edition.get_absolute_url() if edition else None


def named_step(name: str) -> Steps:
    """:raises Http404: when no button takes a step of that name."""
    if name not in BUTTONS:
        raise Http404
    return BUTTONS[name]


def change_page(practice: GoodPractice) -> str:
    return reverse("admin:practices_goodpractice_change", args=[practice.pk])


def timeline(practice: GoodPractice) -> list[tuple[Transition, Any]]:
    """The log, newest first: each row with the label of its step."""
    rows = practice.transitions.select_related("by").order_by("-at", "-pk")
    return [(row, step_label(row.step)) for row in rows]


def sent_back(practice: GoodPractice, history: list[tuple[Transition, Any]]) -> Transition | None:
    """The step that says why the case lies with the curators again; None when it does not."""
    if practice.status != PracticeStatus.CHANGES_REQUESTED:
        return None
    return next((row for row, _label in history if row.step == Steps.REQUEST_CHANGES.value.name), None)
