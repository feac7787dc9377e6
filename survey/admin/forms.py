"""Forms of rounds, of those who are asked and of the letters to them, and of what is done with them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from sih_portal.conflicts import WatchedForm
from sih_portal.language import LANGUAGES
from survey.mailing import mistakes
from survey.mailing.letters import ALLOWED
from survey.models import Invitation, Letter, Round
from universities.forms import RecordForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class RoundForm(RecordForm):
    """An open round keeps a deadline, and it lies after its opening."""

    class Meta:
        model = Round
        fields = forms.ALL_FIELDS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "closes_at" not in cleaned:
            return cleaned
        closes_at: datetime | None = cleaned["closes_at"]
        if self.instance.state == Round.State.OPEN and closes_at is None:
            self.add_error("closes_at", _("An open round needs a deadline."))
        if closes_at and self.instance.opens_at and closes_at <= self.instance.opens_at:
            self.add_error("closes_at", _("The deadline lies before the opening."))
        return cleaned


class InvitationForm(WatchedForm):
    class Meta:
        model = Invitation
        fields = forms.ALL_FIELDS
        error_messages: Final = {NON_FIELD_ERRORS: {None: _("This institution stands on the list already.")}}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("name_ja") == "" and cleaned.get("name_en") == "":
            self.add_error("name_ja", _("Write it in at least one language."))
        return cleaned


class LetterForm(WatchedForm):
    """Refuses braces that would not be filled in, and letters without what they are for."""

    class Meta:
        model = Letter
        fields = ("subject_ja", "subject_en", "body_ja", "body_en")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        names = " ".join(f"{{{name}}}" for name in ALLOWED.get(self.instance.kind, ()))
        for language in LANGUAGES:
            if field := self.fields.get(f"body_{language}"):
                field.widget.attrs["rows"] = 24
                field.help_text = names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for stem in ("subject", "body"):
            for name in (f"{stem}_{language}" for language in LANGUAGES):
                for mistake in mistakes(self.instance.kind, cleaned.get(name, ""), is_subject=stem == "subject"):
                    if name in cleaned:
                        self.add_error(name, mistake)
        return cleaned


class UploadForm(forms.Form):
    """A list of recipients. What is in it is looked at elsewhere."""

    file = forms.FileField(
        label=_("list of recipients (Excel or CSV)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"})
    )


class AnswersForm(forms.Form):
    """The answers of an earlier round. What is in the file is looked at elsewhere."""

    file = forms.FileField(
        label=_("answers of the earlier round (Excel or CSV)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"})
    )


class ConfirmForm(forms.Form):
    """A step that needs no more than to be confirmed."""


def moment(label: "StrOrPromise", **more: Any) -> forms.DateTimeField:
    """A field for a day and a time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, help_text=_("Day and time in Japan."), **more)


class DeadlineForm(forms.Form):
    until = moment(_("deadline extended to"))


class OpeningForm(forms.Form):
    closes_at = moment(_("deadline"))


class PostForm(forms.Form):
    on = forms.DateField(
        label=_("posted on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), initial=localdate
    )

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day
