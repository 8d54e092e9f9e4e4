"""The page of the workbook: download it, hand it in, and what came of those that were."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import Actor
from accounts.requests import DeskRequest
from ledger.forms import carried_out
from workbook import access, actions, queries
from workbook.forms import UploadForm
from workbook.models import Import
from workbook.views.common import new_file, sent
from workbook.writing import write_export


@require_http_methods(["GET", "POST"])
@login_required
def workbook(request: DeskRequest) -> HttpResponse:
    """How it is meant, the way to download it, and the form to hand it in, which leads to the plan."""
    actor = request.actor
    access.require_move_in(actor)
    form = UploadForm(request.POST or None, request.FILES or None) if request.method == "POST" else UploadForm()
    if form.is_bound:
        made = carried_out(form, lambda: _uploaded(form.cleaned_data["file"], actor))
        if made is not None:
            return HttpResponseRedirect(reverse("workbook-import", args=[made.pk]))
    context = {"form": form, "imports": queries.latest(actor)}
    return render(request, "workbook/page.html", context, status=422 if form.is_bound else 200)


def _uploaded(file: UploadedFile, actor: Actor) -> Import:
    return actions.upload(cast(BinaryIO, file), file.name or "", actor=actor)


@require_GET
@login_required
def export(request: DeskRequest) -> FileResponse:
    """The workbook of what stands; on an empty desk samples alone."""
    access.require_move_in(request.actor)
    actions.record_export(actor=request.actor)
    file = new_file()
    write_export(file, request.actor)
    return sent(file, _("Moving-in workbook") + ".xlsx")
