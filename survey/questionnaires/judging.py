"""What keeps a questionnaire from being sent out: everything that somebody would stumble over who answers it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.db.models import Model
from django.utils.translation import gettext as _

from sih_portal.language import LANGUAGES
from survey import rules
from survey.models import Cell, Question, QuestionKind, Questionnaire
from survey.rules import Rule, RuleError

from .form import Form, FormQuestion, FormSection, form_of

CHOICES: Final = (QuestionKind.YES_NO, QuestionKind.SINGLE)
YES_AND_NO: Final = (1, 2)
# Pages beside those of the sections, `answer/<section>/` and at the desk `paper/<section>/`.
OWN_PLACES: Final = ("open", "review", "receipt", "print", "blank", "leave", "upload", "mirror", "submit", "explain")


def mistakes(questionnaire: Questionnaire) -> list[str]:
    """What has to be put right before a round can open, in the order of the form; empty when nothing has. 8 queries.

    Rules that can't be read are told alone: without them there is no form to judge.
    """
    unreadable = list(_unreadable(questionnaire))
    return unreadable or list(dict.fromkeys(_of_form(form_of(questionnaire))))


def _unreadable(questionnaire: Questionnaire) -> Iterator[str]:
    questions = Question.objects.filter(section__questionnaire=questionnaire).exclude(universe="")
    asked = [(row.code, row.universe) for row in questions.order_by("section__position", "position", "code")]
    checks = [(row.code, row.rule) for row in questionnaire.checks.order_by("position", "code")]
    for code, text in (*asked, *checks):
        try:
            rules.read(text)
        except RuleError as error:
            yield _("%(where)s: %(what)s") % {"where": code, "what": error}


def _of_form(form: Form) -> Iterator[str]:
    yield from _untold(form.row, form.row.code, "title")
    yield from _half_told(form.row, form.row.code, "introduction")
    yield from _of_definitions(form)
    if not form.sections:
        yield _("The questionnaire has no section.")
    yield from _twice(form)
    for section in form.sections:
        yield from _of_section(form, section)
    for check in form.checks:
        yield from _untold(check.row, check.code, "message")
        yield from _of_rule(form, check.code, check.rule)
        if not check.rule.cells:
            yield _("%(where)s: the rule names no cell.") % {"where": check.code}


def _of_definitions(form: Form) -> Iterator[str]:
    if not form.definitions:
        yield _("Nothing is defined: say before the first section what the words on the form mean.")
    for row in (*form.definitions, *(row for section in form.sections for row in section.definitions)):
        yield from _untold(row, row.code, "term", "text")


def _twice(form: Form) -> Iterator[str]:
    questions = [question for section in form.sections for question in section.questions]
    for code in _repeated(question.code for question in questions):
        yield _("%(code)s is the code of more than one question.") % {"code": code}
    for code in _repeated(cell.code for question in questions for cell in question.cells):
        yield _("%(code)s is the code of more than one cell.") % {"code": code}


def _of_section(form: Form, section: FormSection) -> Iterator[str]:
    yield from _untold(section.row, section.code, "title")
    yield from _half_told(section.row, section.code, "help")
    if section.code in OWN_PLACES:
        yield _("%(where)s: this code is the address of a page of its own. Choose another one.") % {
            "where": section.code
        }
    if not section.questions:
        yield _("%(where)s: there is no question.") % {"where": section.code}
    for question in section.questions:
        yield from _untold(question.row, question.code, "text")
        yield from _half_told(question.row, question.code, "help", "unit")
        yield from _of_options(question)
        yield from _of_cells(question)
        yield from _of_universe(form, question)


def _of_options(question: FormQuestion) -> Iterator[str]:
    codes, where = [option.code for option in question.options], {"where": question.code}
    if question.kind not in CHOICES:
        if codes:
            yield _("%(where)s: this kind of question has no options.") % where
        return
    if question.kind == QuestionKind.YES_NO and codes != [*YES_AND_NO]:
        yield _("%(where)s: yes or no needs the options 1 and 2.") % where
    if question.kind == QuestionKind.SINGLE and len(codes) < 2:
        yield _("%(where)s: there are fewer than two options.") % where
    for option in question.options:
        yield from _untold(option, f"{question.code} {option.code}", "label")


def _of_cells(question: FormQuestion) -> Iterator[str]:
    where = {"where": question.code}
    if not question.filled:
        yield _("%(where)s: there is no cell to fill in.") % where
    if question.kind == QuestionKind.MULTI and len(question.filled) < 2:
        yield _("%(where)s: several answers need a cell for each of them.") % where
    has_labels = question.kind in {QuestionKind.MATRIX, QuestionKind.MULTI} or len(question.cells) > 1
    for cell in question.cells:
        if not rules.is_cell(cell.code):
            yield _("%(code)s: a cell's code is made of two names or more, such as Q1.hq.") % {"code": cell.code}
        yield from (_untold if has_labels else _half_told)(cell, cell.code, "label")
        yield from _of_table_cell(question, cell)


def _of_table_cell(question: FormQuestion, cell: Cell) -> Iterator[str]:
    code = {"code": cell.code}
    if question.kind != QuestionKind.MATRIX:
        if cell.is_total:
            yield _("%(code)s: a total stands in a table only.") % code
        return
    if cell.fiscal_year is None:
        yield _("%(code)s: a table's cell needs its fiscal year.") % code
    elif not cell.code.endswith(f".{cell.fiscal_year}"):
        yield _("%(code)s: the code of a table's cell ends with its fiscal year.") % code
    if cell.is_total and not question.summands(cell):
        yield _("%(code)s: there is nothing to add up in this fiscal year.") % code


def _of_universe(form: Form, question: FormQuestion) -> Iterator[str]:
    """Who is asked depends on what stands before the question, or nobody could know it while answering."""
    if question.universe is None:
        return
    yield from _of_rule(form, question.code, question.universe)
    places = {code: place for place, code in enumerate(form.cells)}
    own = min((places[cell.code] for cell in question.cells), default=0)
    for code in question.universe.cells:
        if places.get(code, -1) >= own:
            message = _("%(where)s: who is asked depends on %(code)s, which comes only later.")
            yield message % {"where": question.code, "code": code}


def _of_rule(form: Form, where: str, rule: Rule) -> Iterator[str]:
    for code in rule.cells:
        if code not in form.cells:
            yield _("%(where)s: the rule names %(code)s, which no question has.") % {"where": where, "code": code}


def _untold(row: Model, where: str, *stems: str) -> Iterator[str]:
    """Texts that have to be there in both languages."""
    for name in (f"{stem}_{language}" for stem in stems for language in LANGUAGES):
        if not str(getattr(row, name)).strip():
            yield _missing(row, where, name)


def _half_told(row: Model, where: str, *stems: str) -> Iterator[str]:
    """Texts that may be empty, but not in one language alone."""
    for stem in stems:
        names = [f"{stem}_{language}" for language in LANGUAGES]
        if any(getattr(row, name) for name in names):
            yield from _untold(row, where, stem)


def _missing(row: Model, where: str, name: str) -> str:
    field: Any = row._meta.get_field(name)
    return _("%(where)s: “%(field)s” is empty.") % {"where": where, "field": field.verbose_name}


def _repeated(codes: Iterable[str]) -> Sequence[str]:
    return [code for code, times in Counter(codes).items() if times > 1]
