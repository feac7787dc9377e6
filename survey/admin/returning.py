"""Accepting answers and returning them with questions: each asks first, and notices what others did meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from survey import mailing, workflow
from survey.models import LetterKind, Response, Round
from survey.questionnaires import FormQuestion
from survey.revisions import Difference, Revision, differences, revision_of
from survey.workflow import AnswersChanged, Asked, InvalidTransition, Steps

from .forms import moment
from .loading import Opened, opened
from .reading import ReadSection, read, spoken
from .rooms import OnlyManagers, page, room

LONGEST_QUESTION: Final = 1_000
CHANGED: Final = _("Nothing was done: somebody took a step with these answers since you opened the page.")


class AcceptForm(forms.Form):
    note = forms.CharField(
        label=_("note for the desk"), required=False, max_length=LONGEST_QUESTION, widget=forms.Textarea({"rows": 3})
    )


class ReturnForm(forms.Form):
    """A field for the whole, and one for each question of the form: `q-A1`."""

    until = moment(_("new deadline for this institution"), required=False)

    def __init__(self, found: Opened, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.found = found
        self.fields["general"] = self._field(gettext("About the answers as a whole"), rows=4)
        for question in self.questions:
            label = gettext("Question to the institution about %(code)s") % {"code": question.code}
            self.fields[f"q-{question.code}"] = self._field(label, rows=3)

    @property
    def questions(self) -> list[FormQuestion]:
        return [question for section in self.found.form.sections for question in section.questions]

    @property
    def asked(self) -> list[Asked]:
        """What was written, the whole first; for a form that is valid."""
        texts = [(question, self.cleaned_data[f"q-{question.code}"]) for question in self.questions]
        about_all = self.cleaned_data["general"]
        return [
            *([Asked(about_all)] if about_all else []),
            *(Asked(text, question.row) for question, text in texts if text),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.found.invitation.round.state != Round.State.OPEN:
            raise forms.ValidationError(gettext("The round is not open for answers: open it again first."))
        if not self.errors and not self.asked:
            raise forms.ValidationError(gettext("Write at least one question, so that they know what to look at."))
        return cleaned

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        invitation = self.found.invitation
        if until and until <= timezone.now():
            raise forms.ValidationError(gettext("This moment has passed."))
        if not until and (invitation.deadline is None or invitation.deadline <= timezone.now()):
            message = gettext("The deadline has passed: give them a new one, so that they can answer.")
            raise forms.ValidationError(message)
        return until

    def _field(self, label: str, *, rows: int) -> forms.CharField:
        widget = forms.Textarea({"rows": rows})
        return forms.CharField(label=label, required=False, max_length=LONGEST_QUESTION, widget=widget)


@dataclass(frozen=True)
class Asking:
    """A question of the form with its answers, and the field for what is asked about it."""

    read: Any
    field: forms.BoundField

    @property
    def is_open(self) -> bool:
        return bool(self.field.value() or self.field.errors)


class ResponseSteps(OnlyManagers[Response]):
    """For the admin of responses."""

    def step_urls(self) -> list[URLPattern]:
        return [
            room(self, "<int:pk>/accept/", self.accept, "accept"),
            room(self, "<int:pk>/return/", self.give_back, "return"),
        ]

    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = opened(pk)
        if request.method != "POST":
            return self._ask_to_accept(request, found, AcceptForm())
        form = AcceptForm(request.POST)
        if not form.is_valid():
            return self._ask_to_accept(request, found, form, status=400)
        by: Any = request.user
        revision, note = seen(request, "revision"), form.cleaned_data["note"]
        try:
            workflow.accept(found.response, form=found.form, revision=revision, by=by, at=timezone.now(), note=note)
        except (InvalidTransition, AnswersChanged) as reason:
            self.message_user(request, str(reason) or CHANGED, messages.ERROR)
            return self._ask_to_accept(request, opened(pk), form, status=409)
        return self._done(request, found, Steps.ACCEPT)

    def give_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the questions, shows the mail, and returns the answers when that was confirmed."""
        found = opened(pk)
        if request.method != "POST":
            return self._ask_to_return(request, found, ReturnForm(found))
        form = ReturnForm(found, request.POST)
        if not form.is_valid():
            return self._ask_to_return(request, found, form, status=400)
        if "change" in request.POST:
            return self._ask_to_return(request, found, form)
        if found.since(seen(request, "seen")):
            self.message_user(request, str(CHANGED), messages.ERROR)
            return self._ask_to_return(request, found, form, status=409)
        if "confirmed" not in request.POST:
            return self._show_the_mail(request, found, form)
        return self._give_back(request, found, form)

    def _give_back(self, request: HttpRequest, found: Opened, form: ReturnForm) -> HttpResponse:
        by: Any = request.user
        try:
            workflow.return_with_questions(
                found.response,
                form=found.form,
                questions=form.asked,
                until=form.cleaned_data["until"],
                by=by,
                at=timezone.now(),
                seen=seen(request, "seen"),
            )
        except (InvalidTransition, AnswersChanged) as reason:
            self.message_user(request, str(reason) or CHANGED, messages.ERROR)
            return self._ask_to_return(request, opened(found.response.pk), form, status=409)
        return self._done(request, found, Steps.RETURN)

    def _ask_to_accept(self, request: HttpRequest, found: Opened, form: AcceptForm, status: int = 200) -> HttpResponse:
        context = {
            **self._context(request, found, Steps.ACCEPT),
            "form": form,
            "findings": spoken(found.sheet, found.sheet.unsettled),
            "missing": found.sheet.missing,
        }
        return page(self, request, "response/accept", context, status=status)

    def _ask_to_return(self, request: HttpRequest, found: Opened, form: ReturnForm, status: int = 200) -> HttpResponse:
        context = {
            **self._context(request, found, Steps.RETURN),
            "form": form,
            "sections": [(section, list(askings(section, form))) for section in read(found.sheet)],
        }
        return page(self, request, "response/return", context, status=status)

    def _show_the_mail(self, request: HttpRequest, found: Opened, form: ReturnForm) -> HttpResponse:
        invitation = found.invitation
        invitation.due_at = form.cleaned_data["until"] or invitation.due_at
        letter = mailing.letter_of(invitation.round, LetterKind.RETURNED)
        asked = [(one.question.code if one.question else "", one.text) for one in form.asked]
        context = {
            **self._context(request, found, Steps.RETURN),
            "asked": asked,
            "deadline": invitation.deadline,
            "sent": [(name, value) for name, value in request.POST.items() if name in form.fields and value],
            "mail": mailing.write(letter, invitation, asked=asked) if invitation.email else None,
        }
        return page(self, request, "response/return_preview", context)

    def _context(self, request: HttpRequest, found: Opened, step: Steps) -> dict[str, Any]:
        """`meanwhile` are the steps that others took since the page was first opened, and what changed with them."""
        key = seen(request, "seen") if request.method == "POST" else found.last_key
        return {
            "original": found.response,
            "title": step.value.label,
            "found": found,
            "is_possible": found.response.state in step.value.sources,
            "meanwhile": found.since(key),
            "changes": list(changes_since(found, key)),
        }

    def _done(self, request: HttpRequest, found: Opened, step: Steps) -> HttpResponse:
        told = gettext("%(step)s: done for %(institution)s.") % {
            "step": step.value.label,
            "institution": found.invitation,
        }
        self.log_change(request, found.response, str(step.value.label))
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:survey_response_change", args=[found.response.pk]))


def seen(request: HttpRequest, name: str) -> int:
    """A number that the page carries along; -1, which fits nothing, where it is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1


def changes_since(found: Opened, key: int) -> Iterator[Difference]:
    """What stands there otherwise than in a snapshot that somebody looked at."""
    snapshot = found.snapshot(key)
    if snapshot:
        yield from differences(revision_of(snapshot, found.sheet), Revision(found.sheet), found.sheet)


def askings(section: ReadSection, form: ReturnForm) -> Iterator[Asking]:
    for one in section.blocks:
        yield Asking(one, form[f"q-{one.block.code}"])
