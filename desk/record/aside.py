"""What stands beside a record: its deadlines, what the knowledge base offers, and the customer's people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact
from base import wording
from incidents import models as m
from incidents.models import Declaration, State, Type
from incidents.verbs.timeline import Names, short, way
from knowledge.queries import Suggestion, suggest
from procedure.queries import rules
from record_form.reading import Reading
from sla.models import Clock, Source
from sla.queries import TimeLeft, TimeState, counted_lines, reasons, threshold_at, time_left
from sla.wording import clock_name

LATEST = 3
BEFORE_LOOKUP = (State.SCREENED, State.CLASSIFIED, State.IN_PROGRESS)


@dataclass(frozen=True)
class Threshold:
    percent: int
    at: datetime | None
    past: bool


@dataclass(frozen=True)
class Deadlines:
    """Both clocks, the moments of warning, and five sentences on why it is due then."""

    main: TimeLeft | None = None
    main_name: str = ""
    response: TimeLeft | None = None
    extra: TimeLeft | None = None
    extra_name: str = ""
    started: datetime | None = None
    thresholds: list[Threshold] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    due: datetime | None = None


@dataclass(frozen=True)
class LookedUp:
    """One look into the knowledge base with what came of it."""

    query: str
    by: str
    at: datetime
    adopted: str
    adopted_title: str
    code: str
    number: str
    reason: str


@dataclass(frozen=True)
class Contacted:
    at: datetime
    way: str
    text: str


@dataclass(frozen=True)
class Customer:
    """Whom to call, who may confirm, and what was said last; `typed` is what was written down of the caller, where the
    register says it otherwise."""

    name: str
    title: str = ""
    phone: str = ""
    email: str = ""
    typed: str = ""
    may_confirm: list[Contact] = field(default_factory=list)
    in_writing: bool = False
    latest: list[Contacted] = field(default_factory=list)
    count: int = 0


def deadlines(d: Declaration, at: datetime, extra: Clock | None) -> Deadlines:
    """`extra` is the clock of a hand-over or of a decision that somebody else owes. No query."""
    waiting = d.state == State.WAITING_CUSTOMER
    resolution, response = d.resolution_clock, d.response_clock
    if resolution is not None and resolution.cancelled_at is not None:
        resolution = None
    main = resolution or response
    return Deadlines(
        main=time_left(main, at, waiting=waiting) if main else None,
        main_name=_("Resolution") if resolution else _("Response"),
        response=time_left(response, at) if response and resolution else None,
        extra=time_left(extra, at) if extra else None,
        extra_name=_extra_name(extra),
        started=main.started_at if main else None,
        thresholds=_thresholds(resolution, at) if resolution else [],
        why=reasons(
            main, basis=target_sentence(d, main), pause_allowed=d.contract.pause_allowed if d.contract else None
        )
        if main
        else [],
        counted=counted_lines(main) if main else [],
        due=main.due_at if main else None,
    )


def head_clock(d: Declaration, at: datetime, extra: Clock | None) -> tuple[TimeLeft, str] | None:
    """The clock beside the title: what somebody has to hurry for now, with its name."""
    clock: Clock | None = d.resolution_clock
    if (d.state == State.RELAYED and extra is not None) or (
        extra is not None and d.state in (State.HANDED_OVER, State.HANDOVER_RECEIVED)
    ):
        clock = extra
    elif clock is None or (d.first_response_at is None and d.is_open):
        clock = d.response_clock
    if clock is None:
        return None
    left = time_left(clock, at, waiting=d.state == State.WAITING_CUSTOMER)
    return None if left.state == TimeState.CANCELLED else (left, clock_name(clock.kind))


def _extra_name(extra: Clock | None) -> str:
    return clock_name(extra.kind) if extra else ""


def _thresholds(clock: Clock, at: datetime) -> list[Threshold]:
    found = [(percent, threshold_at(clock, percent)) for percent in clock.thresholds]
    return [Threshold(percent, moment, moment is not None and moment <= at) for percent, moment in found]


def target_sentence(d: Declaration, clock: Clock) -> str:
    """The sentence on the target, with the contract's number or the cell of the matrix; empty where neither sets it."""
    names = Names(rules(d.procedure_version_id))
    values = {"target": clock.agreed.words(), "level": names.level(d.priority)}
    if clock.source == Source.CONTRACT and d.contract:
        values["contract"] = d.contract.number
        if clock.kind == "resolution":
            return _("Contract %(contract)s allows %(target)s at %(level)s.") % values
        return _("Contract %(contract)s allows %(target)s.") % values
    if clock.kind == "resolution" and d.impact:
        values["grade"] = names.grade(d.impact, d.urgency)
        return _("No contract sets a time here, so the matrix holds: %(grade)s = %(level)s, %(target)s.") % values
    return ""


def look_ups(names: Names, reading: Reading) -> list[LookedUp]:
    """Newest first."""
    return [_looked_up(names, each) for each in reversed(reading.lookups)]


def _looked_up(names: Names, row: m.KnowledgeLookup) -> LookedUp:
    version, case = row.article_version, row.like_case
    return LookedUp(
        query=row.query,
        by=names.person(row.by_id),
        at=row.at,
        adopted=version.article.code if version else case.number if case else "",
        adopted_title=version.article.title if version else case.subject if case else "",
        code=version.article.code if version else "",
        number=case.number if case and not version else "",
        reason=row.reason,
    )


def offered(actor: Actor, d: Declaration) -> list[Suggestion]:
    """Articles that may fit, while nobody has looked yet; up to four statements."""
    if d.type != Type.INCIDENT or d.looked_up_at is not None or d.state not in BEFORE_LOOKUP:
        return []
    return suggest(f"{d.subject} {d.body}"[:400], leaf=d.leaf or None, limit=3, actor=actor)


def customer(d: Declaration, contacts: Iterable[m.Communication]) -> Customer:
    """One statement besides the `contacts` that were had about it."""
    entitled = Contact.objects.filter(customer=d.customer_id, is_active=True, may_confirm=True).order_by("code")
    spoken = sorted(contacts, key=lambda row: (row.at, row.pk), reverse=True)
    person = d.contact
    return Customer(
        name=person.name if person else d.caller_name,
        title=person.title if person else d.caller_company,
        phone=(person.mobile or person.phone if person else "") or d.caller_phone,
        email=person.email if person else "",
        typed=_typed(d, person) if person else "",
        may_confirm=list(entitled) if d.customer_id else [],
        in_writing=d.written_confirmation_due,
        latest=[Contacted(row.at, way(row.way), short(row.text, 60)) for row in spoken[:LATEST]],
        count=len(spoken),
    )


def _typed(d: Declaration, person: Contact) -> str:
    name = d.caller_name if d.caller_name != person.name else ""
    number = d.caller_phone if d.caller_phone not in (person.mobile, person.phone) else ""
    return " ".join(filter(None, [name, wording.phone(number)]))
