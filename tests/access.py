"""The access table: what each address answers to a GET, by role. An address that is not in it fails the tests.

Columns: anonymous, translator (English), curator, publisher, survey manager.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver

ROLES: Final = ("anonymous", "translator_en", "curator", "publisher", "survey_manager")
EVERYBODY: Final = (200, 200, 200, 200, 200)
NOBODY: Final = (404, 404, 404, 404, 404)
GONE: Final = (410, 410, 410, 410, 410)
READERS: Final = (302, 200, 200, 200, 200)
KEEPERS: Final = (302, 403, 200, 200, 403)
CURATORS: Final = (302, 403, 200, 403, 403)
SURVEY_MANAGERS: Final = (302, 403, 403, 403, 200)
# Who comes by GET is led to the page with the button.
BY_POST: Final = (302, 403, 403, 403, 302)
SUPERUSERS: Final = (302, 403, 403, 403, 403)
# Releases write figures, people don't: not even a superuser changes one.
REFUSED: Final = SUPERUSERS
NOT_FOUND: Final = (302, 404, 404, 404, 404)
NOT_BY_GET: Final = (302, 405, 405, 405, 405)
TO_INDEX = TO_LOGIN = TO_PAGES = (302, 302, 302, 302, 302)


@dataclass(frozen=True)
class Row:
    """A path (under it `{...}` is filled from the world) and its answers."""

    name: str
    path: str
    answers: tuple[int, int, int, int, int]


HIDDEN_ROUNDS: Final = ("{unpublished_round}", "{superseded_round}", "{synthetic_round}")
HIDDEN_RESULTS: Final = (
    *(f"{hidden}/s1a" for hidden in HIDDEN_ROUNDS),
    *(f"{hidden}/{hidden.replace('round', 'indicator')}" for hidden in HIDDEN_ROUNDS),
    *(f"sih-fy2008/{{{hidden}_indicator}}" for hidden in ("earlier", "next", "synthetic", "internal")),
)
HIDDEN: Final = ("unpublished", "superseded", "synthetic", "earlier", "next", "internal")
PAGES: Final = [
    Row("choose-language", "/", TO_PAGES),
    Row("healthz", "/healthz", EVERYBODY),
    Row("readyz", "/readyz", EVERYBODY),
    Row("robots", "/robots.txt", EVERYBODY),
    Row("sitemap", "/sitemap.xml", EVERYBODY),
    *(
        Row(name, f"/{language}/{path}", answers)
        for language in ("ja", "en")
        for name, path, answers in (
            ("home", "", EVERYBODY),
            ("about", "about/", EVERYBODY),
            ("practices:overview-sheet", "overview.xlsx", EVERYBODY),
            ("practices:practice-list", "practices/", EVERYBODY),
            ("practices:practice-list", "practices/?q={canary}", EVERYBODY),
            ("practices:practice-list", "practices/?view=table&sort=title&theme=6", EVERYBODY),
            ("practices:practice-list", "practices/?format=xlsx", EVERYBODY),
            ("practices:practice-feed", "practices/feed/", EVERYBODY),
            ("practices:practice-feed", "practices/feed/?q={canary}&kind=national", EVERYBODY),
            ("practices:practice-detail", "practices/public-case/", EVERYBODY),
            ("practices:practice-detail", "practices/archived-case/", GONE),
            ("practices:practice-detail", "practices/{draft}/", NOBODY),
            ("practices:practice-detail", "practices/{in_review}/", NOBODY),
            ("practices:practice-detail", "practices/{changes_requested}/", NOBODY),
            ("practices:practice-detail", "practices/public-case/?format=docx", EVERYBODY),
            ("practices:practice-detail", "practices/{draft}/?format=docx", NOBODY),
            ("practices:practice-compare", "practices/compare/", EVERYBODY),
            ("practices:practice-compare", "practices/compare/?p=public-case&p={draft}&p=archived-case", EVERYBODY),
            ("practices:practice-version", "practices/public-case/versions/1/", EVERYBODY),
            ("practices:practice-version", "practices/public-case/versions/2/", NOBODY),
            ("practices:practice-version", "practices/archived-case/versions/1/", GONE),
            *(
                ("practices:practice-version", f"practices/{{{status}}}/versions/1/", NOBODY)
                for status in ("draft", "in_review", "changes_requested")
            ),
            ("practices:practice-version-attachment", "practices/public-case/versions/1/attachments/1/", NOBODY),
            ("practices:practice-version-attachment", "practices/{draft}/versions/1/attachments/1/", NOBODY),
            ("practices:practice-version-attachment", "practices/archived-case/versions/1/attachments/1/", GONE),
            ("practices:practice-attachment", "practices/{draft}/attachments/1/", NOBODY),
            ("practices:practice-attachment", "practices/archived-case/attachments/1/", GONE),
            ("practices:word-list", "words/", EVERYBODY),
            ("practices:completions", "words/suggestions/?q={canary}", EVERYBODY),
            ("practices:theme-list", "themes/", EVERYBODY),
            ("practices:theme-detail", "themes/6/", EVERYBODY),
            ("practices:recommendation-list", "recommendations/", EVERYBODY),
            ("practices:recommendation-detail", "recommendations/6/", EVERYBODY),
            ("practices:publication-list", "publications/", EVERYBODY),
            ("practices:publication-detail", "publications/final-report-summary/", EVERYBODY),
            ("practices:event-list", "events/", EVERYBODY),
            # Only with the cookie of a link; nobody of the staff has one.
            *(
                (f"survey:answer{name}", f"answer/{path}", NOBODY)
                for name, path in (
                    ("", ""),
                    ("-open", "open/no-such-token/"),
                    ("-review", "review/"),
                    ("-receipt", "receipt/"),
                    ("-print", "print/"),
                    ("-blank", "blank/"),
                    ("-sheet", "sheet.xlsx"),
                    ("-upload", "upload/"),
                    ("-mirror", "mirror/"),
                    ("-mirror-sheet", "mirror/excel/"),
                    ("-leave", "leave/"),
                    ("-section", "A/"),
                )
            ),
            ("survey:round-list", "survey/", EVERYBODY),
            ("survey:round-detail", "survey/sih-fy2008/", EVERYBODY),
            ("survey:indicator-detail", "survey/sih-fy2008/s1a/", EVERYBODY),
            ("survey:indicator-chart", "survey/sih-fy2008/s1a/chart.svg", EVERYBODY),
            *(("survey:round-detail", f"survey/{hidden}/", NOBODY) for hidden in HIDDEN_ROUNDS),
            *(
                (f"survey:indicator-{name}", f"survey/{hidden}/{path}", NOBODY)
                for hidden in HIDDEN_RESULTS
                for name, path in (("detail", ""), ("chart", "chart.svg"))
            ),
            ("universities:institution-list", "institutions/", EVERYBODY),
            ("universities:institution-detail", "institutions/{institution}/", EVERYBODY),
        )
    ),
]
API: Final = [
    Row(f"api:{name}", f"/api/v1/{path}", answers)
    for name, path, answers in (
        ("root", "", EVERYBODY),
        ("schema", "schema/", EVERYBODY),
        ("docs", "docs/", EVERYBODY),
        ("docs", "docs/?script=", EVERYBODY),
        ("nothing", "nowhere/", NOBODY),
        *(
            (f"{name}-list", f"{path}/", EVERYBODY)
            for name, path in (
                ("institution", "institutions"),
                ("headquarters", "headquarters"),
                ("programme", "programmes"),
                ("theme", "themes"),
                ("recommendation", "recommendations"),
                ("practice", "practices"),
                ("action", "actions"),
                ("effect", "effects"),
                ("concept", "concepts"),
                ("publication", "publications"),
                ("event", "events"),
                ("round", "survey/rounds"),
                ("indicator", "survey/indicators"),
                ("figure", "survey/figures"),
            )
        ),
        *(
            (f"{name}-list", f"{path}/?format={form}", EVERYBODY)
            for form in ("csv", "jsonl", "xlsx")
            for name, path in (
                ("practice", "practices"),
                ("action", "actions"),
                ("effect", "effects"),
                ("institution", "institutions"),
                ("round", "survey/rounds"),
                ("indicator", "survey/indicators"),
                ("figure", "survey/figures"),
            )
        ),
        ("figure-list", "survey/figures/?format=json-stat", EVERYBODY),
        ("figure-list", "survey/figures/?round=sih-fy2008&indicator=s1a&theme=6&format=json-stat&lang=ja", EVERYBODY),
        ("practice-list", "practices/?q={canary}&updated_since=2020-01-01", EVERYBODY),
        ("practice-list", "practices/?updated_since=2020-01-01&format=xlsx", EVERYBODY),
        ("institution-detail", "institutions/{institution}/", EVERYBODY),
        ("headquarters-detail", "headquarters/{headquarters}/", EVERYBODY),
        ("programme-detail", "programmes/sih/", EVERYBODY),
        ("theme-detail", "themes/6/", EVERYBODY),
        ("recommendation-detail", "recommendations/6/", EVERYBODY),
        ("practice-detail", "practices/public-case/", EVERYBODY),
        ("practice-detail", "practices/archived-case/", GONE),
        ("practice-detail", "practices/{draft}/", NOBODY),
        ("practice-detail", "practices/{in_review}/", NOBODY),
        ("practice-detail", "practices/{changes_requested}/", NOBODY),
        ("action-detail", "actions/public-case:action-1/", EVERYBODY),
        ("action-detail", "actions/{draft}:action-1/", NOBODY),
        ("effect-detail", "effects/public-case:effect-1/", EVERYBODY),
        ("effect-detail", "effects/{draft}:effect-1/", NOBODY),
        ("concept-detail", "concepts/shared/", EVERYBODY),
        ("publication-detail", "publications/final-report-summary/", EVERYBODY),
        ("event-detail", "events/symposium/", EVERYBODY),
        ("round-detail", "survey/rounds/sih-fy2008/", EVERYBODY),
        ("indicator-detail", "survey/indicators/s1a/", EVERYBODY),
        ("figure-detail", "survey/figures/sih-fy2008:s1a:pilot:share/", EVERYBODY),
        *(("round-detail", f"survey/rounds/{hidden}/", NOBODY) for hidden in HIDDEN_ROUNDS),
        *(
            (f"{name}-detail", f"survey/{name}s/{{{hidden}_{name}}}/", NOBODY)
            for name in ("indicator", "figure")
            for hidden in HIDDEN
        ),
    )
]
DESK: Final = [
    Row("admin:index", "/admin/", READERS),
    Row("admin:login", "/admin/login/", (200, 302, 302, 302, 302)),
    Row("admin:logout", "/admin/logout/", NOT_BY_GET),
    Row("admin-language", "/admin/language/", TO_LOGIN),
    Row("admin:password_change", "/admin/password_change/", READERS),
    Row("admin:password_change_done", "/admin/password_change/done/", READERS),
    Row("admin:jsi18n", "/admin/jsi18n/", READERS),
    Row(
        "admin:autocomplete",
        "/admin/autocomplete/?app_label=practices&model_name=goodpractice&field_name=theme",
        READERS,
    ),
    Row("admin:view_on_site", "/admin/r/1/1/", NOT_FOUND),
    Row("admin:app_list", "/admin/practices/", READERS),
    Row("admin:app_list", "/admin/universities/", READERS),
    Row("admin:app_list", "/admin/survey/", READERS),
    Row("admin:app_list", "/admin/auth/", NOT_FOUND),
    Row("admin:(catch-all)", "/admin/nowhere/", NOT_FOUND),
    *(
        Row(f"admin:practices_goodpractice_{name}", f"/admin/practices/goodpractice/{{draft_pk}}/{path}", answers)
        for name, path, answers in (
            ("preview", "preview/", READERS),
            ("step", "step/submit/", NOT_BY_GET),
            ("duplicate", "duplicate/", NOT_BY_GET),
            ("attachment", "attachments/9/", NOT_FOUND),
        )
    ),
    Row("admin:practices_goodpractice_saved_filters", "/admin/practices/goodpractice/filters/", READERS),
    Row("admin:practices_goodpractice_saved_filter", "/admin/practices/goodpractice/filters/9/", NOT_FOUND),
    Row(
        "admin:practices_goodpractice_saved_filter_delete",
        "/admin/practices/goodpractice/filters/9/delete/",
        NOT_FOUND,
    ),
    *(
        Row(f"admin:practices_goodpractice_{name}", f"/admin/practices/goodpractice/{path}", answers)
        for name, path, answers in (
            ("why", "{public_pk}/why/?q=international", READERS),
            ("why", "{draft_pk}/why/", NOT_FOUND),
            ("why", "{archived_pk}/why/", NOT_FOUND),
            ("version", "{public_pk}/versions/1/", READERS),
            ("version", "{archived_pk}/versions/1/", READERS),
            ("version", "{draft_pk}/versions/1/", NOT_FOUND),
            ("restore", "{public_pk}/versions/1/restore/", CURATORS),
            ("restore", "{draft_pk}/versions/1/restore/", (302, 403, 404, 403, 403)),
        )
    ),
    *(
        Row(
            f"admin:survey_questionnaire_{name}",
            f"/admin/survey/questionnaire/{{survey_questionnaire}}/{path}/",
            SURVEY_MANAGERS,
        )
        for name, path in (("preview", "preview"), ("next_version", "next-version"))
    ),
    *(
        Row(f"admin:survey_round_{name}", f"/admin/survey/round/{{asked_round}}/{path}", SURVEY_MANAGERS)
        for name, path in (
            ("recipients", "recipients/"),
            ("recipients_sheet", "recipients/list.xlsx"),
            ("letters", "letters/"),
            ("mail", "mail/invitation/"),
            ("mail", "mail/reminder/"),
            ("request_letters", "request-letters/"),
            ("open", "open/"),
            ("close", "close/"),
            ("progress", "progress/"),
            ("progress_csv", "progress/progress.csv"),
            ("progress_xlsx", "progress/progress.xlsx"),
            ("export", "export/"),
            ("import", "import/"),
            ("figures", "figures/"),
        )
    ),
    *(
        Row(f"admin:survey_response_{name}", f"/admin/survey/response/{{survey_response}}/{path}", SURVEY_MANAGERS)
        for name, path in (
            ("accept", "accept/"),
            ("return", "return/"),
            ("revisions", "revisions/"),
            ("paper", "paper/"),
            ("paper_section", "paper/A/"),
        )
    ),
    Row("admin:survey_response_hand_in", "/admin/survey/response/{survey_response}/paper/submit/", BY_POST),
    Row("admin:survey_response_explain_on_paper", "/admin/survey/response/{survey_response}/paper/explain/", BY_POST),
    Row(
        "admin:survey_response_begin_on_paper",
        "/admin/survey/response/paper/{survey_invitation}/",
        SURVEY_MANAGERS,
    ),
    Row("admin:survey_round_letter", "/admin/survey/round/{asked_round}/letters/reminder/", (302, 403, 403, 403, 405)),
    Row("admin:survey_round_mail", "/admin/survey/round/{asked_round}/mail/receipt/", (302, 403, 403, 403, 404)),
    Row(
        "admin:survey_invitation_request_letter",
        "/admin/survey/invitation/{survey_invitation}/request-letter/",
        SURVEY_MANAGERS,
    ),
    Row("admin:auth_user_password_change", "/admin/auth/user/1/password/", SUPERUSERS),
]
# app_model: answers of list, add, change, history and delete of a record that nothing published needs.
RECORDS: Final = {
    "practices_goodpractice": (READERS, CURATORS, READERS, READERS, CURATORS),
    **dict.fromkeys(
        (
            "practices_concept",
            "practices_event",
            "practices_publication",
            "practices_recommendation",
            "practices_theme",
            "universities_headquarters",
            "universities_institution",
            "universities_programme",
        ),
        (READERS, KEEPERS, READERS, READERS, KEEPERS),
    ),
    "practices_fruitlessquery": (CURATORS, REFUSED, CURATORS, CURATORS, CURATORS),
    **dict.fromkeys(
        ("survey_caveat", "survey_indicator", "survey_round"),
        (READERS, SURVEY_MANAGERS, READERS, READERS, SURVEY_MANAGERS),
    ),
    # Names and addresses of people in offices.
    "survey_invitation": (SURVEY_MANAGERS,) * 5,
    "survey_letter": (SURVEY_MANAGERS, REFUSED, SURVEY_MANAGERS, SURVEY_MANAGERS, SURVEY_MANAGERS),
    **dict.fromkeys(
        ("survey_delivery", "survey_response"), (SURVEY_MANAGERS, REFUSED, SURVEY_MANAGERS, SURVEY_MANAGERS, REFUSED)
    ),
    **dict.fromkeys(("survey_figure", "survey_release"), (READERS, REFUSED, READERS, READERS, REFUSED)),
    "survey_questionnaire": (SURVEY_MANAGERS,) * 5,
    # Made on the page of what they stand in.
    **dict.fromkeys(("survey_section", "survey_question"), (SURVEY_MANAGERS, REFUSED, *(SURVEY_MANAGERS,) * 3)),
    **dict.fromkeys(
        (
            "auth_group",
            "auth_user",
        ),
        (SUPERUSERS, SUPERUSERS, SUPERUSERS, SUPERUSERS, SUPERUSERS),
    ),
    # Without an attempt on record its history leads back to the admin's index.
    **dict.fromkeys(
        (
            "axes_accessattempt",
            "axes_accessfailurelog",
            "axes_accesslog",
        ),
        (SUPERUSERS, SUPERUSERS, SUPERUSERS, TO_INDEX, SUPERUSERS),
    ),
}


def record_rows() -> Iterator[Row]:
    for record, answers in RECORDS.items():
        path = f"/admin/{record.replace('_', '/')}/"
        key = f"{{{record}}}"
        views = {"changelist": "", "add": "add/", "change": f"{key}/change/", "history": f"{key}/history/"}
        views["delete"] = f"{key}/delete/"
        for (view, end), allowed in zip(views.items(), answers, strict=True):
            yield Row(f"admin:{record}_{view}", f"{path}{end}", allowed)


TABLE: Final = [*PAGES, *API, *DESK, *record_rows()]


def resolver_names() -> set[str]:
    """The names of all addresses; the admin's two nameless ones get one."""

    def walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                space = (pattern.namespace,) if pattern.namespace else ()
                yield from walk(pattern.url_patterns, (*spaces, *space))
            elif pattern.name or not is_redirect_to_change(pattern):
                yield ":".join((*spaces, pattern.name or "(catch-all)"))

    return set(walk(get_resolver().url_patterns, ()))


def is_redirect_to_change(pattern: URLPattern) -> bool:
    """Django's nameless `<object_id>/`, which only redirects to `<object_id>/change/`."""
    return str(pattern.pattern) == "<path:object_id>/"
