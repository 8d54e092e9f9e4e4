"""Two people on one thing: what was saved meanwhile beside what was typed, as components/conflict.html shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.forms import BoundField, FileField, Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class SavedMeanwhile(Protocol):
    """What tells that somebody was faster, as `ledger.exceptions.Stale` does."""

    status: ClassVar[int]
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class FieldConflict:
    """One field as components/diff.html shows it."""

    name: str
    label: str
    theirs: str | SafeString
    mine: str | SafeString
    same: bool = False
    chosen: str = "mine"


@dataclass(frozen=True)
class Conflict:
    """Who saved when, what to choose between, and everything that was typed, to be sent again on the new version.

    `meanwhile` are lines of a time line, `typed` the fields that only this person filled in, `files` the fields whose
    file has to be chosen once more. With `impossible` the step itself has become impossible; what was typed is shown
    for copying.
    """

    who: str
    at: datetime
    version: int
    rows: Sequence[FieldConflict]
    hidden: Sequence[tuple[str, str]]
    typed: Sequence[FieldConflict] = ()
    files: Sequence[str] = ()
    meanwhile: Sequence[Any] = ()
    impossible: Sequence[Any] = ()


def chosen(posted: QueryDict, standing: Form) -> QueryDict:
    """The form as it was posted, with what stands now in every field for which theirs was chosen."""
    data = posted.copy()
    for name in standing.fields:
        if data.get(f"choose-{name}") == "theirs":
            data.setlist(name, _posted(standing[name]))
    return data


def conflict_page(
    request: HttpRequest, stale: SavedMeanwhile, *, typed: Form, standing: Form, version: int, title: str, back: str
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
    return render(request, "conflict.html", context, status=stale.status)


def _row(name: str, theirs: BoundField, mine: BoundField) -> FieldConflict:
    one, other = _words(theirs), _words(mine)
    return FieldConflict(name, str(mine.label), one or "–", other or "–", same=one == other)


def _posted(bound: BoundField) -> list[str]:
    """The value as a browser would send it."""
    value = bound.field.prepare_value(bound.value())
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return [] if value in (None, False) else ["on"] if value is True else [str(value)]


def _words(bound: BoundField) -> str:
    labels = dict(_flat(getattr(bound.field, "choices", ())))
    words = [labels.get(value, value) for value in _posted(bound)]
    return _("yes") if words == ["on"] else "\n".join(words)


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
    return ((str(value), str(label)) for value, label in choices)
