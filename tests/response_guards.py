"""The guards of the answers' desk: who comes in, and that nobody acts on what others changed meanwhile."""

from typing import Final

from tests.guarding import Guard

READ: Final = "tests/survey/test_responses_admin.py"
STEPS: Final = "tests/survey/test_response_steps_admin.py"
PAPER: Final = "tests/survey/test_paper_admin.py"
ROUNDS: Final = "tests/survey/test_round_steps_admin.py"
EXPORT: Final = "tests/survey/test_round_export.py"

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
]
