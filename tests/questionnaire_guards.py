"""The guards of questionnaires: what is frozen stays as it is, and nothing unfinished is sent out."""

from typing import Final

from tests.guarding import Guard

DATABASE: Final = "tests/survey/test_frozen.py"
DESK: Final = "tests/survey/test_questionnaires_admin.py"
FROZEN_DESK: Final = "tests/survey/test_frozen_admin.py"
VERSIONS: Final = "tests/survey/test_questionnaire_versions.py"
SOURCE: Final = "tests/survey/test_questionnaire_source.py"

QUESTIONNAIRES: Final = [
    *(
        Guard(f"questionnaire: the database refuses {name}", "survey/freezing.py", line, without, DATABASE)
        for name, line, without in (
            (
                "a change of a frozen one",
                'return "OLD.frozen_at IS NOT NULL"',
                'return "OLD.frozen_at IS NOT NULL AND 1 = 0"',
            ),
            (
                "a change of its parts",
                "WHERE frozen_at IS NOT NULL AND ({owners})",
                "WHERE frozen_at IS NOT NULL AND 1 = 0 AND ({owners})",
            ),
            ("what moves into it", '"UPDATE": ("OLD", "NEW")', '"UPDATE": ("OLD",)'),
            ("one in its place", "AND (gone.id = NEW.id OR", "AND 1 = 0 AND (gone.id = NEW.id OR"),
            ("a part in its part's place", "gone WHERE gone.id = NEW.id)", "gone WHERE 1 = 0)"),
        )
    ),
    *(
        Guard(
            f"questionnaire: the desk {name}",
            "survey/admin/building.py",
            f"return {line}",
            "return " + line.replace("not is_frozen(obj)", "True"),
            FROZEN_DESK,
        )
        for name, line in (
            ("only shows what is frozen", "super().has_change_permission(request, obj) and not is_frozen(obj)"),
            ("deletes nothing frozen", "super().has_delete_permission(request, obj) and not is_frozen(obj)"),
        )
    ),
    Guard(
        "questionnaire: what was typed when it was frozen is shown",
        "survey/admin/building.py",
        "return self.not_saved(request, record) if is_frozen(record) else None",
        "return None",
        FROZEN_DESK,
    ),
    Guard(
        "questionnaire: a refusal of the database is told",
        "survey/admin/building.py",
        "if REFUSAL not in str(error):",
        "if error:",
        FROZEN_DESK,
    ),
    Guard(
        "questionnaire: a definition stands with a section of its own",
        "survey/admin/question_forms.py",
        "return Section.objects.filter(questionnaire=self.instance.pk).order_by(",
        "return Section.objects.order_by(",
        DESK,
    ),
    Guard(
        "questionnaire: a question continues one of the version before",
        "survey/admin/question_forms.py",
        "Question.objects.filter(section__questionnaire=before)",
        "Question.objects.all()",
        DESK,
    ),
    Guard(
        "questionnaire: rules are read where they are typed",
        "survey/admin/question_forms.py",
        "            raise ValidationError(str(error)) from error",
        "            return rule if error else rule",
        DESK,
    ),
    Guard(
        "questionnaire: one with mistakes is not frozen",
        "survey/questionnaires/versions.py",
        "if found := mistakes(row):",
        "if not (found := mistakes(row)) and found:",
        VERSIONS,
    ),
    Guard(
        "questionnaire: loading leaves alone what is frozen or continued",
        "survey/importing.py",
        "if one.key(QUESTIONNAIRES) not in keys]",
        "if one.key(QUESTIONNAIRES)]",
        SOURCE,
    ),
]
