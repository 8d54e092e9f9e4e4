"""Addresses of the knowledge base."""

from django.urls import path

from knowledge import views

urlpatterns = [
    path("knowledge/", views.knowledge, name="knowledge"),
    path("knowledge/<str:code>/", views.article, name="article"),
    path("knowledge/<str:code>/<str:label>/", views.article, name="article-version"),
]
