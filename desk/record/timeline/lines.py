"""Everything that happened to a record, newest first, one line an entry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import Role
from base import wording
from base.text import alone
from desk.record.files import renamed
from desk.record.timeline.sentences import LINE_FORMATS, UNKNOWN_VERB, sentence_of
from incidents.verbs.timeline import (
    CHANGES,
    CONTACT,
    HANDLING,
    TIME,
    Change,
    HistoryEntry,
    LineFormat,
    Names,
    Values,
    moment,
)
from ledger.models import Entry

FILTERS = {
    "": pgettext_lazy("time line", "All"),
    HANDLING: pgettext_lazy("time line", "Handling"),
    CONTACT: pgettext_lazy("time line", "Contacts"),
    TIME: pgettext_lazy("time line", "Deadlines"),
    CHANGES: pgettext_lazy("time line", "Changes"),
}
SYSTEM = gettext_lazy("System")


@dataclass(frozen=True)
class LineFile:
    """A file that came with an entry: its address, what it was called, and whether it was struck out since."""

    name: str
    url: str
    note: str
    is_struck: bool


@dataclass(frozen=True)
class TimelineLine:
    """As components/entry.html shows it: `struck` by whom and why, or the name of the `row` that can be struck out."""

    at: datetime
    icon: str
    sentence: str
    who: str
    clause: str
    kind: str = ""
    detail: str = ""
    before: str = ""
    after: str = ""
    changes: tuple[Change, ...] = ()
    struck: str = ""
    row: str = ""
    files: tuple[LineFile, ...] = ()


@dataclass(frozen=True)
class Day:
    label: str
    entries: list[TimelineLine] = field(default_factory=list)


def lines(history: Iterable[HistoryEntry], names: Names, *, line_filter: str = "") -> list[TimelineLine]:
    """The entries of one filter (all without), newest first."""
    shown = [entry for entry in history if not line_filter or line_filter in _format(entry).filters]
    return [_line(entry, names) for entry in sorted(shown, key=_order, reverse=True)]


def days(found: Iterable[TimelineLine]) -> list[Day]:
    """The lines under their local days."""
    by_day = groupby(found, key=lambda line: localdate(line.at))
    return [Day(wording.day_head(entries[0].at), entries) for entries in (list(group) for _day, group in by_day)]


def _order(entry: HistoryEntry) -> tuple[datetime, int]:
    return entry.ledger_entry.at, entry.ledger_entry.pk


def _format(entry: HistoryEntry) -> LineFormat:
    return LINE_FORMATS.get(entry.ledger_entry.action, UNKNOWN_VERB)


def _line(entry: HistoryEntry, names: Names) -> TimelineLine:
    recorded, shown, sentence = entry.ledger_entry, _format(entry), sentence_of(entry, names)
    row = entry.row(f"incidents.{shown.row}") if shown.row else Values()
    kind = "edit" if shown.is_edit else "system" if recorded.actor == "system" else ""
    return TimelineLine(
        at=recorded.at,
        icon=shown.icon,
        sentence=alone(sentence.text),
        who=who(recorded),
        clause=recorded.clause if recorded.clause[:1].isdigit() else "",
        kind=kind,
        detail=alone(sentence.detail),
        before=sentence.before,
        after=sentence.after,
        changes=sentence.changes,
        struck=_struck(row, names),
        row=_strikable(shown.row, row),
        files=() if recorded.action == "strike_out" else tuple(_files(entry)),
    )


def _files(entry: HistoryEntry) -> Iterator[LineFile]:
    number = entry.record.text("number")
    for row in entry.rows.get("incidents.attachment", []):
        name, key = row.text("name"), row.number("pk")
        if name and key and number:
            url = reverse("record-file", args=[number, key])
            yield LineFile(name, url, renamed(row.text("given_name"), name), bool(row.text("voided_at")))


def _struck(row: Values, names: Names) -> str:
    """Who struck out what the entry wrote, when and why; nothing where it stands."""
    if not row.text("voided_at"):
        return ""
    values = {"person": names.person(row.number("voided_by")), "time": moment(row.text("voided_at"))}
    struck = _("Struck out by %(person)s, %(time)s") % values
    return f"{struck}{pgettext('label', ': ')}{row.text('void_reason')}"


def _strikable(kind: str, row: Values) -> str:
    """The name by which it is struck out, of what a person wrote and nothing of law rests on."""
    stands = row.number("by") and not row.text("voided_at") and not row.flag("is_first_response")
    return f"{kind}:{row.number('pk')}" if kind and stands else ""


def who(entry: Entry) -> str:
    """The real person, in which role where it is not the desk's daily work, and for whom."""
    if entry.actor == "system":
        return str(SYSTEM)
    name = entry.actor_name
    if entry.on_behalf_of:
        absent = json.loads(entry.body).get("on_behalf_of_name", "")
        name = _("%(name)s (for %(absent)s)") % {"name": name, "absent": absent}
    shown = entry.role in Role.values and entry.role not in (Role.SERVICE_DESK, Role.STAFF)
    return f"{name} {Role(entry.role).label}" if shown else name
