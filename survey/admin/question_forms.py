"""Forms of a questionnaire and its parts: rules and codes are read where they are typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BLANK_CHOICE_DASH, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from sih_portal.conflicts import ReturningParts, WatchedForm
from survey import rules
from survey.models import Cell, EditCheck, Question, Questionnaire, Section
from survey.rules import RuleError


def readable(rule: str) -> str:
    """The rule, if there is one and it can be read.

    :raises ValidationError: when it can't.
    """
    if rule:
        try:
            rules.read(rule)
        except RuleError as error:
            raise ValidationError(str(error)) from error
    return rule


class QuestionnaireForm(WatchedForm):
    class Meta:
        model = Questionnaire
        fields = forms.ALL_FIELDS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("title_ja") == "" and cleaned.get("title_en") == "":
            self.add_error("title_ja", _("Write it in at least one language."))
        return cleaned


class SectionForm(WatchedForm):
    class Meta:
        model = Section
        fields = forms.ALL_FIELDS


class QuestionForm(WatchedForm):
    """A question continues one of the version before, or none."""

    class Meta:
        model = Question
        fields = forms.ALL_FIELDS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if "follows" in self.fields:
            before = self.instance.section.questionnaire.follows_id
            earlier = Question.objects.filter(section__questionnaire=before)
            field: Any = self.fields["follows"]
            field.queryset = earlier.order_by("section__position", "position", "code")

    def clean_universe(self) -> str:
        return readable(self.cleaned_data["universe"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("breaks_series") and not cleaned.get("follows"):
            self.add_error("breaks_series", _("Choose the question whose series it breaks."))
        return cleaned


class CheckForm(forms.ModelForm[EditCheck]):
    class Meta:
        model = EditCheck
        fields = forms.ALL_FIELDS

    def clean_rule(self) -> str:
        return readable(self.cleaned_data["rule"])


class CellForm(forms.ModelForm[Cell]):
    class Meta:
        model = Cell
        fields = forms.ALL_FIELDS

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not rules.is_cell(code):
            raise ValidationError(_("A cell's code is made of two names or more, such as Q1.hq."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        smallest, largest = cleaned.get("minimum"), cleaned.get("maximum")
        if smallest is not None and largest is not None and smallest > largest:
            self.add_error("maximum", _("The largest number is less than the smallest."))
        return cleaned


class PlacedParts(ReturningParts):
    """A new part without a place comes last."""

    def save_new(self, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        if not form.instance.position:
            rows = [other.instance for other in self.forms if other.instance.pk]
            form.instance.position = max((row.position for row in rows), default=0) + 1
        return super().save_new(form, commit)


class Definitions(PlacedParts):
    """Each stands before the form, or with one of the form's own sections."""

    @cached_property
    def sections(self) -> QuerySet[Section]:
        return Section.objects.filter(questionnaire=self.instance.pk).order_by("position", "code")

    @cached_property
    def choices(self) -> list[tuple[Any, str]]:
        """Read once for all of them."""
        return [*BLANK_CHOICE_DASH, *((section.pk, str(section)) for section in self.sections)]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["section"].queryset = self.sections
        form.fields["section"].choices = self.choices
