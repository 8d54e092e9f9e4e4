"""Addresses of the pages that several rooms feed; each page brings its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from portal.views import (
    deadlines,
    decisions,
    desk,
    exports,
    filing,
    handovers,
    listing,
    problems,
    procedure,
    record,
    register,
    screening,
    selection,
    settings,
    verbs,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", desk.desk, name="desk"),
    path("command/", listing.command, name="command"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<str:number>/", decisions.decisions, name="decision"),
    path("decisions/<str:number>/decide/", decisions.decide, name="decide"),
    path("filing/", filing.filing, name="filing"),
    path("filing/<str:number>/", filing.to_file, name="filing-record"),
    path("handovers/", handovers.handovers, name="handovers"),
    path("handovers/<str:number>/", handovers.handover, name="handover"),
    path("problems/", problems.problem_list, name="problems"),
    path("problems/<str:number>/", problems.problem, name="problem"),
    path("procedure/", procedure.procedure, name="procedure"),
    path("records/", listing.records, name="records"),
    path("records/export.<str:kind>", exports.export, name="records-export"),
    path("records/print/", selection.print_forms, name="records-print"),
    path("records/reassign/", selection.reassign, name="records-reassign"),
    path("records/views/", listing.save_view, name="save-view"),
    path("records/views/<int:key>/forget/", listing.forget_view, name="forget-view"),
    path("records/<str:number>/", record.record, name="record"),
    path("records/<str:number>/do/<str:verb>/", verbs.step, name="record-step"),
    path("records/<str:number>/screen/", screening.screen, name="record-screen"),
    path("records/<str:number>/screen/party/", screening.party, name="record-party"),
    path("records/<str:number>/follows/", screening.follows, name="record-follows"),
    path("records/<str:number>/files/<int:key>/", record.attachment, name="record-file"),
    path("records/<str:number>/annexes/<int:key>/", record.annex, name="record-annex"),
    path("register/", register.register, name="register"),
    path("register/contacts/", register.contacts, name="register-contacts"),
    path("register/caller/", register.caller, name="register-caller"),
    path("register/like/", register.like, name="register-like"),
    path("settings/", settings.settings, name="settings"),
    path("settings/deadlines/", deadlines.deadlines, name="deadlines"),
    path("settings/deadlines/<int:key>/", deadlines.recount, name="recount"),
]
