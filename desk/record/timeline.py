"""Everything that happened to a record, newest first, one sentence an act."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Role
from base import wording
from base.text import alone
from desk.record.names import Names
from desk.record.rows import Act
from desk.record.telling import CHANGES, CONTACT, HANDLING, TELLINGS, TIME, told
from ledger.models import Entry

FILTERS = {
    "": pgettext_lazy("time line", "All"),
    HANDLING: pgettext_lazy("time line", "Handling"),
    CONTACT: pgettext_lazy("time line", "Contacts"),
    TIME: pgettext_lazy("time line", "Deadlines"),
    CHANGES: pgettext_lazy("time line", "Changes"),
}
EDITS = ("change_type", "reclassify", "reassign", "take_over")
SYSTEM = gettext_lazy("System")


@dataclass(frozen=True)
class Line:
    """As components/entry.html shows it."""

    at: datetime
    icon: str
    sentence: str
    who: str
    clause: str
    kind: str = ""
    detail: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Day:
    label: str
    entries: list[Line] = field(default_factory=list)


def lines(acts: Iterable[Act], names: Names, *, group: str = "") -> list[Line]:
    """The acts of one filter (all without), newest first."""
    shown = [act for act in acts if not group or group in _groups(act)]
    return [_line(act, names) for act in sorted(shown, key=lambda act: (act.entry.at, act.entry.pk), reverse=True)]


def days(found: Iterable[Line]) -> list[Day]:
    """The lines under their local days."""
    by_day = groupby(found, key=lambda line: localdate(line.at))
    return [Day(wording.day_head(entries[0].at), entries) for entries in (list(group) for _day, group in by_day)]


def _groups(act: Act) -> tuple[str, ...]:
    telling = TELLINGS.get(act.entry.action)
    return telling.groups if telling else ()


def _line(act: Act, names: Names) -> Line:
    said, entry = told(act, names), act.entry
    telling = TELLINGS.get(entry.action)
    kind = "edit" if entry.action in EDITS else "system" if entry.actor == "system" else ""
    return Line(
        at=entry.at,
        icon=telling.icon if telling else "circle",
        sentence=alone(said.sentence),
        who=who(entry),
        clause=entry.clause if entry.clause[:1].isdigit() else "",
        kind=kind,
        detail=alone(said.detail),
        before=said.before,
        after=said.after,
    )


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
