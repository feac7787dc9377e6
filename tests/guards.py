"""The portal's guards, for `tests/remove_guards.py`: each a line, what stands there without it, and who must notice."""

from typing import Final

from tests.gates import GATES
from tests.guarding import LEAKS, Guard
from tests.survey_guards import SURVEY

DESK: Final = "tests/practices/test_admin.py tests/practices/test_admin_steps.py tests/practices/test_permissions.py"
STEPS: Final = "tests/practices/test_workflow.py"
ASKING: Final = "tests/practices/test_admin_asking.py"
REVISIONS: Final = "tests/practices/test_revisions.py tests/practices/test_admin_editions.py"

# Who may do what.
RIGHTS: Final = [
    Guard(
        "steps: the role",
        "practices/workflow.py",
        "if not step.permission(by, practice):",
        "if not by:",
        STEPS,
    ),
    Guard(
        "steps: the status",
        "practices/workflow.py",
        "if practice.status not in step.sources:",
        "if not practice:",
        STEPS,
    ),
    Guard(
        "steps: the note",
        "practices/workflow.py",
        "if step.needs_note and not note.strip():",
        "if not practice:",
        STEPS,
    ),
    Guard(
        "steps: publishing and archiving ask first",
        "practices/admin/asking.py",
        "ASKS_FIRST: Final = frozenset({Steps.PUBLISH, Steps.DISCARD, Steps.ARCHIVE})",
        "ASKS_FIRST: Final = frozenset({Steps.DISCARD})",
        ASKING,
    ),
    Guard(
        "steps: they ask behind an open form too",
        "practices/admin/steps.py",
        "if step in ASKS_FIRST and is_possible(step, practice, request.user):",
        "if not practice:",
        ASKING,
    ),
    Guard(
        "steps: an answer counts for the state it was asked about",
        "practices/admin/asking.py",
        'request.POST.get("confirmed" if step in ASKS_FIRST else "seen", "")',
        'request.POST.get("seen", "")',
        ASKING,
    ),
    Guard(
        "steps: a question from an outdated page shows what changed",
        "practices/admin/asking.py",
        'if "seen" in request.POST and whole_number(request.POST["seen"]) != practice.edits:',
        "if not practice:",
        ASKING,
    ),
    Guard(
        "desk: who reads it",
        "sih_portal/staff.py",
        "    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:\n"
        "        return may_read_desk(request.user)",
        "    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:\n        return True",
        f"{LEAKS} tests/practices/test_admin_steps.py",
    ),
    Guard(
        "desk: who changes a case",
        "practices/admin/practice.py",
        "return may_edit(request.user, obj) if obj else may_keep_records(request.user)",
        "return True",
        DESK,
    ),
    Guard(
        "desk: who deletes a case",
        "practices/admin/practice.py",
        "return may_delete(request.user, obj) if obj else may_curate(request.user)",
        "return True",
        f"{LEAKS} {DESK}",
    ),
    Guard(
        "desk: who adds a case",
        "practices/admin/practice.py",
        "        return may_curate(request.user)\n\n    def has_change_permission",
        "        return True\n\n    def has_change_permission",
        f"{LEAKS} {DESK}",
    ),
    Guard(
        "desk: a translator's one language",
        "practices/admin/parts.py",
        "return [name for name in names if not name.endswith(own)]",
        "return []",
        DESK,
    ),
    Guard(
        "desk: the published slug",
        "practices/admin/practice.py",
        'frozen = ["slug"] if obj and obj.editions.exists() else []',
        "frozen: list[str] = []",
        DESK,
    ),
    Guard(
        "desk: the columns a list may be filtered by",
        "sih_portal/staff.py",
        'return plain.removesuffix("__id") in {filter_name(entry) for entry in self.list_filter}',
        "return True",
        "tests/practices/test_admin_list.py tests/universities/test_admin.py",
    ),
    Guard(
        "desk: an address fills no form",
        "sih_portal/staff.py",
        '        """Nothing of the address: a link must not fill a form."""\n        return {}',
        "        return dict(request.GET.items())",
        "tests/practices/test_admin_list.py tests/universities/test_admin.py",
    ),
    Guard(
        "desk: files of drafts",
        "practices/admin/practice.py",
        '        """A file of the desk: the public address serves only what an edition names."""\n'
        "        if not self.has_view_permission(request):",
        '        """A file of the desk: the public address serves only what an edition names."""\n'
        "        if not request:",
        f"{LEAKS} tests/practices/test_admin_steps.py",
    ),
    Guard(
        "desk: previews",
        "practices/admin/practice.py",
        'or `en`; for every role."""\n        if not self.has_view_permission(request):',
        'or `en`; for every role."""\n        if not request:',
        f"{LEAKS} tests/practices/test_admin_steps.py",
    ),
    Guard(
        "records: who keeps them",
        "sih_portal/staff.py",
        "    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:\n"
        "        return self.may_keep(request)",
        "    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:\n"
        "        return True",
        f"{LEAKS} tests/universities/test_admin.py",
    ),
    Guard(
        "records: what something published names stays",
        "sih_portal/staff.py",
        "return self.may_keep(request) and not (obj and self.is_published(obj))",
        "return self.may_keep(request)",
        "tests/universities/test_admin.py tests/practices/test_record_views.py tests/practices/test_admin_list.py",
    ),
    Guard(
        "a translation is found good by its own translators",
        "practices/translations.py",
        "if not {drift.language for drift in settled} <= languages_to_edit(by, practice):",
        "if False:",
        "tests/practices/test_translations.py tests/practices/test_admin_translations.py",
    ),
    Guard(
        "the desk on the first page of the office",
        "practices/admin/index.py",
        "if not may_read_desk(request.user):",
        "if False:",
        "tests/practices/test_desk.py",
    ),
    Guard(
        "steps: an edition where one is needed",
        "practices/workflow.py",
        "if not (practice.editions.public().exists() if is_public is None else is_public):",
        "if not practice:",
        STEPS,
    ),
    Guard(
        "restore: the role",
        "practices/workflow.py",
        "if not permissions.may_curate(by, locked):",
        "if not by:",
        REVISIONS,
    ),
    Guard(
        "restore: into an open draft only",
        "practices/workflow.py",
        "if locked.status not in permissions.OPEN or edition.draft_id != locked.pk:",
        "if edition.draft_id != locked.pk:",
        REVISIONS,
    ),
    Guard(
        "restore: an edition of the same case only",
        "practices/workflow.py",
        "if locked.status not in permissions.OPEN or edition.draft_id != locked.pk:",
        "if locked.status not in permissions.OPEN:",
        REVISIONS,
    ),
    Guard(
        "desk: who duplicates a case",
        "practices/admin/duplicate.py",
        "if not may_curate(request.user):",
        "if not request:",
        "tests/practices/test_duplicating.py",
    ),
    Guard(
        "desk: filters are the own ones",
        "practices/admin/saved_filters.py",
        "return SavedFilter.objects.filter(owner=request.user.pk)",
        "return SavedFilter.objects.all()",
        "tests/practices/test_admin_saved_filters.py",
    ),
    Guard(
        "desk: files and pages of old versions",
        "practices/admin/editions.py",
        'for every role."""\n        if not self.has_view_permission(request):',
        'for every role."""\n        if not request:',
        f"{LEAKS} tests/practices/test_admin_editions.py",
    ),
]

# Nobody overwrites anybody.
CONFLICTS: Final = [
    Guard(
        "claim: the count of edits",
        "practices/workflow.py",
        "status__in=editable, edits=seen)",
        "status__in=editable)",
        STEPS,
    ),
    Guard(
        "claim: the status",
        "practices/workflow.py",
        "pk=practice.pk, status__in=editable, edits",
        "pk=practice.pk, edits",
        STEPS,
    ),
    Guard(
        "form: what others saved since",
        "sih_portal/conflicts.py",
        "if seen != self.seen_of(current):",
        "if not current:",
        "tests/practices/test_admin_conflicts.py tests/sih_portal/test_conflicts.py",
    ),
    Guard(
        "steps: what others saved since",
        "practices/workflow.py",
        "if seen not in {None, locked.edits}:",
        "if not locked:",
        f"{STEPS} {REVISIONS} tests/practices/test_admin_conflicts.py",
    ),
    Guard("restore: what others saved since", "practices/workflow.py", "    claim(locked, seen)\n", "", REVISIONS),
    Guard(
        "kept answers: publishing and archiving tell of themselves",
        "practices/workflow.py",
        "    DataVersion.objects.bump()\n",
        "",
        f"{STEPS} {REVISIONS} tests/test_version_guard.py",
    ),
    Guard(
        "kept answers: records tell of themselves",
        "sih_portal/staff.py",
        "        if has_shown:\n            DataVersion.objects.bump()\n",
        "",
        "tests/universities/test_admin.py tests/survey/test_admin.py tests/test_version_guard.py",
    ),
]

# What comes in and what goes out.
INPUT: Final = [
    Guard(
        "input: text no database can hold",
        "sih_portal/middleware.py",
        'if not is_api(request) and (refusals := unreadable(request.META.get("QUERY_STRING", ""))):',
        'if not is_api(request) and (refusals := unreadable("")):',
        "tests/test_hostile_input.py",
    ),
    Guard(
        "input: the same in the API",
        "sih_portal/rest.py",
        'if refusals := unreadable(request.META["QUERY_STRING"]) or self.refusals(request.query_params):',
        "if refusals := self.refusals(request.query_params):",
        "tests/test_hostile_input.py tests/sih_portal/test_rest.py",
    ),
    Guard(
        "output: formulas in CSV",
        "sih_portal/tabular.py",
        'return f"\'{text}" if FORMULA.match(text) else text',
        "return text",
        "tests/sih_portal/test_tabular.py",
    ),
    Guard(
        "trouble: passwords are not held",
        "sih_portal/trouble.py",
        'if hasattr(request, "sensitive_post_parameters") or any(',
        "if not fields and any(",
        "tests/sih_portal/test_trouble.py",
    ),
    Guard(
        "trouble: a form that nobody checked is not held",
        "sih_portal/trouble.py",
        'if request.method != "POST" or not getattr(request, "csrf_processing_done", False):',
        'if request.method != "POST":',
        "tests/sih_portal/test_trouble.py",
    ),
]

GUARDS: Final = [*GATES, *SURVEY, *RIGHTS, *CONFLICTS, *INPUT]
