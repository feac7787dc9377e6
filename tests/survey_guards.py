"""The survey's own guards: its gates, and what nobody may change at its desk."""

from typing import Final

from tests.answer_file_guards import ANSWER_FILES
from tests.asking_guards import ASKING
from tests.guarding import LEAKS, Guard
from tests.mirror_guards import MIRRORS
from tests.questionnaire_guards import QUESTIONNAIRES
from tests.release_guards import RELEASES
from tests.respondent_guards import RESPONDENTS
from tests.response_guards import RESPONSES

DESK: Final = "tests/survey/test_admin.py"
MODELS: Final = "tests/survey/test_models.py"
PUBLIC: Final = "return self.filter(published_at__isnull=False, superseded_at__isnull=True, round__is_synthetic=False)"

SURVEY_GATES: Final = [
    *(
        Guard(f"survey: {name}", "survey/models/figure.py", PUBLIC, f"return self.filter({conditions})", tests)
        for tests in (LEAKS, MODELS)
        for name, conditions in (
            ("a release is public once it is published", "superseded_at__isnull=True, round__is_synthetic=False"),
            ("a superseded release is public no more", "published_at__isnull=False, round__is_synthetic=False"),
            ("a made-up round is never public", "published_at__isnull=False, superseded_at__isnull=True"),
        )
    ),
    Guard(
        "survey: figures of public releases",
        "survey/models/figure.py",
        "self.filter(release__in=Release.objects.public())",
        "self.all()",
        MODELS,
    ),
    *(
        Guard(
            "survey: an internal indicator is never public",
            "survey/models/figure.py",
            "of_public_releases.exclude(indicator__sensitivity=Sensitivity.INTERNAL)",
            "of_public_releases",
            tests,
        )
        for tests in (LEAKS, MODELS)
    ),
    Guard(
        "survey: rounds with a public release",
        "survey/models/round.py",
        "releases.objects.public().filter(",
        "releases.objects.filter(",
        MODELS,
    ),
    Guard(
        "survey: indicators with a public figure",
        "survey/models/indicator.py",
        "figures.objects.public().filter(",
        "figures.objects.filter(",
        MODELS,
    ),
    Guard(
        "survey: list of rounds",
        "survey/views/results.py",
        "return Round.objects.public().newest_first()",
        "return Round.objects.newest_first()",
        LEAKS,
    ),
    Guard(
        "survey: pages of a round",
        "survey/views/results.py",
        "return Release.objects.public().select_related(",
        "return Release.objects.all().select_related(",
        LEAKS,
    ),
    Guard(
        "survey: indicators named at a point to know",
        "survey/views/results.py",
        "Indicator.objects.filter(pk__in=told).in_order()",
        "Indicator.objects.in_order()",
        LEAKS,
    ),
    Guard(
        "survey: panels on pages of other apps",
        "survey/templatetags/survey.py",
        "        figures.public()\n",
        "        figures.all()\n",
        LEAKS,
    ),
    *(
        Guard(f"survey: {name} in the sitemap", "sih_portal/sitemaps.py", gate, gate.replace("public", "all"), tests)
        for tests in (LEAKS, "tests/sih_portal/test_views.py")
        for name, gate in (
            ("rounds", "Round.objects.public().newest_first()"),
            ("indicators", "Figure.objects.public().one_of_each_indicator()"),
        )
    ),
]

SURVEY_DESK: Final = [
    Guard(
        "survey desk: its managers' predicate",
        "survey/permissions.py",
        "return Role.SURVEY_MANAGER in roles(user)",
        "return bool(roles(user))",
        DESK,
    ),
    Guard(
        "survey desk: who keeps its records",
        "survey/admin/results.py",
        "return may_keep_survey(request.user)",
        "return True",
        DESK,
    ),
    *(
        Guard(
            f"survey desk: nobody may {verb} what a release wrote",
            "survey/admin/results.py",
            f"    def has_{verb}_permission({arguments}) -> bool:\n        return False",
            f"    def has_{verb}_permission({arguments}) -> bool:\n        return True",
            DESK,
        )
        for verb, arguments in (
            ("add", "self, request: HttpRequest"),
            ("change", "self, request: HttpRequest, obj: Row | None = None"),
            ("delete", "self, request: HttpRequest, obj: Row | None = None"),
        )
    ),
    *(
        Guard(f"survey desk: {name}", "survey/admin/rounds.py", line, without, DESK)
        for name, line, without in (
            ("the code of a round", 'public_id = ["code", "is_synthetic"]', 'public_id = ["is_synthetic"]'),
            ("a made-up round stays one", 'public_id = ["code", "is_synthetic"]', 'public_id = ["code"]'),
            ("the state of a round", 'readonly_fields = ["state", "opens_at"]', 'readonly_fields = ["opens_at"]'),
            ("a round that was released stays", 'published_by = ["releases"]', "published_by = []"),
            ("rounds in preparation bump nothing", "rows.filter(pk__in=Round.objects.public())", "rows"),
        )
    ),
    *(
        Guard(f"survey desk: {name}", "survey/admin/results.py", line, without, DESK)
        for name, line, without in (
            ("the code of an indicator", 'public_id = ["code", "unit"]', 'public_id = ["unit"]'),
            ("the unit of an indicator", 'public_id = ["code", "unit"]', 'public_id = ["code"]'),
            ("the place of a point to know", 'public_id = ["round", "number"]', "public_id = []"),
            ("an indicator with figures stays", 'published_by = ["figures"]', "published_by = []"),
            ("indicators in preparation bump nothing", "rows.filter(pk__in=Indicator.objects.public())", "rows"),
            ("points in preparation bump nothing", "rows.filter(round__in=Round.objects.public())", "rows"),
        )
    ),
    Guard(
        "survey desk: an indicator that becomes internal",
        "survey/admin/results.py",
        "        with self.telling_caches(Indicator.objects.filter(pk=obj.pk)):\n            super().save_model(",
        "        if obj:\n            super().save_model(",
        DESK,
    ),
    Guard(
        "survey desk: an item that figures tell of stays",
        "survey/forms.py",
        "if form in self.deleted_forms:",
        "if form is None:",
        DESK,
    ),
    Guard(
        "survey desk: the code of an item that figures tell of",
        "survey/forms.py",
        'if form.cleaned_data.get("code", form.initial["code"]) != form.initial["code"]:',
        "if form is None:",
        DESK,
    ),
    Guard(
        "survey desk: headlines that no page could fill",
        "survey/forms.py",
        'if set("{}") & set(PLACEHOLDER.sub("", cleaned.get(name, ""))):',
        "if not name:",
        DESK,
    ),
]

SURVEY: Final = [
    *(*SURVEY_GATES, *SURVEY_DESK, *ASKING, *ANSWER_FILES),
    *(*QUESTIONNAIRES, *RESPONSES, *RESPONDENTS, *RELEASES, *MIRRORS),
]
