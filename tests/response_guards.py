"""The guards of the answers' desk: who comes in, and that nobody acts on what others changed meanwhile."""

from typing import Final

from tests.guarding import Guard

READ: Final = "tests/survey/test_responses_admin.py"
STEPS: Final = "tests/survey/test_response_steps_admin.py"
PAPER: Final = "tests/survey/test_paper_admin.py"
ROUNDS: Final = "tests/survey/test_round_steps_admin.py"
EXPORT: Final = "tests/survey/test_round_export.py"
IMPORT: Final = "tests/survey/test_round_import.py"
IMPORTED: Final = "tests/survey/test_round_import_admin.py"

RESPONSES: Final = [
    *(
        Guard(
            f"answers: nobody may {verb} a response",
            "survey/admin/responses.py",
            f"    def has_{verb}_permission({arguments}) -> bool:\n        return False",
            f"    def has_{verb}_permission({arguments}) -> bool:\n        return True",
            READ,
        )
        for verb, arguments in (
            ("add", "self, request: HttpRequest"),
            ("delete", "self, request: HttpRequest, obj: Response | None = None"),
        )
    ),
    Guard(
        "answers: those to questions that are not asked decide nothing",
        "survey/answering/sheet.py",
        "            if is_asked is not False:\n",
        "            if is_asked is not None or not facts.is_pilot:\n",
        "tests/survey/test_answering.py",
    ),
    Guard(
        "answers: who reads one",
        "survey/admin/responses.py",
        "        if not self.has_view_permission(request):\n",
        "        if not request.user:\n",
        READ,
    ),
    Guard(
        "answers: how far a round has come, on the first page",
        "survey/admin/progress.py",
        "        if not may_keep_survey(request.user):\n",
        "        if not request.user:\n",
        ROUNDS,
    ),
    Guard(
        "answers: a mail is not shown for what others did meanwhile",
        "survey/admin/returning.py",
        '        if found.since(seen(request, "seen")):\n',
        "        if found.since(10**9):\n",
        STEPS,
    ),
    Guard(
        "answers: nothing is returned that others took a step with meanwhile",
        "survey/workflow.py",
        "    if seen is not None and row.snapshots.filter(pk__gt=seen).exists():\n",
        "    if seen == -2:\n",
        STEPS,
    ),
    Guard(
        "answers: paper that is not expected",
        "survey/recipients/paper.py",
        "    if row.outcome:\n",
        "    if not row.pk:\n",
        PAPER,
    ),
    Guard(
        "answers: who took the files",
        "survey/admin/exports.py",
        "        self.log_change(request, survey_round, told % {",
        "        str({",
        EXPORT,
    ),
    Guard(
        "answers: what is outside its universe does not count",
        "survey/microdata/rows.py",
        "        if self.is_asked(code) is False:\n",
        "        if not code:\n",
        EXPORT,
    ),
    *(
        Guard(f"import: {name}", "survey/workflow.py", line, without, IMPORT)
        for name, line, without in (
            (
                "never into an open or a published round",
                '    if survey_round.state not in {Round.State.DRAFT, Round.State.CLOSED}:\n        return str(_("Only',
                '    if not survey_round.pk:\n        return str(_("Only',
            ),
            (
                "never beside answers that are there",
                "    if Response.objects.filter(invitation__round=survey_round).exists():\n",
                "    if not survey_round.pk:\n",
            ),
            (
                "a round without a questionnaire",
                "    if survey_round.questionnaire_id is None:\n",
                "    if not survey_round.pk:\n",
            ),
            (
                "its questionnaire is changed no more",
                "        row.questionnaire = freeze(row.questionnaire, at=at)\n",
                "        str(freeze)\n",
            ),
            (
                "who writes accepted answers",
                "    _refuse_strangers(by)\n    actor = Actor.of_staff(by)\n    for one in given:\n",
                "    actor = Actor.of_staff(by)\n    for one in given:\n",
            ),
        )
    ),
    *(
        Guard(f"import: {name}", "survey/microdata/planning.py", line, without, IMPORT)
        for name, line, without in (
            ("what was shown is written", "or fresh.fingerprint != seen:", "or not seen:"),
            ("with a problem nothing is written", "    if fresh.problems or ", "    if "),
            ("who declined did not answer", "entry.invitation.outcome and one.is_answered:", "not one.number:"),
        )
    ),
    *(
        Guard(f"import: {name}", "survey/microdata/reading.py", line, without, IMPORT)
        for name, line, without in (
            (
                "codes are those of the round's questionnaire",
                "if not is_own or (mark and",
                "if not row.pk or (not mark and",
            ),
            ("two tables of a file say the same", "if key in self.wide and", "if not key and"),
            ("totals are the sums of their rows", "if typed is not None and typed !=", "if typed == -1 !="),
            (
                "one line for each number",
                "            if one.record is not record:\n",
                "            if not one.record:\n",
            ),
            ("one line for each cell", "            if first != record.row:\n", "            if not first:\n"),
        )
    ),
    Guard(
        "import: only what was submitted",
        "survey/microdata/single.py",
        "    if word and word not in TAKEN:\n",
        "    if not TAKEN:\n",
        IMPORT,
    ),
    Guard(
        "import: no moment that no database keeps",
        "survey/microdata/single.py",
        "    if not EARLIEST <= found <= latest:\n",
        "    if not found:\n",
        IMPORT,
    ),
    *(
        Guard(f"import: {name}", "survey/admin/imports.py", line, without, IMPORTED)
        for name, line, without in (
            (
                "a preview is read against its questionnaire",
                "        if mark != microdata.mark_of(asked):\n",
                "        if not mark:\n",
            ),
            ("a preview that is too large", "    if len(rows) <= LARGEST_PREVIEW:\n", "    if rows:\n"),
            (
                "the history says who did it",
                "        self.log_change(request, survey_round, told)\n",
                "",
            ),
        )
    ),
    *(
        Guard(f"import: {name}", "survey/admin/previews.py", line, without, IMPORTED)
        for name, line, without in (
            ("a preview is one person's", ".{request.user.pk}", ""),
            ("a preview is of one round", ".{survey_round.pk}.", "."),
        )
    ),
    *(
        Guard(f"twin: {name}", path, line, without, "tests/survey/test_twin.py")
        for name, path, line, without in (
            (
                "never in production",
                "survey/management/commands/make_synthetic_round.py",
                "        if settings.PRODUCTION:\n",
                "        if not settings.BASE_DIR:\n",
            ),
            ("never public", "survey/twin/round.py", "        is_synthetic=True,\n", ""),
            (
                "once for a code",
                "survey/twin/round.py",
                "    if Round.objects.filter(code=code).exists():\n",
                "    if not code:\n",
            ),
        )
    ),
]
