"""What the pages of calendars and contracts share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms import BoundField, FileField, Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.requests import DeskRequest
from ledger.exceptions import Stale
from ui.conflicts import Choice, Conflict


def chosen(posted: QueryDict, standing: Form) -> QueryDict:
    """The form as it was posted, with what stands now in every field for which theirs was chosen."""
    data = posted.copy()
    for name in standing.fields:
        if data.get(f"choose-{name}") == "theirs":
            data.setlist(name, _posted(standing[name]))
    return data


def conflict_page(
    request: DeskRequest, stale: Stale, *, typed: Form, standing: Form, version: int, title: str, back: str
) -> HttpResponse:
    """Both versions side by side; nothing typed is lost (design 4.1)."""
    names = [name for name, field in typed.fields.items() if not isinstance(field, FileField)]
    rows = [_row(name, standing[name], typed[name]) for name in names]
    conflict = Conflict(
        who=stale.changed_by or _("Somebody"),
        at=stale.changed_at,
        version=version,
        rows=sorted(rows, key=lambda row: row.same),
        hidden=[(name, value) for name in names for value in _posted(typed[name])],
    )
    context = {"title": title, "conflict": conflict, "address": request.path, "back": back}
    return render(request, "sla/conflict.html", context, status=stale.status)


def _row(name: str, theirs: BoundField, mine: BoundField) -> Choice:
    one, other = _words(theirs), _words(mine)
    return Choice(name, str(mine.label), one or "–", other or "–", same=one == other)


def _posted(bound: BoundField) -> list[str]:
    """The value as a browser would send it."""
    value = bound.field.prepare_value(bound.value())
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return [] if value in (None, False) else ["on"] if value is True else [str(value)]


def _words(bound: BoundField) -> str:
    labels = dict(_flat(getattr(bound.field, "choices", ())))
    said = [labels.get(value, value) for value in _posted(bound)]
    return _("yes") if said == ["on"] else "\n".join(said)


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
    return ((str(value), str(label)) for value, label in choices)
