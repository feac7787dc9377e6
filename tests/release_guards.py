"""The guards of computed releases: what would reveal somebody, or is not what somebody looked at, is not published."""

from typing import Final

from tests.guarding import Guard

DOMAIN: Final = "tests/survey/test_releasing.py"
NEXT: Final = "tests/survey/test_next_releases.py"
REGIONS: Final = "tests/survey/test_region_releases.py"
COMPUTING: Final = "tests/survey/test_compute_figures.py"
DESK: Final = "tests/survey/test_figures_admin.py"
SERIES: Final = "tests/survey/test_series.py"

RELEASES: Final = [
    Guard(f"release: {name}", path, line, without, tests)
    for name, path, line, without, tests in (
        (
            "what would reveal somebody",
            "survey/releasing/releases.py",
            "if disclosures := _revealed(held, row, answers.gathered):",
            "if (disclosures := _revealed(held, row, answers.gathered)) and not row.number:",
            DOMAIN,
        ),
        (
            "answers that changed since",
            "survey/releasing/releases.py",
            "if row.basis != held.basis or",
            "if not row.basis or",
            DOMAIN,
        ),
        (
            "answers that were accepted while it was computed",
            "survey/releasing/releases.py",
            " or _accepted_later(row):",
            ":",
            DOMAIN,
        ),
        (
            "figures that add up something else than in the release before",
            "survey/releasing/memory.py",
            "any(now.get(name) != told for",
            "any(not told for",
            NEXT,
        ),
        (
            "a few that no row of the solved cells shows",
            "survey/disclosure/sparse.py",
            "for chosen in _sets(sizes, fewest):",
            "for chosen in _sets(sizes, 1):",
            "tests/survey/test_disclosure_leftovers.py",
        ),
        (
            "a few among too many to look at",
            "survey/disclosure/sparse.py",
            "        return list(rows.values())\n",
            "        return []\n",
            "tests/survey/test_disclosure_leftovers.py",
        ),
        (
            "figures that were changed since",
            "survey/releasing/releases.py",
            'if _digest(row) != row.plan["digest"]:',
            'if not row.plan["digest"]:',
            "tests/survey/test_added_up_twice.py",
        ),
        (
            "figures that are not added up right",
            "survey/releasing/releases.py",
            "    if reason := disagreement(held, figures, ",
            "    if not figures and disagreement(held, figures, ",
            "tests/survey/test_added_up_twice.py",
        ),
        (
            "many that cells of two divisions tell apart",
            "survey/disclosure/planning.py",
            "        yield from self._derived(withheld, echelon)\n",
            "",
            "tests/survey/test_disclosure_derived.py",
        ),
        (
            "a share of two bases",
            "survey/releasing/numbers.py",
            'return (f"? {self.condition}",)',
            'return (f"{self.base} ? {self.condition}",)',
            "tests/survey/test_public_attack_cases.py",
        ),
        (
            "who is counted by what they answered",
            "survey/releasing/holding.py",
            " and self._sensitivities(counting) <= {Sensitivity.PUBLIC}",
            "",
            "tests/survey/test_public_attack_cases.py",
        ),
        (
            "which figures are withheld for others",
            "survey/releasing/releases.py",
            "        figure.confidentiality = Confidentiality.CONFIDENTIAL\n",
            '        figure.confidentiality = row.plan["marks"][figure.public_id]\n',
            "tests/survey/test_public_attack_cases.py",
        ),
        (
            "a smallest and a largest number",
            "survey/engine/computing.py",
            "return [row for row in rows if row.measure not in hidden]",
            "return list(rows)",
            "tests/survey/test_printed_contrast.py",
        ),
        (
            "a difference of a few",
            "survey/releasing/releases.py",
            "if refuses_release(answers.differing, Rules()):",
            "if refuses_release(0, Rules()):",
            NEXT,
        ),
        (
            "what earlier releases told",
            "survey/releasing/holding.py",
            'return list(rows.order_by("number"))',
            'return list(rows.order_by("number"))[:0]',
            NEXT,
        ),
        (
            "answers that change while they are read",
            "survey/releasing/releases.py",
            "if held.basis != basis:",
            "if not held.basis:",
            COMPUTING,
        ),
        (
            "a release that becomes public while the next one is computed",
            "survey/releasing/holding.py",
            'digest.update(f"release {release.pk}\\n".encode())',
            'digest.update(b"")',
            COMPUTING,
        ),
        (
            "rounds without accepted answers",
            "survey/releasing/releases.py",
            "if not accepted_in(survey_round).exists():",
            "if not survey_round.code:",
            COMPUTING,
        ),
        (
            "what nobody looked at, by a command",
            "survey/management/commands/publish_figures.py",
            "if draft is None or releasing.mark_of(draft) != release:",
            "if draft is None:",
            COMPUTING,
        ),
        (
            "more answers than a page can wait for",
            "survey/admin/figures.py",
            'if "withhold" not in request.POST and releasing.accepted_in(survey_round).count() > MOST:',
            "if not request.POST:",
            DESK,
        ),
        (
            "what is published already",
            "survey/releasing/releases.py",
            "if row.published_at or not row.computed_at:",
            "if not row.computed_at:",
            DOMAIN,
        ),
        (
            "rounds that still take answers",
            "survey/releasing/releases.py",
            "if reason := computable(row):",
            "if (reason := computable(row)) and row.questionnaire is None:",
            DOMAIN,
        ),
        (
            "other roles",
            "survey/releasing/releases.py",
            "    if not may_keep_survey(by):\n",
            "    if not by:\n",
            DOMAIN,
        ),
        (
            "small bases of percentages",
            "survey/releasing/releases.py",
            "value=None if _has_small_base(figure) else figure.value,",
            "value=figure.value,",
            DOMAIN,
        ),
        (
            "places that changed since",
            "survey/releasing/holding.py",
            "for name in GROUPING))",
            "for name in GROUPING[:2]))",
            DOMAIN,
        ),
        (
            "to which groups institutions belonged then",
            "survey/releasing/reading.py",
            "self.memberships.get((release.pk, response.invitation_id), response.invitation)",
            "response.invitation",
            REGIONS,
        ),
        (
            "a difference of a few behind new groups",
            "survey/releasing/reading.py",
            "if number.group in told}",
            "if told}",
            REGIONS,
        ),
        (
            "series: questions that break it",
            "survey/series.py",
            "question = None if question in self.broken else self.before.get(question)",
            "question = self.before.get(question)",
            SERIES,
        ),
        (
            "series: releases that are not public",
            "survey/series.py",
            "rows = Figure.objects.public().filter(",
            "rows = Figure.objects.filter(",
            SERIES,
        ),
        (
            "calculations that read what they must not tell",
            "survey/releasing/releases.py",
            "    if unfit := held.unfit:\n",
            "    if unfit := held.unfit[:0]:\n",
            DOMAIN,
        ),
        (
            "what has to be withheld and is not",
            "survey/releasing/releases.py",
            "        if to_go(row):\n",
            "        if not row.plan:\n",
            DOMAIN,
        ),
        (
            "pages that were kept before",
            "survey/releasing/releases.py",
            "        DataVersion.objects.bump()\n",
            "",
            "tests/survey/test_computed_pages.py",
        ),
        (
            "a draft nobody looked at",
            "survey/admin/figures.py",
            'if draft is None or request.POST.get("release") != releasing.mark_of(draft):',
            "if draft is None:",
            DESK,
        ),
        (
            "what nobody confirmed",
            "survey/admin/figures.py",
            'if not request.POST.get("sure") and',
            "if not request.POST and",
            DESK,
        ),
        (
            "figures that are not public yet",
            "survey/admin/results.py",
            "rows if may_keep_survey(request.user) else rows.filter(release__published_at__isnull=False)",
            "rows",
            DESK,
        ),
        (
            "releases that are not public yet",
            "survey/admin/results.py",
            "rows if may_keep_survey(request.user) else rows.filter(published_at__isnull=False)",
            "rows",
            DESK,
        ),
    )
]
