"""What the forms of all rooms do with versions and refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from ledger.exceptions import Invalid, NotPossible, Refused, Stale, VersionMissing
from ledger.models import Record
from ui.conflicts import chosen, conflict_page

Answer = TypeVar("Answer")
FormType = TypeVar("FormType", bound=Form)
MOST_DIGITS = 9


def posted_version(posted: QueryDict | Mapping[str, str]) -> int:
    """The version that the form was made on; raises `VersionMissing`."""
    version = posted.get("version", "")
    if not version.isdecimal() or len(version) > MOST_DIGITS:
        raise VersionMissing
    return int(version)


def add_errors(form: Form, refused: Refused) -> None:
    """Put the sentences of `refused` to their fields of `form`, and those of no field above it."""
    for name, sentences in refused.errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, ValidationError(str(sentence)))
    if not refused.errors:
        for reason in refused.all_reasons:
            form.add_error(None, ValidationError(str(reason.sentence)))


def carried_out(form: Form, act: Callable[[], Answer]) -> Answer | None:
    """What the action gives for a valid form; None where it refuses, with its sentences at the fields."""
    if not form.is_valid():
        return None
    try:
        return act()
    except (Invalid, NotPossible) as refused:
        add_errors(form, refused)
        return None


def change_page(
    request: HttpRequest,
    found: Record,
    *,
    standing: FormType,
    typed: Callable[[Any], FormType],
    act: Callable[[FormType, int], object],
    shown: Callable[[FormType, int], HttpResponse],
    title: str,
    back: str,
) -> HttpResponse:
    """A form over what stands in `found`, and with POST the change of it on the version that was posted, then `back`.

    `typed` makes the form of what was posted, `act` carries the change out and gives anything but None, `shown` is the
    page of a form. Somebody faster is shown beside what was typed, which is never lost.
    """
    if request.method != "POST":
        return shown(standing, found.version)
    form, version = typed(chosen(request.POST, standing)), posted_version(request.POST)
    try:
        done = carried_out(form, lambda: act(form, version))
    except Stale as stale:
        return conflict_page(
            request, stale, typed=form, standing=standing, version=found.version, title=title, back=back
        )
    return shown(form, version) if done is None else HttpResponseRedirect(back)
