"""Handing a workbook in, mending it in the page, and leaving it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actors import Actor, local_day
from accounts.models import User
from base.clock import now
from base.pokes import poke
from files.actions import Kept, keep, media_type_of, uploading
from files.exceptions import FileRefused
from files.kinds import KINDS
from files.names import extension
from ledger.actions import append, attempt, create, step
from ledger.exceptions import Invalid, NotPossible
from ledger.models import Entry
from workbook import access
from workbook.models import Import
from workbook.sheets import SHEETS

State = Import.State
TAKEN = ("xlsx", "csv")
TYPES = {KINDS[ending].media_type for ending in TAKEN}
MOST_MENDED = 20_000
# The next look of the job comes by then.
LATEST = 15


def upload(stream: BinaryIO, name: str, *, actor: Actor) -> Import:
    """Keep a file and have a job read it into a plan. Raises `Invalid` for one that is no workbook."""
    tried_as = attempt(actor.signature(), action="upload_workbook", stream="import:new")
    with uploading([(stream, name)]), tried_as as tried:
        tried.signature = actor.signature(access.require_move_in(actor))
        kept = _kept(stream, name)
        assert actor.user is not None  # A role is a person's.
        language = User.Language.ENGLISH if (get_language() or "").startswith("en") else User.Language.CHINESE
        made = Import(by=actor.user, file=kept.file, name=kept.name, language=language, uploaded_at=now())
        with create(made, signature=tried.signature, action="upload_workbook", clause=""):
            pass
        ask_for_work()
    return made


def record_export(*, actor: Actor) -> Entry:
    """Write into the day's log of exports who took the workbook out, and with it names and numbers of everybody."""
    return append(
        f"exports:{local_day(now())}", signature=actor.signature(), action="export_workbook", payload={"facts": {}}
    )


def _kept(stream: BinaryIO, name: str) -> Kept:
    try:
        kind = media_type_of(stream, name) if extension(name) in TAKEN else ""
        if kind not in TYPES:
            raise Invalid({"file": [_("Choose a workbook (.xlsx), or one sheet of it as .csv.")]})
        return keep(stream, name)
    except FileRefused as refused:
        raise Invalid({"file": [refused.sentence]})


def mend(key: int, sheet: str, row: int, cells: Mapping[str, str], *, actor: Actor, version: int | None) -> Import:
    """Put other texts in place of some cells of a row, and have the file read anew, as a plan of whoever asks."""
    with step(Import, key, version=version, signature=actor.signature(), action="mend_workbook", clause="") as taken:
        taken.signature = actor.signature(access.require_move_in(actor))
        _require(taken.record, State.PLANNED)
        known = {column.key for column in SHEETS[sheet].columns} if sheet in SHEETS else set()
        if not cells.keys() <= known:
            raise Invalid({"": [_("This row has no such column.")]})
        mends = {name: dict(rows) for name, rows in taken.record.mends.items()}
        rows = mends.setdefault(sheet, {})
        rows[str(row)] = {**rows.get(str(row), {}), **cells}
        if sum(map(len, mends.values())) > MOST_MENDED:
            raise NotPossible(_("So many rows are better mended in the file. Download it with the mistakes marked."))
        taken.note(sheet=sheet, row=row, cells=dict(cells))
        taken.record.set(by=actor.user, mends=mends, state=State.READING, digest="", tries=0)
        ask_for_work()
    return taken.record


def read_again(key: int, *, actor: Actor, version: int | None) -> Import:
    """Have the file read anew, because the desk has changed since the plan was made or the job came to no end. The plan
    is that of whoever asks: what may not be given to oneself is judged by it."""
    with step(Import, key, version=version, signature=actor.signature(), action="reread_workbook", clause="") as taken:
        taken.signature = actor.signature(access.require_move_in(actor))
        _require(taken.record, State.PLANNED, State.UNREADABLE)
        taken.record.set(by=actor.user, state=State.READING, digest="", remark="", tries=0)
        ask_for_work()
    return taken.record


def discard(key: int, *, actor: Actor, version: int | None) -> Import:
    """Leave a plan: it can be carried out no more. Nothing was written."""
    with step(Import, key, version=version, signature=actor.signature(), action="discard_workbook", clause="") as taken:
        taken.signature = actor.signature(access.require_move_in(actor))
        _require(taken.record, State.PLANNED, State.UNREADABLE)
        taken.record.set(state=State.DISCARDED, ended_at=now())
    return taken.record


def apply(key: int, digest: str, *, actor: Actor, version: int | None) -> Import:
    """Have exactly the plan with that digest carried out by a job, in the name of whoever asks."""
    with step(Import, key, version=version, signature=actor.signature(), action="apply_workbook", clause="") as taken:
        taken.signature = actor.signature(access.require_move_in(actor))
        _require(taken.record, State.PLANNED)
        if taken.record.digest != digest:
            raise NotPossible(_("This is not the plan that you saw. Look at it again, then carry it out."))
        if not taken.record.may_apply:
            raise NotPossible(_("Nothing can be carried out: rows are refused, or nothing would change."))
        taken.record.set(by=actor.user, state=State.APPLYING, remark="", tries=0)
        ask_for_work()
    return taken.record


def take_back(key: int, *, actor: Actor, version: int | None) -> Import:
    """Have a job undo what was carried out, within a day and while nothing depends on it: all of it or nothing."""
    with step(Import, key, version=version, signature=actor.signature(), action="undo_workbook", clause="") as taken:
        taken.signature = actor.signature(access.require_move_in(actor))
        _require(taken.record, State.APPLIED)
        if not taken.record.may_undo(now()):
            raise NotPossible(_("An import is taken back within a day. Change what is wrong on its own pages."))
        taken.record.set(by=actor.user, state=State.UNDOING, remark="", tries=0)
        ask_for_work()
    return taken.record


def ask_for_work() -> None:
    """A worker is told at once; if the message is lost, the next look of the job finds the import."""
    transaction.on_commit(lambda: poke("workbook.tasks.carry_on_imports", expires=LATEST))


def _require(found: Import, *states: str) -> None:
    if found.state not in states:
        raise NotPossible(
            _("The import is “%(state)s” now. Load its page again to see what can be done.")
            % {"state": found.get_state_display()}
        )
