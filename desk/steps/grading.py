"""What a classification would mean before it is made: level and due time of each cell, and what follows (5.4.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from base import wording
from base.clock import now
from incidents.models import Declaration, Impact, State
from incidents.queries.repeats import Repeat, earlier_repeats
from procedure.queries import Rules, rules
from sla.models import Source
from sla.queries import calendar_of, resolution_target, working_calendar
from sla.targets import Target

BINDING = (1, 2)


@dataclass(frozen=True)
class Allowed:
    """What a level allows here: the target that wins, where it comes from, and when it would be due."""

    level: int
    target: Target
    source: str
    due: datetime
    past: bool


@dataclass(frozen=True)
class Consequences:
    """What follows from the choice made so far; `level` is None while the cell is not chosen."""

    level: int | None = None
    level_name: str = ""
    due: datetime | None = None
    past: bool = False
    basis: str = ""
    matrix: str = ""
    plan_needed: bool = False
    escalation: str = ""
    must_escalate: bool = False
    repeats: list[Repeat] = field(default_factory=list)
    counted: str = ""
    notes: list[str] = field(default_factory=list)


def allowed(declaration: Declaration) -> dict[int, Allowed]:
    """Each of the four levels; one statement a level where there is a contract, one for its calendar."""
    book = rules(declaration.procedure_version_id)
    calendar = working_calendar(calendar_of(declaration.contract))
    found = {}
    for level in book.levels:
        target, source = resolution_target(declaration.contract, level, Target.from_data(book.target(level)))
        due = target.due(declaration.received_at, calendar)
        assert due is not None
        found[level] = Allowed(level, target, source, due, due <= now())
    return found


def grid(declaration: Declaration, levels: dict[int, Allowed]) -> dict[str, Any]:
    """The nine cells as components/matrix.html shows them."""
    book = rules(declaration.procedure_version_id)
    return {
        "urgencies": [_head(grade) for grade in book.urgencies.values()],
        "impacts": [
            {
                **_head(impact),
                "cells": [_cell(book, impact.code, urgency, levels) for urgency in book.urgencies.values()],
            }
            for impact in book.impacts.values()
        ],
    }


def _head(grade: Any) -> dict[str, str]:
    return {"key": grade.code, "label": str(grade.name), "definition": str(grade.meaning)}


def _cell(book: Rules, impact: str, urgency: Any, levels: dict[int, Allowed]) -> dict[str, Any]:
    found = levels[book.priority(impact, urgency.code)]
    return {
        "value": f"{impact}:{urgency.code}",
        "urgency": str(urgency.name),
        "level": found.level,
        "target": _target_words(book, found),
        "due": found.due,
        "past": found.past,
    }


def _target_words(book: Rules, found: Allowed) -> str:
    """Where the matrix holds, as the document prints it."""
    return str(book.levels[found.level].display) if found.source == Source.MATRIX else found.target.words()


def leaves(declaration: Declaration) -> list[dict[str, Any]]:
    """The open leaves under their branches as components/leaf_picker.html shows them."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for leaf in rules(declaration.procedure_version_id).leaves.values():
        option = {"value": leaf.code, "label": str(leaf.name), "hint": "", "disabled": not leaf.is_active}
        groups.setdefault(str(leaf.path[1]), []).append(option)
    return [{"label": label, "leaves": found} for label, found in groups.items()]


def consequences(declaration: Declaration, levels: dict[int, Allowed], leaf: str, cell: str) -> Consequences:
    """What follows from leaf and cell ("severe:high"), as far as they are chosen; one statement for the repeats."""
    book = rules(declaration.procedure_version_id)
    impact, _colon, urgency = cell.partition(":")
    level = book.matrix.get((impact, urgency))
    repeats, counted, too_often = _repeats(declaration, book, leaf)
    notes = [str(note) for note in declaration.contract.process_notes] if declaration.contract else []
    if level is None:
        return Consequences(repeats=repeats, counted=counted, notes=notes)
    found = levels[level]
    severe = impact == Impact.SEVERE
    return Consequences(
        level=level,
        level_name=str(book.levels[level].name),
        due=found.due,
        past=found.past,
        basis=_basis(declaration, found),
        matrix=str(book.levels[level].display) if found.source == Source.CONTRACT else "",
        plan_needed=level in BINDING,
        escalation=_escalation(severe, too_often),
        must_escalate=severe or too_often,
        repeats=repeats,
        counted=counted,
        notes=notes,
    )


def _basis(declaration: Declaration, found: Allowed) -> str:
    if found.source == Source.CONTRACT and declaration.contract:
        values = {"contract": declaration.contract.number, "target": found.target.words()}
        return _("Contract %(contract)s: %(target)s") % values
    return _("By the matrix of the procedure: %(target)s") % {"target": found.target.words()}


def _repeats(declaration: Declaration, book: Rules, leaf: str) -> tuple[list[Repeat], str, bool]:
    """Earlier ones of the same customer and leaf, in words, and whether they oblige to ask for a problem (A-08)."""
    if leaf not in book.leaves:
        return [], "", False
    window, threshold = book.parameter("repeat_window_days"), book.parameter("repeat_threshold")
    found = earlier_repeats(declaration, window_days=window, leaf=leaf)
    joined = any(each.problem_number or each.escalation_is_open for each in found)
    values = {"days": window, "ordinal": len(found) + 1, "threshold": threshold}
    counted = _(
        "No. %(ordinal)d of this customer and category within %(days)d days; "
        "from no. %(threshold)d on a problem has to be requested."
    )
    return found, counted % values, len(found) + 1 >= threshold and not joined


def _escalation(severe: bool, too_often: bool) -> str:
    if severe:
        return _("Severe impact: a problem has to be requested.")
    if too_often:
        return _("Repeated up to the limit: a problem has to be requested.")
    return _("No problem has to be requested.")


def context(request: Any, declaration: Declaration, verb: str, form: Any) -> dict[str, Any]:
    """What the page of classification takes beside its form."""
    levels = allowed(declaration)
    # Needed for some cells; the hint says for which.
    form.fields["grading_basis"].required = True
    leaf, cell = form["leaf"].value() or "", form["cell"].value() or ""
    if not cell and form["impact"].value() and form["urgency"].value():
        cell = f"{form['impact'].value()}:{form['urgency'].value()}"
    return {
        "grid": grid(declaration, levels),
        "leaves": leaves(declaration),
        "leaf": leaf,
        "cell": cell,
        "follows": consequences(declaration, levels, leaf, cell),
        "again": verb == "reclassify",
    }


def said(declaration: Declaration) -> str:
    """What is told after classifying."""
    level = rules(declaration.procedure_version_id).levels[declaration.priority or 4]
    words = {"level": level.name, "due": wording.clock_time(declaration.due_at) if declaration.due_at else ""}
    return _("Set to %(level)s, due %(due)s") % words if declaration.state != State.SCREENED else ""
