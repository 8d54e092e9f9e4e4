"""Taking an import back: by the steps that end or change what it made, and only while nothing depends on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import cast

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import PasswordLink
from base.clock import now
from ledger.actions import attempt, step
from ledger.exceptions import NotPossible, Reason, Refused
from ledger.models import Record
from notifications.models import Notification, Preference
from workbook import access
from workbook.actions.applying import at_row, in_time, rows_of
from workbook.models import Import, PlanRow
from workbook.progress import Report
from workbook.sheets import SHEETS, Row, Standing

State = Import.State
AT_ONCE = 500
MOST_TOLD = 20
# What ends with an account, or was only sent to somebody, keeps nothing that was made.
NO_TIE = (PasswordLink, Notification, Preference)


def undo(found: Import, actor: Actor, report: Report) -> None:
    """Undo every row in the other order, or nothing: raises `NotPossible` with what stands against it, row by row."""
    with attempt(actor.signature(), action="undo_workbook", stream=found.stream) as tried:
        tried.signature = actor.signature(access.require_move_in(actor))
        locked = Import.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if locked.state != State.UNDOING:
            return
        if against := [Reason(sentence) for sentence in _against(locked)]:
            raise NotPossible(_("Something depends on what was imported."), reasons=against[:MOST_TOLD])
        for done, row in enumerate(in_time(rows_of(locked, backwards=True)), 1):
            _undo_row(row, actor)
            report(done, locked.to_do)
        with step(Import, found.pk, version=None, signature=tried.signature, action="finish_undo", clause="") as taken:
            taken.record.set(state=State.UNDONE, ended_at=now(), remark="")


def _undo_row(row: PlanRow, actor: Actor) -> None:
    sheet = SHEETS[row.sheet]
    assert row.made is not None  # What was carried out made every row.
    try:
        if row.standing is None:
            sheet.take_back(row.made, row.values, actor)
        else:
            back = Row({**row.values, **row.before}, Standing(row.standing, 0, row.values))
            sheet.change_back(row.standing, back, actor)
    except Refused as refused:
        raise at_row(row, refused) from refused


def _against(found: Import) -> Iterator[str]:
    """What has changed since, and what points to something that was made: a sentence each, some hundred rows a time."""
    made = _made(found)
    for key in SHEETS:
        rows = list(found.rows.filter(sheet=key).exclude(made=None).order_by("pk"))
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            yield from _changed_since(key, some)
            yield from _pointed_to(key, [row for row in some if row.standing is None], made)


def _changed_since(key: str, rows: list[PlanRow]) -> Iterator[str]:
    model = SHEETS[key].made_as
    versions = dict(model._base_manager.filter(pk__in=[row.made for row in rows]).values_list("pk", "version"))
    for row in rows:
        if versions.get(row.made) != row.made_version:
            yield _told(row, _("It has been changed since."))


def _pointed_to(key: str, rows: list[PlanRow], made: Mapping[type[Model], set[int]]) -> Iterator[str]:
    model = SHEETS[key].made_as
    if not SHEETS[key].makes_records:
        return
    by_key = {row.made: row for row in rows}
    for relation in model._meta.related_objects:
        other = relation.related_model
        if relation.many_to_many or _belongs(other, model) or other in NO_TIE:
            continue
        name = relation.field.attname
        pointing = other._base_manager.filter(**{f"{name}__in": list(by_key)}).values_list("pk", name)
        told = {target for pk, target in pointing if pk not in made[other]}
        for target in sorted(told):
            yield _told(by_key[target], _("%(kind)s depends on it.") % {"kind": other._meta.verbose_name})


def _belongs(other: type[Model], model: type[Model]) -> bool:
    """Whether such a row is a part of the record itself, and not one that depends on it."""
    name = getattr(other, "belongs_to", "")
    return bool(name) and not issubclass(other, Record) and other._meta.get_field(name).related_model is model


def _made(found: Import) -> Mapping[type[Model], set[int]]:
    made: dict[type[Model], set[int]] = defaultdict(set)
    for sheet, key in found.rows.exclude(made=None).filter(standing=None).values_list("sheet", "made"):
        made[SHEETS[sheet].made_as].add(cast(int, key))
    return made


def _told(row: PlanRow, sentence: str) -> str:
    where = {"sheet": SHEETS[row.sheet].title, "row": row.row, "label": row.label, "sentences": sentence}
    return _("%(sheet)s, row %(row)d (%(label)s): %(sentences)s") % where
