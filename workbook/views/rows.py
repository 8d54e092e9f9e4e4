"""Mending: a row in the page, or all of them in the file with its mistakes marked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import DeskRequest
from files.storage import opened
from ledger.exceptions import Invalid, NotPossible, Stale
from ledger.forms import carried_out, posted_version
from workbook import access, actions, queries
from workbook.forms import MendForm
from workbook.models import Import, PlanRow
from workbook.reading import Unreadable, read
from workbook.views.common import import_or_404, new_file, sent
from workbook.writing import write_marked


@require_http_methods(["GET", "POST"])
@login_required
def mend(request: DeskRequest, key: int, sheet: str, row: int) -> HttpResponse:
    """The cells of a refused row; with POST they take the place of those in the file, and the plan is made anew.

    What was typed on the page of an older plan is shown again beside what the newer one says of the row.
    """
    access.require_move_in(request.actor)
    found = import_or_404(request.actor, key)
    planned = queries.row_to_mend(found, sheet, row, typed=request.POST.keys())
    if planned is None:
        raise Http404(_("This row is not there any more. The plan has been made anew."))
    form = MendForm(request.POST or None, row=planned)
    if not form.is_bound:
        return _mend_page(request, found, planned, form)
    try:
        done = carried_out(form, lambda: _mended(request, found, planned, form))
    except Stale as stale:
        return _mend_page(request, found, planned, form, newer=stale)
    if done is None:
        return _mend_page(request, found, planned, form)
    messages.success(request, _("Mended. The plan is made anew."))
    return HttpResponseRedirect(reverse("workbook-import", args=[found.pk]))


def _mended(request: DeskRequest, found: Import, row: PlanRow, form: MendForm) -> Import:
    version = posted_version(request.POST)
    return actions.mend(found.pk, row.sheet, row.row, form.mended(), actor=request.actor, version=version)


def _mend_page(
    request: DeskRequest, found: Import, row: PlanRow, form: MendForm, *, newer: Stale | None = None
) -> HttpResponse:
    version = newer.current.version if newer else found.version
    context = {"import": found, "line": queries.line_of(row), "form": form, "version": version, "newer": newer}
    status = newer.status if newer else Invalid.status if form.is_bound else 200
    return render(request, "workbook/mend.html", context, status=status)


@require_GET
@login_required
def marked(request: DeskRequest, key: int) -> FileResponse:
    """The file that was handed in, with the wrong cells coloured and a column that says what is wrong."""
    access.require_move_in(request.actor)
    found = import_or_404(request.actor, key)
    if found.state == Import.State.READING:
        raise NotPossible(_("The file is still being read. Wait until the plan is there."))
    if found.cleared_at is not None:
        raise NotPossible(_("Its rows and its file were cleared. Hand the file in again."))
    file = new_file()
    try:
        with opened(found.file_id) as kept:
            book = read(kept, found.name)
            write_marked(file, book, found.mends, queries.mistakes_by_row(found))
    except (Unreadable, OSError):
        raise NotPossible(_("The kept file cannot be read any more. Hand it in again."))
    return sent(file, _("Moving-in workbook") + ".xlsx")
