"""What waits for a decision: the list, one request beside it, and the decision itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import DeskRequest
from base.clock import now
from desk.frame import work_of_request
from desk.queries.work import Task
from desk.queues.choices import carry_out
from desk.queues.decisions import DecisionRow, case, line
from desk.queues.queries import last_request, matter_of
from escalation.queries.shown_clocks import shown_clocks
from incidents.access import declaration_for_reading
from incidents.models import Declaration
from ledger.exceptions import Invalid, NotPossible, Refused, Stale
from record_form.verbs import VERBS
from sla.queries import TimeLeft


@require_GET
@login_required
def decisions(request: DeskRequest, number: str = "") -> HttpResponse:
    """The list with its most urgent request beside it; with `number` that one, on a phone alone."""
    return _page(request, number)


@require_POST
@login_required
def decide(request: DeskRequest, number: str) -> HttpResponse:
    """Take the decision that was pressed and go on to the next; a refusal keeps what was typed."""
    actor = request.actor
    declaration = declaration_for_reading(actor, number)
    try:
        choice = carry_out(request, declaration)
    except Invalid as refused:
        return _page(request, number, refused=refused)
    except (Stale, NotPossible) as refused:
        open_still = isinstance(refused, NotPossible) and _is_open(request, number)
        return _page(request, number, refused=refused, meanwhile=None if open_still else _meanwhile(declaration))
    messages.success(request, f"{number} · {choice.done}")
    return HttpResponseRedirect(reverse("decisions"))


def _page(
    request: DeskRequest, number: str, *, refused: Refused | None = None, meanwhile: dict[str, Any] | None = None
) -> HttpResponse:
    actor = request.actor
    at = now()
    tasks, clocks = _tasks(request)
    lines = [line(task.declaration, _verb(task), clocks.get(task.declaration.pk)) for task in tasks]
    chosen = next((task for task in tasks if task.declaration.number == (number or lines[0].number)), None)
    opened = None
    if chosen is not None and meanwhile is None:
        declaration = declaration_for_reading(actor, chosen.declaration.number)
        opened = case(actor, matter_of(declaration, _verb(chosen)), _verb(chosen), at)
    elif number and meanwhile is None:
        # Nothing to decide any more: whoever may see the record hears what became of it.
        meanwhile = _meanwhile(declaration_for_reading(actor, number))
    context = {
        "lines": lines,
        "case": opened,
        "place": _place(lines, opened.declaration.number if opened else ""),
        "left": clocks.get(opened.declaration.pk) if opened else None,
        "alone": bool(number),
        "refused": refused,
        "meanwhile": meanwhile,
        "text": request.POST.get("text", ""),
    }
    return render(request, "desk/queues/decisions/page.html", context, status=refused.status if refused else 200)


def _tasks(request: DeskRequest) -> tuple[list[Task], dict[int, TimeLeft]]:
    """The own decisions, most urgent first, with their clocks."""
    tasks = [task for task in work_of_request(request).mine if task.step and VERBS[task.step.verb].queue == "decisions"]
    rows = [task.declaration for task in tasks]
    clocks = shown_clocks(rows, now(), deciding=[task.declaration for task in tasks if task.is_about_request])
    timed = [task for task in tasks if task.declaration.pk in clocks]
    timed.sort(key=lambda task: clocks[task.declaration.pk].due)
    return [*timed, *(task for task in tasks if task.declaration.pk not in clocks)], clocks


def _is_open(request: DeskRequest, number: str) -> bool:
    """Whether only this way out is barred, and the decision still waits for the reader."""
    return any(task.declaration.number == number for task in _tasks(request)[0])


def _verb(task: Task) -> str:
    return task.step.verb if task.step else ""


def _place(lines: list[DecisionRow], number: str) -> dict[str, Any]:
    """Where the open request stands in the list, with its neighbours."""
    numbers = [each.number for each in lines]
    if number not in numbers:
        return {}
    index = numbers.index(number)
    return {
        "words": _("%(index)d of %(count)d") % {"index": index + 1, "count": len(numbers)},
        "previous": numbers[index - 1] if index else "",
        "next": numbers[index + 1] if index + 1 < len(numbers) else "",
    }


def _meanwhile(declaration: Declaration) -> dict[str, Any]:
    """Who decided, when and how, of a record that waits for nobody's decision here any more."""
    found = last_request(declaration)
    if found is None or found.decided_at is None:
        return {"declaration": declaration}
    return {
        "declaration": declaration,
        "who": found.decided_by.get_full_name() if found.decided_by else "",
        "at": found.decided_at,
        "result": found.get_state_display(),
    }
