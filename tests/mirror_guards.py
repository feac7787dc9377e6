"""The guards of the private mirror: what is public, what counted then, one's own groups alone."""

from typing import Final

from tests.guarding import Guard

DOMAIN: Final = "tests/survey/test_mirroring.py"
MIRROR: Final = "survey/mirroring/mirror.py"

MIRRORS: Final = [
    Guard(f"mirror: {name}", path, line, without, tests)
    for name, path, line, without, tests in (
        (
            "only a public release",
            MIRROR,
            "Release.objects.public().filter(round=survey_round)",
            "Release.objects.filter(round=survey_round)",
            DOMAIN,
        ),
        (
            "what counted then",
            MIRROR,
            "snapshot = accepted_then(response, release.computed_at)",
            'snapshot = accepted_then(response, release.computed_at) and response.snapshots.latest("pk")',
            DOMAIN,
        ),
        (
            "nothing that did not count",
            MIRROR,
            "snapshot = accepted_then(response, release.computed_at)",
            'snapshot = response.snapshots.order_by("pk").first()',
            DOMAIN,
        ),
        (
            "the groups that the institution belongs to",
            MIRROR,
            "for population in populations() if population.has(institution)}",
            "for population in populations()}",
            DOMAIN,
        ),
        (
            "a sum counts complete answers alone",
            "survey/mirroring/own.py",
            'if any(f"{row}.{year}" not in numbers for row in rows for year in years):',
            "if not numbers:",
            DOMAIN,
        ),
        (
            "a share counts its base alone",
            "survey/mirroring/own.py",
            '    if not is_in:\n        return _lacking(_("not in the base"))\n',
            "",
            DOMAIN,
        ),
    )
]
