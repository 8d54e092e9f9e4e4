"""The controlled document as a page: header, clauses, tables, parameters, and the figure of its flow."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from accounts.actors import local_day
from accounts.models import Role
from accounts.queries import Holding, todays_holders
from accounts.requests import DeskRequest
from audit.queries import REASONS
from base.clock import now
from desk.procedure.flow_figure import Arrow, Figure, figure
from incidents.models import Capacity, Channel, Declaration, Move, State, Type, moves
from procedure.models import Basis, ProcedureVersion
from procedure.queries import Duty, NoProcedure, Rules, changes, in_force, official_texts, references, rules, versions
from setup.access import may_keep_procedure

BASES = {
    Basis.TEXT: (gettext_lazy("the document says so"), "green", "file-text"),
    Basis.READING: (gettext_lazy("reading of an unclear place"), "blue", "eye"),
    Basis.ADDED: (gettext_lazy("added by us, no clause"), "grey", "plus"),
}
# Names inside the value of a parameter, where they are words of the desk.
NAMES = {
    **{str(channel): channel.label for channel in Channel},
    "default": pgettext_lazy("parameter", "otherwise"),
    "infosec": Type.INFOSEC.label,
    "from": pgettext_lazy("parameter", "from"),
    "to": pgettext_lazy("parameter", "to"),
    "levels": pgettext_lazy("parameter", "levels"),
    "reminder": pgettext_lazy("parameter", "reminder"),
    "next_level": pgettext_lazy("parameter", "next level"),
    "customer": pgettext_lazy("parameter", "customer"),
    "category_leaf": pgettext_lazy("parameter", "category"),
    "before_closure": pgettext_lazy("parameter", "before closing"),
    "before_effect": pgettext_lazy("parameter", "before the decision takes effect"),
    "informed": pgettext_lazy("parameter", "informed only"),
    "cases": pgettext_lazy("parameter", "cases"),
    "reached": pgettext_lazy("parameter", "of them so far"),
    **{str(role): role.label for role in Role},
    **REASONS,
    "refused_escalation": REASONS["escalation_refused"],
}
UNITS = {
    "minute": pgettext_lazy("unit", "minutes"),
    "hour": pgettext_lazy("unit", "hours"),
    "day": pgettext_lazy("unit", "days"),
    "working_day": pgettext_lazy("unit", "working days"),
    "calendar_month": pgettext_lazy("unit", "calendar months"),
    "year": pgettext_lazy("unit", "years"),
    "percent": pgettext_lazy("unit", "%"),
    "month": pgettext_lazy("unit", "months"),
    "times": pgettext_lazy("unit", "times"),
    "weekday": "",
}


@require_GET
@login_required
def procedure(request: DeskRequest) -> HttpResponse:
    """The version in force today, or the older one of `version`, marked as withdrawn (R-DC-4)."""
    listed, chosen = versions(), request.GET.get("version", "")
    current = _in_force()
    shown = next((one for one in listed if str(one.pk) == chosen), current) if chosen else current
    if shown is None:
        raise Http404
    book, holders, drawn = rules(shown.pk), todays_holders(), arrows()
    context = {
        "version": shown,
        "is_current": current is not None and shown.pk == current.pk,
        "versions": listed,
        "may_keep": may_keep_procedure(request.actor),
        "header": book.header,
        "clauses": _clauses(book, official_texts(shown.pk)),
        "duties": [_duty(duty, holders) for duty in book.duties],
        "terms": [(term, BASES[term.basis]) for term in book.terms],
        "tree": _tree(book),
        "impacts": book.impacts.values(),
        "urgencies": book.urgencies.values(),
        "matrix": _matrix(book),
        "levels": [(level, BASES[level.basis]) for level in book.levels.values()],
        "parameters": [
            (one, _value(one.value, one.unit), UNITS.get(one.unit, one.unit), BASES[one.basis])
            for one in book.parameters.values()
        ],
        "bases": BASES.values(),
        "references": [(one, BASES[Basis(one.basis)]) for one in references(shown.pk)],
        "changes": changes(shown.pk),
        "flow": flow(drawn),
        "moves": [_move(move, drawn) for move in moves().values()],
    }
    return render(request, "desk/procedure/page.html", context)


def flow(drawn: list[Arrow]) -> Figure:
    """The figure of the state machine as it runs, with those arrows, in the language of the reader."""
    return figure({str(state): str(state.label) for state in State}, drawn, State.NEW)


def arrows() -> list[Arrow]:
    """Every move that leads to a state, from each of its sources."""
    found = []
    for step in Declaration._meta.get_field("state").get_all_transitions(Declaration):
        move: Move = step.custom["move"]
        for target in _targets(step.target):
            found.append(Arrow(str(step.source), target, move.number, move.clause, str(move.label)))
    labels = [str(move.label) for move in moves().values()]
    return sorted(found, key=lambda one: (labels.index(one.label), one.source, one.target))


def _targets(target: Any) -> list[str]:
    if target is None:
        return []
    return [str(target)] if isinstance(target, str) else [str(one) for one in target.allowed_states]


def _move(move: Move, drawn: list[Arrow]) -> dict[str, Any]:
    sources = [str(state.label) for state in State if state in move.sources]
    targets = {arrow.target for arrow in drawn if arrow.label == str(move.label)}
    return {
        "move": move,
        "sources": sources,
        "targets": [str(state.label) for state in State if state in targets],
        "by": [str(capacity.label) for capacity in Capacity if capacity in move.by],
        "guards": [str(guard.sentence) for guard in move.guards],
        "basis": BASES[Basis(move.basis)],
    }


def _in_force() -> ProcedureVersion | None:
    try:
        return in_force(local_day(now()))
    except NoProcedure:
        return None


def _clauses(book: Rules, official: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    return [
        {"clause": clause, "official": official.get(("clause", clause.number), ""), "basis": BASES[clause.basis]}
        for clause in book.clauses.values()
    ]


def _duty(duty: Duty, holders: dict[Role, list[Holding]]) -> dict[str, Any]:
    return {
        "duty": duty,
        "basis": BASES[duty.basis],
        "roles": [
            {"name": Role(role).label, "holders": _people(holders.get(Role(role), []))}
            for role in duty.roles
            if role in Role.values
        ],
    }


def _people(holdings: list[Holding]) -> list[str]:
    """Each person once, with what the role is held for and who stands in."""
    scopes: dict[str, list[str]] = {}
    for holding in holdings:
        scope = holding.customer or holding.department
        words = [str(scope)] if scope else []
        scopes.setdefault(_name(holding), []).extend(words)
    return [f"{name}（{'、'.join(words)}）" if words else name for name, words in scopes.items()]


def _name(holding: Holding) -> str:
    if holding.deputy is None:
        return holding.user.name
    return _("%(name)s, deputy %(deputy)s") % {"name": holding.user.name, "deputy": holding.deputy.name}


def _tree(book: Rules) -> dict[str, dict[str, list[Any]]]:
    tree: dict[str, dict[str, list[Any]]] = {}
    for leaf in book.leaves.values():
        top, middle, _name = (str(part) for part in leaf.path)
        tree.setdefault(top, {}).setdefault(middle, []).append(leaf)
    return tree


def _matrix(book: Rules) -> list[dict[str, Any]]:
    return [
        {"name": impact.name, "cells": [book.levels[book.priority(impact.code, one)] for one in book.urgencies]}
        for impact in book.impacts.values()
    ]


def _part(name: str) -> str:
    return _("Level %(level)s") % {"level": name} if name.isdigit() else str(NAMES.get(name, name))


def _value(value: Any, unit: str = "") -> str:
    """A parameter's value as one line; days of the week, spans and switches in words."""
    if unit == "weekday":
        return _(", ").join(str(WEEKDAYS[day]) for day in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict) and {"value", "unit", "clock"} == value.keys():
        counted = _("working time") if value["clock"] == "working" else _("natural time")
        return f"{value['value']} {UNITS.get(value['unit'], value['unit'])} · {counted}"
    if isinstance(value, dict):
        return _("; ").join(f"{_part(name)} {_value(part)}" for name, part in value.items())
    if isinstance(value, list):
        return _(", ").join(_value(part) for part in value)
    if isinstance(value, str):
        return str(NAMES.get(value, value))
    return "–" if value is None else json.dumps(value, ensure_ascii=False)
