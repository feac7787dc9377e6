"""Addresses of practices, themes and recommendations, under the language."""

from django.urls import path

from practices import views

app_name = "practices"
urlpatterns = [
    path("practices/", views.PracticeList.as_view(), name="practice-list"),
    path("practices/<slug:slug>/", views.PracticeDetail.as_view(), name="practice-detail"),
    path(
        "practices/<slug:slug>/attachments/<int:number>/",
        views.PracticeAttachment.as_view(),
        name="practice-attachment",
    ),
]
