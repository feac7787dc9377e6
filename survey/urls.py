"""Addresses of the survey's results, under the language."""

from django.urls import path

from survey import views

app_name = "survey"
urlpatterns = [
    path("survey/", views.RoundList.as_view(), name="round-list"),
    path("survey/<slug:round>/", views.RoundDetail.as_view(), name="round-detail"),
    path("survey/<slug:round>/<slug:indicator>/", views.IndicatorDetail.as_view(), name="indicator-detail"),
    path("survey/<slug:round>/<slug:indicator>/chart.svg", views.IndicatorChart.as_view(), name="indicator-chart"),
]
