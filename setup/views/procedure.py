"""The controlled document in the firm's own words: its header, and its official text from a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import local_day
from accounts.requests import DeskRequest
from accounts.views.common import FormPage, changed
from base.clock import now
from ledger.exceptions import Invalid
from ledger.forms import carried_out
from procedure.actions import Imported
from procedure.models import ProcedureVersion
from procedure.queries import in_force
from setup import access, actions, queries
from setup.forms import HeaderForm, OfficialTextForm

LONGEST_LINE, MOST_LINES = 30, 10


@require_http_methods(["GET", "POST"])
@login_required
def header(request: DeskRequest) -> HttpResponse:
    """Header and names of the first level in a form, and with POST the change of them."""
    access.require_keep_procedure(request.actor)
    found = in_force(local_day(now()))
    levels = queries.first_levels(found)

    def typed(posted: Any) -> HeaderForm:
        return HeaderForm(posted, levels=levels)

    def act(form: Any, version: int) -> ProcedureVersion:
        after = actions.change_header(
            found, actor=request.actor, version=version, first_levels=form.first_levels(), **form.header()
        )
        messages.success(request, _("Saved. Every page and every form that is not yet filed shows it from now on."))
        return after

    note = _(
        "This is how the version in force heads pages and forms. Number of the version, day of effect, matrix, times "
        "and parameters change by a new version only."
    )
    page = FormPage(_("Header of the procedure"), _("Save the header"), _path(), clause="DC", note=note)
    return changed(request, page, found, HeaderForm.over(found, levels), typed, act)


@require_http_methods(["GET", "POST"])
@login_required
def official_text(request: DeskRequest) -> HttpResponse:
    """Which places have their official text, and with POST the words of a file put beside them."""
    access.require_keep_procedure(request.actor)
    found, sent = in_force(local_day(now())), request.method == "POST"
    form = OfficialTextForm(request.POST, request.FILES) if sent else OfficialTextForm()
    if sent:
        report = carried_out(form, lambda: _put(form, found, request))
        if report is not None:
            _tell(request, report)
            return HttpResponseRedirect(reverse("procedure-text"))
    status = Invalid.status if form.is_bound else 200
    context = {"form": form, "version": found, "coverage": queries.coverage(found)}
    return render(request, "setup/official_text.html", context, status=status)


def _put(form: OfficialTextForm, found: ProcedureVersion, request: DeskRequest) -> Imported:
    content = form.cleaned_data["file"].read(actions.LARGEST_TEXT + 1)
    return actions.put_official_text(found, content, actor=request.actor)


def _tell(request: DeskRequest, report: Imported) -> None:
    counts = {"filled": len(report.filled), "unchanged": len(report.unchanged)}
    messages.success(request, _("%(filled)d places filled, %(unchanged)d as they were.") % counts)
    if report.unplaced:
        lines = _(", ").join(Truncator(line).chars(LONGEST_LINE) for line in report.unplaced[:MOST_LINES])
        messages.warning(request, _("Fit no clause or term and were left out: %(lines)s") % {"lines": lines})


def _path() -> list[tuple[str, str]]:
    return [(_("Procedure"), reverse("procedure"))]
