"""Sections 7 and 8: solution, the customer's confirmation, closing and filing (clause 5.4.7)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import pgettext_lazy

from incidents.models import Confirmation, Reopening, SolutionKind, State, Way, is_late
from record_form.formatting import at, boxes, digest, line, named, on, span, text, word
from record_form.reading import Reading
from record_form.structure import FormLine, Piece
from record_form.values import Value, value

SCORES = [(score, str(score)) for score in range(1, 6)]
PERMANENT = (
    (SolutionKind.PERMANENT, pgettext_lazy("form", "permanent")),
    (SolutionKind.WORKAROUND, pgettext_lazy("form", "temporary")),
)
ON_TIME = ((True, pgettext_lazy("form", "in time")), (False, pgettext_lazy("form", "late")))
SIGN_HERE = pgettext_lazy("form", "Signature (stamp):")
SOLVED = (State.RESOLVED, State.CLOSED, State.FILED)


def completion(reading: Reading) -> dict[int, Value]:
    """Rows 47 to 52."""
    d, applies = reading.declaration, reading.is_incident
    return {
        47: value(
            line(named(pgettext_lazy("form", "cause"), text(d.cause))),
            line(named(pgettext_lazy("form", "solution"), text(d.solution)), *reading.files_with("resolve")),
            boxes(PERMANENT, d.solution_kind) if applies else [],
            needed=applies,
            complete=bool(d.solution and d.solution_kind and (d.cause or d.quick_solved)),
            applies=applies,
        ),
        48: value(_taken(reading), needed=applies, applies=applies),
        49: _confirmation(reading),
        50: value(boxes(SCORES, d.satisfaction) if d.satisfaction else [], applies=applies and d.state in SOLVED),
        51: value(
            line(named(pgettext_lazy("form", "times"), text(str(d.reopen_count)) if d.reopen_count else None)),
            *(_reopening(reading, each) for each in reading.reopenings),
            applies=applies,
        ),
        52: value(
            line(reading.person(d.closed_by_id), at(d.closed_at), _article(reading) if d.closed_at else None),
            needed=applies,
            complete=d.closed_at is not None,
            applies=applies,
        ),
    }


def filing(reading: Reading) -> dict[int, Value]:
    """Row 53."""
    d, applies = reading.declaration, reading.is_incident
    return {
        53: value(
            line(
                named(pgettext_lazy("form", "custodian"), reading.person(d.filed_by_id)),
                named(pgettext_lazy("form", "filed"), at(d.filed_at)),
                named(pgettext_lazy("form", "paper originals"), text(d.paper_place)),
                named(pgettext_lazy("form", "kept until"), on(d.retention_until)),
            ),
            needed=applies,
            complete=bool(d.filed_by_id and d.filed_at and d.paper_place and d.retention_until),
            applies=applies,
        )
    }


def _taken(reading: Reading) -> FormLine:
    """Gross from receipt to solution; net without the waits that stopped the clock (A-06)."""
    d = reading.declaration
    if d.resolved_at is None:
        return []
    gross = d.resolved_at - d.received_at
    net = gross - _stopped(reading)
    return [
        *line(
            at(d.resolved_at),
            named(pgettext_lazy("form", "gross"), span(gross)),
            named(pgettext_lazy("form", "net"), span(net)),
        ),
        *boxes(ON_TIME, not is_late(d)),
    ]


def _stopped(reading: Reading) -> timedelta:
    waits = [each for each in reading.waits if each.stops_clock and each.ended_at]
    return sum((each.ended_at - each.at for each in waits if each.ended_at), timedelta())


def _confirmation(reading: Reading) -> Value:
    d, applies = reading.declaration, reading.is_incident
    lines = [_confirmed(reading, each) for each in reading.confirmations]
    unauthorised = line(
        named(
            pgettext_lazy("form", "confirmed without the right to, because"), text(d.unauthorised_confirmation_reason)
        )
    )
    if not lines and d.closed_at:
        lines = [
            line(word(pgettext_lazy("form", "No answer after repeated attempts, see row 43"), d.unanswered_attempts))
        ]
    confirmed = d.confirmed_at is not None or d.closed_at is not None
    sign = SIGN_HERE if applies else None
    return value(*lines, unauthorised, needed=applies, complete=confirmed, applies=applies, signature=sign)


def _confirmed(reading: Reading, row: Confirmation) -> FormLine:
    scan = row.attachment
    return line(
        reading.contact(row.contact_id),
        word(Way(row.way).label, row.way),
        at(row.at),
        text(row.opinion),
        named(pgettext_lazy("form", "scan"), text(scan.name)) if scan else None,
        digest(scan.file_id) if scan else None,
    )


def _reopening(reading: Reading, row: Reopening) -> FormLine:
    return line(
        word(Reopening.Kind(row.kind).label, row.kind),
        at(row.at),
        reading.contact(row.contact_id) or reading.person(row.by_id),
        text(row.reason),
        named(pgettext_lazy("form", "solved before"), at(row.earlier_resolved_at)),
        *([] if row.earlier_met is None else [word(dict(ON_TIME)[row.earlier_met])]),
    )


def _article(reading: Reading) -> Piece | None:
    d = reading.declaration
    return (
        named(pgettext_lazy("form", "adopted article"), text(d.article_code))
        or named(pgettext_lazy("form", "drafted from it"), text(reading.drafted.code if reading.drafted else ""))
        or word(pgettext_lazy("form", "no article"))
    )
