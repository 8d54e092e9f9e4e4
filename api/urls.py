"""Addresses of the interface, of its schema, and the answer where there is none."""

from __future__ import annotations

from django.http import Http404
from django.urls import URLPattern, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api.alarms import AcknowledgeWarnings
from api.base import ApiView
from api.declarations import Declarations, OneDeclaration, Relay
from api.own import RemindMe, UnremindMe, UnwatchRecord, WatchRecord
from api.problems import Acknowledge, OneProblem, Problems
from api.reports import SlaFigures
from api.team import Team
from api.verbs import VerbView
from record_form.verbs import STEPS


class Nothing(ApiView):
    """Every other address: 404 as problem+json."""

    @extend_schema(exclude=True)
    def get(self, request: Request, rest: str) -> Response:
        raise Http404

    post = put = patch = delete = get


urlpatterns: list[URLPattern] = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("v1/declarations/", Declarations.as_view(), name="api-declarations"),
    path("v1/declarations/relay/", Relay.as_view(), name="api-relay"),
    path("v1/declarations/<str:number>/", OneDeclaration.as_view(), name="api-declaration"),
    path("v1/declarations/<str:number>/acknowledge/", AcknowledgeWarnings.as_view(), name="api-acknowledge-warnings"),
    path("v1/declarations/<str:number>/watch/", WatchRecord.as_view(), name="api-watch"),
    path("v1/declarations/<str:number>/unwatch/", UnwatchRecord.as_view(), name="api-unwatch"),
    path("v1/declarations/<str:number>/remind/", RemindMe.as_view(), name="api-remind"),
    path("v1/declarations/<str:number>/unremind/", UnremindMe.as_view(), name="api-unremind"),
    *(
        path(f"v1/declarations/<str:number>/{name}/", VerbView.as_view(verb=verb), name=f"api-{name}")
        for name, verb in STEPS.items()
    ),
    path("v1/problems/", Problems.as_view(), name="api-problems"),
    path("v1/problems/<str:number>/", OneProblem.as_view(), name="api-problem"),
    path("v1/problems/<str:number>/acknowledge/", Acknowledge.as_view(), name="api-acknowledge"),
    path("v1/team/", Team.as_view(), name="api-team"),
    path("v1/reports/sla/", SlaFigures.as_view(), name="api-sla-figures"),
    re_path(r"^(?P<rest>.*)$", Nothing.as_view()),
]
