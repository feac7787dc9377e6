"""Forms of the desk: a case with its parts, and the note that goes with a step."""

import re
from collections.abc import Iterable
from typing import Any, Final

from adminsortable2.admin import CustomInlineFormSet
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import validate_slug
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sih_portal.conflicts import ReturningParts, Unrecorded, WatchedForm
from sih_portal.language import LANGUAGES
from sih_portal.snapshots import Snapshot
from universities.forms import RecordForm
from universities.models import LAST_NUMBER

from .models import Attachment, ConceptLabel, GoodPractice, Link, Theme
from .models.desk import PARTS, RESERVED_SLUGS
from .permissions import Role
from .workflow import Steps

BUTTONS: Final = {step.value.name: step for step in Steps}
CASE_TEXTS: Final = tuple(
    field.name for field in GoodPractice._meta.concrete_fields if field.name[-3:] in {f"_{code}" for code in LANGUAGES}
)
SLUG_WORDS: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+){2,4}")
IN_ONE_LANGUAGE: Final = _("Write it in at least one language.")
CHANGED_MEANWHILE: Final = _("Not saved yet: somebody else changed this case while you were writing.")


def possible_owners(present: int | None) -> QuerySet[User]:
    """Curators and publishers, and whoever owns the case now."""
    editors = Q(is_active=True, groups__name__in=[Role.CURATOR, Role.PUBLISHER])
    return User.objects.filter(editors | Q(pk=present)).distinct().order_by("username")


def refuse_closed(themes: Iterable[Theme]) -> None:
    """:raises ValidationError: when one of the themes is not open to cases."""
    closed = Theme.objects.filter(pk__in=[theme.pk for theme in themes]).exclude(pk__in=Theme.objects.open_to_cases())
    for theme in closed:
        raise forms.ValidationError(
            _("Theme %(number)s takes no cases: it lists what the programme itself did. Please choose another theme."),
            params={"number": theme.number},
        )


def cut_nothing(form: forms.BaseForm) -> None:
    """Lets too long a text be sent and refused in words: browsers cut what is pasted and say nothing."""
    for field in form.fields.values():
        field.widget.attrs.pop("maxlength", None)


class NoteForm(forms.Form):
    """The note of a step; asked for where others need to know why."""

    note = Unrecorded(
        label=_("Note on the step"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the history. Required when you request changes or archive."),
    )

    def __init__(self, *arguments: Any, step: Steps | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        cut_nothing(self)
        self.step = step

    def clean_note(self) -> str:
        note = str(self.cleaned_data["note"]).strip()
        if self.step and self.step.value.needs_note and not note:
            raise forms.ValidationError(_("Please write a note: it tells the others why."))
        return note


class PracticeForm(WatchedForm):
    """A case on the desk. `seen` is the count of edits the page was made from; `note` goes with a step."""

    parts = tuple(PARTS)
    changed_meanwhile = CHANGED_MEANWHILE
    note = NoteForm.base_fields["note"]

    class Meta:
        model = GoodPractice
        fields = forms.ALL_FIELDS
        error_messages = {"slug": {"invalid": _("Write English words in small letters, with hyphens between them.")}}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        cut_nothing(self)
        if "slug" in self.fields:
            # What a slug is made of is said once, by `_check_words_of_slug` or at last by the model.
            self.fields["slug"].validators = [row for row in self.fields["slug"].validators if row is not validate_slug]
        if isinstance(owner := self.fields.get("owner"), forms.ModelChoiceField):
            owner.queryset = possible_owners(self.instance.owner_id)
        self.step = BUTTONS.get(self.data.get("_step", ""))

    clean_note = NoteForm.clean_note

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug in RESERVED_SLUGS:
            raise forms.ValidationError(_("“%(slug)s” is an address of the portal itself."), params={"slug": slug})
        return slug

    def clean_theme(self) -> Theme:
        theme: Theme = self.cleaned_data["theme"]
        refuse_closed([theme])
        return theme

    def clean_themes(self) -> QuerySet[Theme]:
        themes: QuerySet[Theme] = self.cleaned_data["themes"]
        refuse_closed(themes)
        return themes

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._value("title_ja") == "" and self._value("title_en") == "":
            self.add_error("title_ja" if "title_ja" in self.fields else "title_en", IN_ONE_LANGUAGE)
        if "slug" in cleaned and cleaned.get("institution") and {"slug", "institution"} & set(self.changed_data):
            self._check_words_of_slug(cleaned["slug"], cleaned["institution"].slug)
        self._check_relations(cleaned)
        return cleaned

    def _value(self, name: str) -> Any:
        """What the case will hold: from the form, or where the field is read-only, from the row; None when invalid."""
        return self.cleaned_data.get(name) if name in self.fields else getattr(self.instance, name)

    @classmethod
    def seen_of(cls, record: GoodPractice, _content: Snapshot | None = None) -> str:
        return str(record.edits)

    def _check_words_of_slug(self, slug: str, institution: str) -> None:
        if not slug.startswith(f"{institution}-") or not SLUG_WORDS.fullmatch(slug.removeprefix(f"{institution}-")):
            self.add_error(
                "slug",
                forms.ValidationError(
                    _("Begin with “%(start)s” and add three to five English words in small letters, with hyphens."),
                    params={"start": f"{institution}-"},
                ),
            )

    def _check_relations(self, cleaned: dict[str, Any]) -> None:
        first, last = cleaned.get("first_fiscal_year"), cleaned.get("last_fiscal_year")
        if first and last and first > last:
            self.add_error("last_fiscal_year", _("The last year lies before the first."))
        headquarters, institution = cleaned.get("headquarters"), cleaned.get("institution")
        if headquarters and institution and headquarters.participation.institution_id != institution.pk:
            self.add_error("headquarters", _("These headquarters belong to another institution."))


class PartForm(forms.ModelForm[Any]):
    """An action or effect; its place may stay empty, then it comes last or stays where it was."""

    texts = "text"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        cut_nothing(self)
        if "position" in self.fields:
            self.fields["position"].help_text = _("1 comes first; empty: at the end.")
            if self.instance.pk is None:
                self.fields["position"].initial = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "position" in cleaned and cleaned["position"] is None and self.instance.pk:
            cleaned["position"] = self.instance.position
        values = {name: self._value(name) for name in (f"{self.texts}_{code}" for code in LANGUAGES)}
        if set(values.values()) == {""}:
            self.add_error(next(name for name in values if name in self.fields), IN_ONE_LANGUAGE)
        return cleaned

    def has_changed(self) -> bool:
        """A place alone makes no new part."""
        if self.instance.pk is None:
            return bool(set(self.changed_data) - {"position"})
        return super().has_changed()

    def is_moved(self) -> bool:
        """Whether it got a place that it did not have."""
        return self.cleaned_data.get("position") not in {None, self.initial.get("position")}

    def _value(self, name: str) -> Any:
        return self.cleaned_data.get(name) if name in self.fields else getattr(self.instance, name)


class LinkForm(PartForm):
    texts = "label"

    class Meta:
        model = Link
        fields = forms.ALL_FIELDS


class AttachmentForm(PartForm):
    texts = "title"

    class Meta:
        model = Attachment
        fields = forms.ALL_FIELDS
        widgets = {"file": forms.FileInput}


class PartFormSet(ReturningParts, CustomInlineFormSet):
    """Parts of one kind: numbers are given once and in a row, places can be typed as well as dragged."""

    def __init__(self, **named: Any) -> None:
        if "position" not in self.form.base_fields:
            named["default_order_field"] = None
        super().__init__(**named)
        if "position" in self.form.base_fields:
            place = forms.NumberInput(attrs={"class": "_reorder_", "min": 1, "max": LAST_NUMBER})
            self.form.base_fields["position"].widget = place

    def save(self, commit: bool = True) -> list[Any]:  # noqa: FBT001, FBT002  (Django's signature)
        if any(form.has_changed() for form in self.extra_forms):
            self.next_number = self.instance.next_number(self.fk.remote_field.related_name)
        saved: list[Any] = super().save(commit)
        if "position" in self.form.base_fields:
            self._close_ranks()
        return saved

    def save_new(self, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  (Django's signature)
        part: Any = forms.BaseInlineFormSet.save_new(self, form, commit=False)
        part.number = self.next_number
        self.next_number += 1
        part.position = part.position or LAST_NUMBER + 1
        if commit:
            part.save()
        return part

    def _close_ranks(self) -> None:
        """Makes the places 1 to n, in the order they were typed in."""
        parts = [form.instance for form in self._ranked() if form.instance.pk]
        for place, part in enumerate(parts, 1):
            if part.position != place:
                part.position = place
                part.save(update_fields=["position"])

    def _ranked(self) -> list[Any]:
        """The forms in their new order: a part with a new place takes it, the others keep theirs around it.

        Deleted parts hold their places too, for it is among them that the others were placed.
        """
        new = [form for form in self.extra_forms if not form.cleaned_data.get("position")]
        moved = [form for form in self.forms if form not in new and form.is_moved()]
        ranked = [form for form in self.forms if form not in new and form not in moved]
        ranked.sort(key=lambda form: (form.initial["position"], form.instance.number))
        index = -1
        for form in sorted(moved, key=lambda form: form.cleaned_data["position"]):
            index = max(index + 1, form.cleaned_data["position"] - 1)
            ranked.insert(index, form)
        return [*ranked, *new]


class RecommendationForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("theme") and cleaned.get("number") != cleaned["theme"].number:
            self.add_error("number", _("A recommendation has the number of its theme."))
        return cleaned


class ConceptForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("broader") and cleaned["broader"].pk == self.instance.pk:
            self.add_error("broader", _("A concept is not broader than itself."))
        return cleaned


class ConceptLabelForm(forms.ModelForm[ConceptLabel]):
    class Meta:
        model = ConceptLabel
        fields = forms.ALL_FIELDS
        error_messages = {NON_FIELD_ERRORS: {None: _("This label is taken, here or as a synonym of another concept.")}}
