"""Problems, and due times after a change of calendar or contract."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from escalation.views import deadlines, problems

urlpatterns: list[URLPattern | URLResolver] = [
    path("problems/", problems.problem_list, name="problems"),
    path("problems/<str:number>/", problems.problem, name="problem"),
    path("settings/deadlines/", deadlines.deadlines, name="deadlines"),
    path("settings/deadlines/<int:key>/", deadlines.recount, name="recount"),
]
