"""Everything that the record page shows, read with a bounded number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Role
from audit.models import Review
from base import wording
from base.clock import now
from desk.ageing import age_of
from desk.queries.steps import is_supplemented
from desk.record import aside
from desk.record.alarms import Draft, Unacknowledged, draft, unacknowledged
from desk.record.bar import Action, Bar, bar_of, caller_steps
from desk.record.links import Lesson, RecordLink, follow_up, lesson, links
from desk.record.names import names_of
from desk.record.sections import PageSection, sections, summaries
from desk.record.stepper import Stage, stepper
from desk.record.timeline.lines import TimelineLine, lines
from desk.record.timeline.people import with_names_in
from desk.record.trend import trend_sentence
from desk.record.waits import waits
from desk.step_address import step_address
from escalation.models import EscalationRequest, Problem
from incidents.access import NextStep, next_steps
from incidents.models import UNDECIDED_ESCALATION, Annex, Declaration, EscalationState, Handover, State
from incidents.verbs.timeline import Names, history_of
from knowledge.queries import Suggestion
from ledger.queries import entries_by_stream
from record_form.queries import composed, form_of
from record_form.reading import read_rows
from sla.models import Clock
from sla.queries import TimeLeft

REVIEWABLE = (State.CLOSED, State.FILED)


@dataclass(frozen=True)
class RecordPage:
    """One declaration as one reader sees it."""

    declaration: Declaration
    clock: TimeLeft | None
    clock_name: str
    steps: list[Stage]
    bar: Bar
    waits: str
    ended: str
    sections: list[PageSection]
    lines: list[TimelineLine]
    count: int
    deadlines: aside.Deadlines
    trend: str
    age: str
    look_ups: list[aside.LookedUp]
    suggestions: list[Suggestion]
    customer: aside.Customer
    caller_steps: list[Action]
    may_audit: bool
    problem: Problem | None
    follow_up: str
    links: list[RecordLink]
    lesson: Lesson
    alarms: list[Unacknowledged]
    draft: Draft | None
    strike_at: str = ""

    @property
    def look_up(self) -> list[Action]:
        """The way into the knowledge base, where it stands open and is not the next step already."""
        return [each for each in (*self.bar.others, *self.bar.rare) if each.verb == "look_up"]


def page(actor: Actor, declaration: Declaration, *, line_filter: str = "") -> RecordPage:
    """Some 25 statements, however much the record holds.

    What the record holds is read from its tables; the ledger feeds the time line alone.
    """
    at = now()
    reading = read_rows(declaration)
    names = names_of(reading)
    problem = next((request.problem for request in reading.requests if hasattr(request, "problem")), None)
    entries = history_of(entries_by_stream([declaration.stream, *([problem.stream] if problem else [])]))
    offered = next_steps(actor, declaration)
    bar = bar_of(declaration, offered, done=("add_annex",) if is_supplemented(declaration) else ())
    extra = awaited_clock(declaration)
    timed = aside.head_clock(declaration, at, extra)
    deadlines = aside.deadlines(declaration, at, extra)
    reviewed = _reviewed(declaration)
    filed = declaration.state == State.FILED
    return RecordPage(
        declaration=declaration,
        clock=timed[0] if timed else None,
        clock_name=timed[1] if timed else "",
        steps=stepper(declaration, names, contacts=len(reading.communications), reviewed=reviewed),
        bar=bar,
        waits=waits(declaration) if bar.next is None and _goes_on(declaration) else "",
        ended=_ended(declaration, names),
        sections=sections(
            declaration,
            form_of(declaration)[0].sections[:8] if filed else composed(reading),
            summaries(declaration, names, reading, reviewed=reviewed),
            reading,
            Annex.objects.filter(declaration=declaration) if declaration.closed_at or declaration.reopen_count else [],
            [*bar.others, *bar.rare],
        ),
        lines=lines(entries, with_names_in(entries, names), line_filter=line_filter),
        count=len(entries),
        deadlines=deadlines,
        trend=trend_sentence(declaration, names, deadlines.main),
        age=age_of(declaration, deadlines.main, at),
        look_ups=aside.look_ups(names, reading),
        suggestions=aside.offered(actor, declaration),
        customer=aside.customer(declaration, reading.communications),
        caller_steps=caller_steps(declaration, offered),
        may_audit=actor.holds(Role.AUDITOR) is not None and not declaration.is_open,
        problem=problem,
        follow_up=follow_up(actor, declaration),
        links=links(actor, declaration),
        lesson=lesson(actor, reading),
        alarms=unacknowledged(actor, declaration),
        draft=draft(declaration, offered, at),
        strike_at=_strike_at(declaration, offered),
    )


def _strike_at(declaration: Declaration, offered: Sequence[NextStep]) -> str:
    """Where an entry is struck out; nowhere for whoever may not."""
    may = any(step.verb == "strike_out" and step.possible for step in offered)
    return step_address(declaration.number, "strike_out") if may else ""


def awaited_clock(declaration: Declaration) -> Clock | None:
    """The clock of what somebody else owes: acknowledgement, receipt, decision or countersignature; one row."""
    if declaration.state == State.RELAYED:
        return declaration.relay_clock
    if declaration.state in (State.HANDED_OVER, State.HANDOVER_RECEIVED):
        handover = Handover.objects.filter(declaration=declaration, returned_at=None).select_related("clock").last()
        return handover.clock if handover else None
    state = declaration.escalation_state
    if state != EscalationState.DECIDED and state not in UNDECIDED_ESCALATION:
        return None
    kind = "countersign" if state == EscalationState.DECIDED else "decision"
    requests = EscalationRequest.objects.filter(declaration=declaration).select_related(f"{kind}_clock")
    request = requests.order_by("-pk").first()
    found: Clock | None = getattr(request, f"{kind}_clock") if request else None
    return found


def _reviewed(declaration: Declaration) -> str:
    if declaration.is_open:
        return ""
    review = Review.objects.filter(declaration=declaration).order_by("-pk").values_list("signed_at", flat=True).first()
    return _("reviewed %(day)s") % {"day": f"{localtime(review):%m-%d}"} if review else ""


def _ended(declaration: Declaration, names: Names) -> str:
    """The one line in place of the action bar."""
    if not declaration.has_ended:
        return ""
    label = State(declaration.state).label
    at = declaration.filed_at or declaration.ended_at
    who = names.person(declaration.filed_by_id)
    values = {"state": label, "who": who, "time": wording.clock_time(at) if at else ""}
    if who:
        return _("%(state)s, can no longer be changed. %(who)s, %(time)s") % values
    return _("%(state)s, can no longer be changed. %(time)s") % values


def _goes_on(declaration: Declaration) -> bool:
    """A closed one has still to be filed."""
    return declaration.is_open or declaration.state == State.CLOSED
