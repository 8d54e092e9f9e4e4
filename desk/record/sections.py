"""The nine sections of the form as they fold on the page: one line of summary, and inside what was filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.text import side_by_side
from desk.record.bar import Action
from desk.record.files import RecordFile, record_file
from desk.record.stepper import CURRENT, NAMES, is_absent
from incidents import models as m
from incidents.models import Declaration, State
from incidents.verbs.timeline import Names, listed, short
from record_form.layout import Shown, part
from record_form.reading import Reading
from record_form.structure import Section
from record_form.verbs import STEPS

ATTACHMENTS_ROW = 12


@dataclass(frozen=True)
class SectionField:
    """A row of the form: lines of values, or a table; `missing` is obligatory and still to be filled in."""

    label: str
    lines: list[list[Shown]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    cells: list[list[list[Shown]]] = field(default_factory=list)
    missing: str = ""

    @property
    def rows(self) -> list[list[tuple[str, list[Shown]]]]:
        """The rows of the table, each value with the name of its column, which a phone shows beside it."""
        return [list(zip(self.columns, row, strict=True)) for row in self.cells]


@dataclass(frozen=True)
class SectionFile:
    name: str
    url: str
    about: str = ""


@dataclass(frozen=True)
class PageSection:
    """One section; `key` is also its shortcut, 1 to 9."""

    key: int
    numeral: str
    name: str
    clause: str
    summary: str
    open: bool
    absent: bool
    fields: list[SectionField] = field(default_factory=list)
    files: list[RecordFile] = field(default_factory=list)
    notes: list[SectionFile] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


def sections(
    declaration: Declaration,
    form: Sequence[Section],
    summaries: Sequence[str],
    reading: Reading,
    annexes: Iterable[m.Annex],
    offered: Iterable[Action],
) -> list[PageSection]:
    """In the order of the form; fields of sections that lie ahead show only what is already there."""
    current = CURRENT.get(State(declaration.state))
    by_verb = {action.verb: action for action in offered}
    found = []
    for index, (numeral, _name, clause) in enumerate(NAMES):
        section = form[index] if index < len(form) else None
        reached = declaration.is_open and (current is None or index <= current)
        found.append(
            PageSection(
                key=index + 1,
                numeral=numeral,
                name=str(section.title) if section else str(_name),
                clause=clause,
                summary=summaries[index],
                open=index == current,
                absent=2 <= index <= 7 and is_absent(declaration),
                fields=_fields(section, reached) if section else [],
                files=_files(declaration, reading) if index == 0 else [],
                notes=_annexes(declaration, annexes) if index == 7 else [],
                actions=[by_verb[verb] for verb in STEPS if verb in by_verb and STEPS[verb].section == index],
            )
        )
    return found


def _fields(section: Section, reached: bool) -> list[SectionField]:
    open_rows = {row.number for row in section.rows if row.is_missing} if reached else set()
    found = []
    for cell in (cell for line in part(section).lines for cell in line):
        lines = [line for line in map(_ticked, cell.lines) if line]
        if cell.number == ATTACHMENTS_ROW:
            lines = list(filterfalse(_is_file, lines))
        missing = _("still to be filled in") if cell.number in open_rows else ""
        if lines or cell.cells or missing:
            found.append(SectionField(cell.label, lines, cell.columns, cell.cells, missing))
    return found


def _ticked(line: Iterable[Shown]) -> list[Shown]:
    """On the page only the boxes that are ticked are of interest."""
    return [shown for shown in line if shown.style != "box" or shown.ticked]


def _is_file(line: Iterable[Shown]) -> bool:
    """The files stand below as links, not by their check codes."""
    return any(shown.style == "mono" for shown in line)


def _files(declaration: Declaration, reading: Reading) -> list[RecordFile]:
    return [record_file(declaration.number, each) for each in reading.attachments]


def _annexes(declaration: Declaration, annexes: Iterable[m.Annex]) -> list[SectionFile]:
    return [
        SectionFile(
            short(each.text, 400),
            reverse("record-annex", args=[declaration.number, each.pk]) if each.file_id else "",
            each.name,
        )
        for each in annexes
    ]


def summaries(d: Declaration, names: Names, reading: Reading, *, reviewed: str) -> list[str]:
    """One line for each of the nine sections."""
    channel = str(m.Channel(d.channel).label)
    caller = d.contact.name if d.contact else d.caller_name
    return [
        side_by_side(channel, caller, short(d.body, 60)),
        _screening(d, names),
        _grading(d, names),
        _handling(d, names, reading),
        _escalation(d),
        _("%(contacts)d contacts · %(warnings)d warnings · %(waits)d waits")
        % {
            "contacts": len(reading.communications),
            "warnings": len({each.pk for each in reading.warnings}),
            "waits": len(reading.waits),
        },
        _completion(d, names),
        names.person(d.filed_by_id) if d.filed_at else _("by the custodian, once it is closed"),
        reviewed or _("drawn after closing"),
    ]


def _screening(d: Declaration, names: Names) -> str:
    if d.screened_at is None:
        return _("still open") if d.is_open else ""
    valid = _("valid") if d.valid else _("invalid")
    within = _("within the contract") if d.service_in_contract else ""
    return side_by_side(valid, within, str(m.Type(d.type).label), names.person(d.screened_by_id))


def _grading(d: Declaration, names: Names) -> str:
    if d.priority is None or not d.impact:
        return _("after screening")
    grade = f"{names.grade(d.impact, d.urgency)} = {names.level(d.priority)}"
    repeats = _("no. %(ordinal)s in the window") % {"ordinal": d.repeat_ordinal} if d.repeat_ordinal else ""
    return side_by_side(names.leaf(d.leaf), grade, repeats)


def _handling(d: Declaration, names: Names, reading: Reading) -> str:
    if d.classified_at is None:
        return _("after classification")
    count = len(reading.steps)
    steps = ngettext("%(count)d step", "%(count)d steps", count) % {"count": count}
    return side_by_side(names.person(d.handler_id), steps)


def _escalation(d: Declaration) -> str:
    if not d.escalation_state:
        return _("not required so far") if d.classified_at else _("after classification")
    return side_by_side(str(m.EscalationState(d.escalation_state).label), d.problem_number)


def _completion(d: Declaration, names: Names) -> str:
    if d.resolved_at is None:
        return _("once it is resolved")
    kind = str(m.SolutionKind(d.solution_kind).label) if d.solution_kind else ""
    return listed([short(d.solution, 60), kind])
