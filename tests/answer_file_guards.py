"""The guards of the Excel form: whose file it is, what it may write over, and that nothing in it is run."""

from typing import Final

from tests.guarding import Guard

FORM: Final = "tests/survey/test_answer_sheet.py"
PAGES: Final = "tests/survey/test_answer_files.py"
PLANS: Final = "tests/survey/test_uploading.py"
MISTAKES: Final = "tests/survey/test_upload_mistakes.py"
PLANNING: Final = "survey/uploading/planning.py"
READING: Final = "survey/uploading/reading.py"
VIEWS: Final = "survey/views/answer_files.py"

ANSWER_FILES: Final = [
    *(
        Guard(f"answers in Excel: {name}", path, line, without, tests)
        for name, path, line, without, tests in (
            (
                "no file of another institution",
                READING,
                'if any(mark.response not in {"", own.response} for mark in marks):',
                "if not own.code:",
                MISTAKES,
            ),
            (
                "no file of another questionnaire",
                READING,
                "if any((mark.code, mark.version) != (own.code, own.version) for mark in marks):",
                "if not own.code:",
                MISTAKES,
            ),
            (
                "a preview is the institution's own",
                VIEWS,
                'return f"survey.upload.{response.public_id}"',
                'return "survey.upload"',
                PAGES,
            ),
            (
                "a preview is nothing that somebody made up",
                VIEWS,
                "    if said is None:\n",
                "    if said == []:\n",
                PAGES,
            ),
            (
                "a form of another tab is not taken",
                VIEWS,
                "response = self.own_response()",
                "response = self.response",
                PAGES,
            ),
            (
                "nothing with a mistake in it is written",
                VIEWS,
                "        if reading.problems:\n",
                "        if not reading:\n",
                PAGES,
            ),
            (
                "nothing is written over that its maker never saw",
                PLANNING,
                "        if is_overtaken:\n",
                "        if not said.code:\n",
                PLANS,
            ),
            ("conflicts are decided", PLANNING, "    if plan.undecided(decisions):\n", "    if not plan:\n", PLANS),
            (
                "written as it was shown",
                PLANNING,
                "if taken and plan.fingerprint != seen:",
                "if not plan.fingerprint:",
                PLANS,
            ),
            (
                "written whole or not at all",
                PLANNING,
                "        if saved.conflicts:\n            raise AnswersChanged\n",
                "",
                PLANS,
            ),
            ("a blank cell erases nothing", READING, "        if value.is_blank:\n", "        if not value:\n", PLANS),
            (
                "an untouched cell says nothing",
                READING,
                'if value.digest == line.text("digest").strip():',
                "if not value.digest:",
                PLANS,
            ),
            (
                "texts of people are never formulas",
                "survey/answer_sheet/drawing.py",
                'cell.data_type, cell.quotePrefix = "s", True',
                "pass",
                FORM,
            ),
            (
                "a blank form holds nobody's answers",
                VIEWS,
                'if response is None or "blank" in request.GET:',
                "if response is None:",
                PAGES,
            ),
        )
    ),
]
