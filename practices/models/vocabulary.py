"""The words of the public cases. Derived from their texts: `practices.search` alone writes them."""

from typing import ClassVar, Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .concept import ConceptLabel

LONGEST_WORD: Final = 40


class VocabularyQuerySet(models.QuerySet["VocabularyWord"]):
    def beginning_with(self, key: str) -> Self:
        """Words whose key begins so, those of most cases first; by the index from two characters on."""
        narrowed = self.filter(head=key[:2]) if len(key) > 1 else self
        return narrowed.filter(key__startswith=key).order_by("-cases", "word")


class VocabularyWord(models.Model):
    """A word as the cases write it, in small letters, with what it is found by when somebody mistypes it.

    `key` is the word as it is compared. `head` are its first two characters; `opening`, `middle` and `ending` are its
    thirds, each behind the length of the whole: a word that differs little has one of them in common.
    """

    word = models.CharField(_("word"), max_length=LONGEST_WORD, unique=True)
    language = models.CharField(_("language"), max_length=2, choices=ConceptLabel.Language)
    cases = models.PositiveIntegerField(_("public cases with the word"), editable=False)
    key = models.CharField(_("key"), max_length=LONGEST_WORD)
    head = models.CharField(_("beginning"), max_length=2)
    opening = models.CharField(_("first third"), max_length=20)
    middle = models.CharField(_("second third"), max_length=20)
    ending = models.CharField(_("last third"), max_length=20)

    objects = VocabularyQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of the cases")
        verbose_name_plural = _("words of the cases")
        indexes: ClassVar[list[models.Index]] = [
            models.Index("head", models.F("cases").desc(), name="practices_word_by_head"),
            models.Index(fields=["opening"], name="practices_word_by_opening"),
            models.Index(fields=["middle"], name="practices_word_by_middle"),
            models.Index(fields=["ending"], name="practices_word_by_ending"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(cases__gte=1), name="%(app_label)s_%(class)s_has_a_case"),
        ]

    def __str__(self) -> str:
        return self.word
