"""Carrying a plan out: in one transaction, through the actions of the rooms, and only if it is still the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from time import monotonic
from typing import BinaryIO

from django.utils.translation import gettext as _

from accounts.actors import Actor
from base.clock import now
from files.storage import opened
from ledger.actions import attempt, step
from ledger.actions.checkpoints import LONGEST_ACTION
from ledger.exceptions import NotPossible, Refused
from workbook import access
from workbook.actions.reading import planned_rows
from workbook.models import Import, PlanRow
from workbook.planning import Digest
from workbook.progress import UNSEEN, Report
from workbook.reading import Unreadable
from workbook.sheets import SHEETS, Row, Standing
from workbook.writing.marked import told

State = Import.State
AT_ONCE = 200
# For the plan that is made before the first row, and for what follows the last one.
MARGIN = timedelta(minutes=2)


def carry_out(found: Import, actor: Actor, report: Report) -> None:
    """Write every row of the plan, or none: raises `Refused` with the row that the desk refuses.

    The plan is made anew inside the transaction. If its digest is not that of the plan that was shown, the file or the
    desk has changed since, and nothing is written.
    """
    with _file_of(found) as file, attempt(actor.signature(), action="apply_workbook", stream=found.stream) as tried:
        tried.signature = actor.signature(access.require_move_in(actor))
        locked = Import.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if locked.state != State.APPLYING:
            return
        _require_same(locked, file, actor, report)
        for done, row in enumerate(in_time(rows_of(locked)), 1):
            _carry_out_row(row, actor)
            report(done, locked.to_do)
        _note_versions(locked)
        with step(
            Import, found.pk, version=None, signature=tried.signature, action="finish_workbook", clause=""
        ) as taken:
            taken.record.set(state=State.APPLIED, applied_at=now(), ended_at=now(), remark="")


def rows_of(found: Import, *, backwards: bool = False) -> Iterator[PlanRow]:
    """The rows to carry out in their order, or turned round; some hundred at a time, as reading goes on beside
    writing."""
    rows = found.rows.exclude(outcome=PlanRow.Outcome.REFUSED).order_by("-pk" if backwards else "pk")
    place: int | None = None
    while True:
        further = rows if place is None else rows.filter(**{"pk__lt" if backwards else "pk__gt": place})
        some = list(further[:AT_ONCE])
        yield from some
        if len(some) < AT_ONCE:
            return
        place = some[-1].pk


def in_time(rows: Iterable[PlanRow]) -> Iterator[PlanRow]:
    """The rows one by one. Raises `NotPossible` before the transaction gets so long that what others wrote meanwhile
    would be sealed before it, and the ledger refuse it as dated back."""
    end = monotonic() + (LONGEST_ACTION - MARGIN).total_seconds()
    for row in rows:
        if monotonic() > end:
            raise NotPossible(_("This takes too long for one file, so nothing was written. Hand it in in parts."))
        yield row


def at_row(row: PlanRow, refused: Refused) -> NotPossible:
    """The refusal of an action, with the sheet and the row of which it speaks."""
    sheet = SHEETS[row.sheet]
    columns = {column.key for column in sheet.columns}
    found = [
        told(sheet, name if name in columns else "", str(sentence))
        for name, sentences in refused.errors.items()
        for sentence in sentences
    ] or [str(reason.sentence) for reason in refused.all_reasons]
    where = {"sheet": sheet.title, "row": row.row, "label": row.label, "sentences": " ".join(found)}
    return NotPossible(_("%(sheet)s, row %(row)d (%(label)s): %(sentences)s") % where)


def _file_of(found: Import) -> BinaryIO:
    try:
        return opened(found.file_id)
    except OSError as error:
        raise _unreadable() from error


def _unreadable() -> NotPossible:
    return NotPossible(_("The kept file cannot be read any more. Hand it in again."))


def _require_same(found: Import, file: BinaryIO, actor: Actor, report: Report) -> None:
    digest = Digest()
    try:
        for planned in planned_rows(found, file, actor, UNSEEN):
            digest.add(planned)
    except (Unreadable, OSError) as error:
        raise _unreadable() from error
    if str(digest) != found.digest:
        raise NotPossible(
            _("The desk has changed since this plan was made. Read the file again, and look at the plan.")
        )
    report(0, found.to_do)


def _carry_out_row(row: PlanRow, actor: Actor) -> None:
    sheet = SHEETS[row.sheet]
    try:
        if row.standing is None:
            made = sheet.create(row.values, actor)
        else:
            before = {**row.values, **row.before}
            meant = Row(row.values, Standing(row.standing, row.standing_version, before))
            made = sheet.change(row.standing, row.standing_version or None, meant, actor)
    except Refused as refused:
        raise at_row(row, refused) from refused
    PlanRow.objects.filter(pk=row.pk).update(made=made.pk, made_version=made.version)


def _note_versions(found: Import) -> None:
    """The version of a record that several rows were parts of, now that all are written."""
    for key, sheet in SHEETS.items():
        if not sheet.makes_records:
            rows = found.rows.filter(sheet=key)
            for made in rows.order_by().values_list("made", flat=True).distinct():
                version = sheet.made_as._base_manager.get(pk=made).version
                rows.filter(made=made).update(made_version=version)
