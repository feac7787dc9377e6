"""Addresses of the survey's results and of those who answer it, under the language."""

from django.urls import path

from survey import views

app_name = "survey"
urlpatterns = [
    # With everything behind it, slashes too: no other page gets to see a token that was copied badly.
    path("answer/open/<path:token>", views.open_link, name="answer-open"),
    path("answer/", views.AnswerOverview.as_view(), name="answer"),
    path("answer/review/", views.AnswerReview.as_view(), name="answer-review"),
    path("answer/receipt/", views.AnswerReceipt.as_view(), name="answer-receipt"),
    path("answer/print/", views.AnswerPrint.as_view(), name="answer-print"),
    path("answer/blank/", views.AnswerBlank.as_view(), name="answer-blank"),
    path("answer/sheet.xlsx", views.AnswerSheet.as_view(), name="answer-sheet"),
    path("answer/upload/", views.AnswerUpload.as_view(), name="answer-upload"),
    path("answer/mirror/", views.AnswerMirror.as_view(), name="answer-mirror"),
    path("answer/mirror/excel/", views.AnswerMirrorSheet.as_view(), name="answer-mirror-sheet"),
    path("answer/leave/", views.AnswerLeave.as_view(), name="answer-leave"),
    path("answer/<slug:section>/", views.AnswerSection.as_view(), name="answer-section"),
    path("survey/", views.RoundList.as_view(), name="round-list"),
    path("survey/<slug:round>/", views.RoundDetail.as_view(), name="round-detail"),
    path("survey/<slug:round>/<slug:indicator>/", views.IndicatorDetail.as_view(), name="indicator-detail"),
    path("survey/<slug:round>/<slug:indicator>/chart.svg", views.IndicatorChart.as_view(), name="indicator-chart"),
]
