"""Addresses of practices, themes, recommendations, publications and events, under the language."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from practices import views


class NumberConverter(IntConverter):
    """One to three digits: a larger number is no address, instead of more than a database column holds."""

    regex = "[1-9][0-9]{0,2}"


class VersionConverter(IntConverter):
    regex = "[1-9][0-9]{0,5}"


register_converter(NumberConverter, "number")
register_converter(VersionConverter, "version")

app_name = "practices"
urlpatterns = [
    path("overview.xlsx", views.OverviewSheet.as_view(), name="overview-sheet"),
    path("practices/", views.PracticeList.as_view(), name="practice-list"),
    path("practices/compare/", views.PracticeCompare.as_view(), name="practice-compare"),
    path("practices/feed/", views.PracticeFeed.as_view(), name="practice-feed"),
    path("practices/<slug:slug>/", views.PracticeDetail.as_view(), name="practice-detail"),
    path("practices/<slug:slug>/versions/<version:version>/", views.PracticeVersion.as_view(), name="practice-version"),
    path(
        "practices/<slug:slug>/versions/<version:version>/attachments/<number:number>/",
        views.PracticeAttachment.as_view(),
        name="practice-version-attachment",
    ),
    path(
        "practices/<slug:slug>/attachments/<number:number>/",
        views.PracticeAttachment.as_view(),
        name="practice-attachment",
    ),
    path("words/", views.WordList.as_view(), name="word-list"),
    path("words/suggestions/", views.Completions.as_view(), name="completions"),
    path("themes/", views.ThemeList.as_view(), name="theme-list"),
    path("themes/<number:number>/", views.ThemeDetail.as_view(), name="theme-detail"),
    path("recommendations/", views.RecommendationList.as_view(), name="recommendation-list"),
    path("recommendations/<number:number>/", views.RecommendationDetail.as_view(), name="recommendation-detail"),
    path("publications/", views.PublicationList.as_view(), name="publication-list"),
    path("publications/<slug:slug>/", views.PublicationDetail.as_view(), name="publication-detail"),
    path("events/", views.EventList.as_view(), name="event-list"),
]
