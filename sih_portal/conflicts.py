"""Two people at one form: the second save is refused first, and nothing that was typed gets lost."""

from collections.abc import Sequence
from copy import copy
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .merging import in_order
from .snapshots import Snapshot, seal, snapshot, state_of

CHANGED_MEANWHILE: Final = _("Not saved yet: somebody else changed this record while you were writing.")
DELETED_MEANWHILE: Final = _(
    "Somebody else deleted this entry while you were writing. Nothing is saved yet; saving again brings it back "
    "as a new one. To leave it deleted, remove it or empty its fields."
)


class Unrecorded(forms.CharField):
    """A field whose value is no change of the record: the log does not tell of it."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class WatchedForm(forms.ModelForm[Any]):
    """A record that was saved since the page was made is not overwritten unseen. `parts`: relations edited with it.

    `seen` is the state the page was made from, `made_from` its content, so that a conflict can tell who changed what.
    """

    seen = Unrecorded(required=False, widget=forms.HiddenInput)
    made_from = Unrecorded(required=False, widget=forms.HiddenInput)
    parts: ClassVar[Sequence[str]] = ()
    changed_meanwhile: ClassVar[Any] = CHANGED_MEANWHILE

    def __init__(self, *arguments: Any, **named: Any) -> None:
        # Before Django reads what the page shows: a save in between then is a conflict too many, never one too few.
        record = named.get("instance")
        marks = self.marks_of(record) if record and record.pk and not arguments else {}
        super().__init__(*arguments, **named)
        for name, value in marks.items():
            self.fields[name].initial = value

    @classmethod
    def marks_of(cls, record: models.Model) -> dict[str, str]:
        """What a page made from the record carries along."""
        content = snapshot(record, cls.parts)
        return {"seen": cls.seen_of(record, content), "made_from": seal(content)}

    @classmethod
    def seen_of(cls, record: Any, content: Snapshot | None = None) -> str:
        """The state of the record; with `content` at hand no query."""
        return state_of(content or snapshot(record, cls.parts))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_after_others(cleaned.get("seen"))
        return cleaned

    def _refuse_after_others(self, seen: str | None) -> None:
        """Locks the row until the request ends, so that nobody saves between this comparison and the save."""
        current = self._meta.model._default_manager.select_for_update().get(pk=self.instance.pk)
        if seen != self.seen_of(current):
            self._refuse(current)

    def _refuse(self, current: models.Model) -> None:
        """Makes the save a conflict, and what comes back the form whose next save is a conscious one."""
        self.add_error(None, ValidationError(self.changed_meanwhile, code="conflict"))
        renewed: Any = copy(self.data)
        for name, value in self.marks_of(current).items():
            renewed[name] = value
        self.data = renewed


class ReturningParts(forms.BaseInlineFormSet[Any, Any, Any]):
    """Parts of a record. What was typed into one that somebody deleted meanwhile comes back as a new part.

    Django would drop such a form from the page and then refuse every save for want of it.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.returned = range(0)
        if self.is_bound:
            self._return_deleted()

    def clean(self) -> None:
        super().clean()
        for index in self.returned:
            if self.forms[index].has_changed():
                self.forms[index].add_error(None, ValidationError(DELETED_MEANWHILE))

    def _return_deleted(self) -> None:
        """Rewrites the posted names: the parts that still stand first, then those that return, then the new ones."""
        stored, total = self.initial_form_count(), self.total_form_count()
        present = {str(part.pk) for part in self.get_queryset()}
        standing = [index for index in range(stored) if self._posted(index, "id") in present]
        gone = [index for index in range(stored) if index not in standing]
        returning = [index for index in gone if not self._posted(index, "DELETE")]
        if not gone:
            return
        order = [*standing, *returning, *range(stored, total)]
        self.returned = range(len(standing), len(standing) + len(returning))
        data = in_order(self.data, str(self.prefix), order)
        for index in self.returned:
            data[f"{self.prefix}-{index}-id"] = ""
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(standing))
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(order))
        self.data, self.files = data, in_order(self.files, str(self.prefix), order)
        del self.management_form

    def _posted(self, index: int, name: str) -> Any:
        return self.data.get(f"{self.prefix}-{index}-{name}")
