"""Records as a spreadsheet: what the reader may see at the moment of the download, logged as an event."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_GET

from accounts.actors import Actor
from accounts.requests import DeskRequest
from base.clock import now
from desk.frame import book_of
from desk.records import address, selection
from desk.records.actions import record_export
from desk.records.export import MOST, READ, table
from desk.records.queries import choice_of
from files.tables import Table, csv_lines, xlsx
from incidents.queries.exporting import chosen_for_export, count_for_export, rows_for_export
from ledger.exceptions import NotPossible

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@login_required
def export(request: DeskRequest, kind: str) -> HttpResponseBase:
    """The records of the address, or with `selected` those that were ticked, as `kind` xlsx or csv."""
    if kind not in MOST:
        raise Http404
    actor = request.actor
    made = _selected(request, actor, kind) if "selected" in request.GET else _asked(request, actor, kind)
    name = f"records-{localtime(now()):%Y%m%d-%H%M}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if kind == "xlsx":
        return HttpResponse(xlsx(made), content_type=XLSX, headers=headers)
    return StreamingHttpResponse(_pieces(made), content_type="text/csv; charset=utf-8", headers=headers)


def _selected(request: DeskRequest, actor: Actor, kind: str) -> Table:
    rows = chosen_for_export(actor, selection.keys(request.GET), READ)
    record_export(actor=actor, query=" ".join(row.number for row in rows), kind=kind, count=len(rows))
    return table(rows, actor=actor, at=now())


def _asked(request: DeskRequest, actor: Actor, kind: str) -> Table:
    chosen = address.chosen(request.GET)
    query = address.asked(chosen, choice_of(actor, book_of(request)))
    count = count_for_export(actor, query, MOST[kind])
    if count > MOST[kind]:
        raise NotPossible(_too_many(kind))
    record_export(actor=actor, query=address.query(chosen), kind=kind, count=count)
    return table(rows_for_export(actor, query, MOST[kind], READ), actor=actor, at=now())


def _too_many(kind: str) -> str:
    if kind == "xlsx":
        return gettext(
            "More than %(most)s records do not go into one workbook. Narrow the list, or export it as CSV."
        ) % {"most": f"{MOST[kind]:,}"}
    return gettext("More than %(most)s records do not go into one file. Narrow the list.") % {"most": f"{MOST[kind]:,}"}


def _pieces(made: Table) -> Iterator[str]:
    """The file as it is written, in the language and zone of the reader although the view has returned."""
    language, zone = get_language(), timezone.get_current_timezone()
    lines = csv_lines(made)

    def written() -> Iterator[str]:
        with override(language), timezone.override(zone):
            yield from lines

    return written()
