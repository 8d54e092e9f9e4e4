"""What is worked through one after the other: decisions, hand-overs, filing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.queues.views import decisions, filing, handovers

urlpatterns: list[URLPattern | URLResolver] = [
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<str:number>/", decisions.decisions, name="decision"),
    path("decisions/<str:number>/decide/", decisions.decide, name="decide"),
    path("filing/", filing.filing, name="filing"),
    path("filing/<str:number>/", filing.to_file, name="filing-record"),
    path("handovers/", handovers.handovers, name="handovers"),
    path("handovers/<str:number>/", handovers.handover, name="handover"),
]
