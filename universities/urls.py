"""Addresses of the directory of institutions."""

from django.urls import path

from . import views

app_name = "universities"
urlpatterns = [
    path("institutions/", views.InstitutionList.as_view(), name="institution-list"),
    path("institutions/<slug:slug>/", views.InstitutionDetail.as_view(), name="institution-detail"),
]
