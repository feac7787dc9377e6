"""Addresses of practices, themes and recommendations, under the language."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from practices import views


class NumberConverter(IntConverter):
    """One to three digits: a larger number is no address, instead of more than a database column holds."""

    regex = "[1-9][0-9]{0,2}"


register_converter(NumberConverter, "number")

app_name = "practices"
urlpatterns = [
    path("practices/", views.PracticeList.as_view(), name="practice-list"),
    path("practices/<slug:slug>/", views.PracticeDetail.as_view(), name="practice-detail"),
    path(
        "practices/<slug:slug>/attachments/<number:number>/",
        views.PracticeAttachment.as_view(),
        name="practice-attachment",
    ),
    path("themes/", views.ThemeList.as_view(), name="theme-list"),
    path("themes/<number:number>/", views.ThemeDetail.as_view(), name="theme-detail"),
    path("recommendations/", views.RecommendationList.as_view(), name="recommendation-list"),
    path("recommendations/<number:number>/", views.RecommendationDetail.as_view(), name="recommendation-detail"),
]
