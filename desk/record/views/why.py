"""Why a due time is what it is, in words: every clock of a record that has one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from base.clock import now
from desk.record.aside import target_sentence
from desk.record.page import awaited_clock
from incidents.access import declaration_for_reading
from incidents.models import Declaration, State
from sla.models import Clock
from sla.queries import TimeLeft, TimeState, counted_lines, reasons, time_left
from sla.wording import clock_name


@dataclass(frozen=True)
class Reason:
    """One clock: its name, what it shows now, why it is due then, and the stretches that were counted."""

    name: str
    left: TimeLeft
    sentences: list[str]
    lines: list[str]


@require_GET
@login_required
def why(request: DeskRequest, number: str) -> HttpResponse:
    """The reasons of one record; the part alone for htmx. Three statements beside those of the record."""
    declaration = declaration_for_reading(request.actor, number)
    part = request.htmx
    context = {"declaration": declaration, "reasons": found(declaration, request.GET.get("clock", ""))}
    return render(request, "desk/record/_why.html" if part else "desk/record/why.html", context)


def found(declaration: Declaration, kind: str = "") -> list[Reason]:
    """Those of the clock of that kind, or of all that still say something."""
    clocks = [awaited_clock(declaration), declaration.response_clock, declaration.resolution_clock]
    known = {clock.kind: clock for clock in clocks if clock is not None}
    chosen = [known[kind]] if kind in known else list(known.values())
    reasons_of = [_reason(declaration, clock) for clock in chosen]
    return [each for each in reasons_of if each.left.state != TimeState.CANCELLED]


def _reason(declaration: Declaration, clock: Clock) -> Reason:
    contract = declaration.contract
    sentences = reasons(
        clock,
        basis=target_sentence(declaration, clock),
        pause_allowed=contract.pause_allowed if contract and clock.kind == "resolution" else None,
    )
    waiting = declaration.state == State.WAITING_CUSTOMER and clock.kind == "resolution"
    return Reason(clock_name(clock.kind), time_left(clock, now(), waiting=waiting), sentences, counted_lines(clock))
