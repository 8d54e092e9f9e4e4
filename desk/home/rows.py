"""The lines of my desk as they are shown: who, why it is here, how long it has, and its one button."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from base import wording
from base.clock import now
from base.text import side_by_side
from desk.ageing import age_of
from desk.queries.work import Task, Work
from desk.step_address import step_address
from incidents.models import Declaration, State, Type
from record_form.verbs import PROMPTS
from sla.queries import TimeLeft, TimeState
from sla.wording import clock_name

SOON = timedelta(hours=1)
LAST = datetime.max.replace(tzinfo=UTC)
RUNNING = (TimeState.NORMAL, TimeState.SOON, TimeState.AT_RISK, TimeState.BREACHED)
GROUPS = ("late", "hour", "today", "later")


@dataclass(frozen=True)
class WorkRow:
    """One line: `url` opens the record, `step_url` the page of the step that `button` names.

    A `pressing` one has no time of its own yet, because the step that gives it one is still to be taken. One that no
    clock times may have a last moment, `until`.
    """

    number: str
    subject: str
    url: str
    step_url: str
    button: str
    who: str
    why: str
    priority: int | None = None
    restricted: bool = False
    time_left: TimeLeft | None = None
    clock_name: str = ""
    ungraded: bool = False
    pressing: bool = False
    age: str = ""
    until: datetime | None = None
    mark: str = ""
    reminded: bool = False

    @property
    def due(self) -> datetime:
        """By what the lines are sorted; where no time runs, after all others."""
        if self.until is not None:
            return self.until
        running = self.time_left is not None and self.time_left.due_words
        return self.time_left.due if running and self.time_left else LAST

    @property
    def key(self) -> str:
        """Tells it from every other line, and stays its own while the record goes on."""
        return self.mark or self.number


@dataclass(frozen=True)
class WorkGroup:
    """The lines that are equally near to their due time."""

    key: str
    label: str
    rows: list[WorkRow]


def record_row(declaration: Declaration, left: TimeLeft | None = None, **more: Any) -> WorkRow:
    """The line of a record, which leads to its page and has no button unless `more` says so."""
    url = reverse("record", args=[declaration.number])
    common = {
        "number": declaration.number,
        "subject": declaration.subject,
        "priority": declaration.priority,
        "restricted": declaration.restricted,
        "url": url,
        "step_url": url,
        "button": "",
        "time_left": left,
        "clock_name": clock_words(left),
        "ungraded": declaration.type not in (Type.UNKNOWN, Type.INCIDENT),
    }
    return WorkRow(**common | more)


def step_rows(work: Work, clocks: dict[int, TimeLeft]) -> list[WorkRow]:
    """A line for each record whose next step is the reader's."""
    return [_row(task, clocks.get(task.declaration.pk)) for task in work.mine]


def groups(rows: Iterable[WorkRow], at: datetime) -> list[WorkGroup]:
    """The own lines, late ones first, by time left and never by level; groups without lines are left out."""
    labels = {"late": _("Overdue"), "hour": _("Due within 1 hour"), "today": _("Due today"), "later": _("Later")}
    by_key: dict[str, list[WorkRow]] = {key: [] for key in GROUPS}
    for row in sorted(rows, key=lambda row: (row.due, row.number)):
        by_key[_group_of(row, at)].append(row)
    return [WorkGroup(key, labels[key], by_key[key]) for key in GROUPS if by_key[key]]


def waiting_rows(work: Work, clocks: dict[int, TimeLeft]) -> list[WorkRow]:
    """The lines that wait for somebody else, by time left."""
    rows = [_row(task, clocks.get(task.declaration.pk)) for task in work.waiting]
    return sorted(rows, key=lambda row: (row.due, row.number))


def moments(rows: Iterable[WorkRow], at: datetime) -> list[datetime]:
    """When the order changes though nothing happens: as a line comes within the hour, is over, or is of today."""
    dues = [row.due for row in rows if row.due != LAST]
    tomorrow = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return [*dues, *(due - SOON for due in dues), tomorrow]


def worst(groups: Iterable[WorkGroup]) -> WorkRow | None:
    """The line whose running clock has least left."""
    rows = (row for group in groups for row in group.rows)
    return next((row for row in rows if row.time_left and row.time_left.state in RUNNING and not row.age), None)


def waiting_summary(work: Work) -> str:
    """Who is waited for and how often, in one line."""
    counted = Counter(_awaited(task) for task in work.waiting)
    return _(", ").join(f"{name} {count}" for name, count in counted.most_common())


def _group_of(row: WorkRow, at: datetime) -> str:
    is_over = row.until is not None and row.until <= at
    if is_over or (row.time_left is not None and row.time_left.state == TimeState.BREACHED):
        return "late"
    if row.due == LAST or row.due <= at:
        return "today" if row.pressing else "later"
    if row.due - at <= SOON:
        return "hour"
    return "today" if localdate(row.due) == localdate(at) else "later"


def _row(task: Task, left: TimeLeft | None) -> WorkRow:
    declaration = task.declaration
    return record_row(
        declaration,
        left,
        subject=_subject(declaration),
        who=_who(declaration),
        age=age_of(declaration, left, now()),
        **(_step(declaration, task.step.verb) if task.step else {"why": _awaited(task)}),
    )


def _step(declaration: Declaration, verb: str) -> dict[str, Any]:
    prompt = PROMPTS[verb]
    return {
        "step_url": step_address(declaration.number, verb),
        "button": str(prompt.button),
        "why": prompt.why_now(declaration),
        "pressing": prompt.gives_time,
    }


def clock_words(left: TimeLeft | None) -> str:
    """What stands before the words of a clock that does not time the solution."""
    return "" if left is None or left.kind == "resolution" else clock_name(left.kind)


def _subject(declaration: Declaration) -> str:
    if declaration.state == State.RELAYED:
        return _("Relayed: %(subject)s") % {"subject": declaration.subject}
    return declaration.subject


def _who(declaration: Declaration) -> str:
    company, caller = declaration.customer_name, declaration.caller
    if declaration.state == State.RELAYED and declaration.relayed_by and declaration.relayed_at:
        last = _("%(name)s took it %(time)s") % {
            "name": declaration.relayed_by.name,
            "time": wording.clock_time(declaration.received_at),
        }
    else:
        last = str(State(declaration.state).label)
    return side_by_side(declaration.number, company or caller, company and caller, last)


def _awaited(task: Task) -> str:
    return awaited_words(task.declaration, task.party)


def awaited_words(declaration: Declaration, party: str) -> str:
    """Who is waited for, and for what, in few words."""
    match party:
        case "customer" if declaration.state == State.RESOLVED:
            return _("Customer confirms")
        case "customer":
            return _("Customer answers")
        case "receiver" if declaration.state == State.HANDED_OVER:
            return _("%(name)s signs for receipt") % {"name": _name(declaration.receiver, _("Receiver"))}
        case "receiver":
            return _("%(name)s completes") % {"name": _name(declaration.receiver, _("Receiver"))}
        case "desk":
            return _("%(name)s acknowledges") % {"name": _name(declaration.desk, _("Service desk"))}
        case "handler":
            return _("%(name)s handles") % {"name": _name(declaration.handler, _("Handler"))}
        case "head":
            return _("Head of department decides")
        case "next_level":
            return _("The level above the head decides")
        case "risk_control":
            return _("Risk control answers")
    return _("Custodian files")


def _name(person: object, otherwise: str) -> str:
    return str(person) if person else otherwise


def only(found: Sequence[WorkGroup], key: str) -> list[WorkGroup]:
    """The group `key` alone; all of them when it is none of theirs."""
    return [group for group in found if group.key == key] if key in GROUPS else list(found)
