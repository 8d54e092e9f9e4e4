"""Section 6: what the customer was told, which warnings were given, and what was waited for (clause 5.4.6)."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from django.utils.translation import pgettext_lazy

from escalation.models import Warning
from incidents.models import Communication, Waiting, Way, is_late
from record_form.formatting import at, boxes, line, named, text, word
from record_form.reading import Reading, WarningSent
from record_form.structure import FormLine, Piece
from record_form.values import Value, single, table, value

CLOCK_STOPPED = ((True, pgettext_lazy("form", "clock stopped")), (False, pgettext_lazy("form", "clock ran on")))
CLOCKS = {"response": pgettext_lazy("form", "response"), "resolution": pgettext_lazy("form", "resolution")}


def monitoring(reading: Reading) -> dict[int, Value]:
    """Rows 43 to 46."""
    d, applies = reading.declaration, reading.is_incident
    late = applies and is_late(d)
    warnings = [list(recipients) for _key, recipients in groupby(reading.warnings, key=attrgetter("pk"))]
    return {
        43: table(
            [
                pgettext_lazy("form", "Time"),
                pgettext_lazy("form", "Way"),
                pgettext_lazy("form", "With whom"),
                pgettext_lazy("form", "What was said"),
                pgettext_lazy("form", "By"),
            ],
            [_communication(reading, each) for each in reading.communications],
            needed=applies,
            applies=applies,
        ),
        44: table(
            [
                pgettext_lazy("form", "Time"),
                pgettext_lazy("form", "Kind"),
                pgettext_lazy("form", "Told: head, customer"),
                pgettext_lazy("form", "Expected / reason"),
            ],
            [_warning(reading, recipients) for recipients in warnings],
            applies=applies,
        ),
        45: value(*(_wait(reading, each) for each in reading.waits), applies=applies),
        46: single(text(d.breach_reason), needed=late, applies=late),
    }


def _communication(reading: Reading, row: Communication) -> list[FormLine]:
    first = word(pgettext_lazy("form", "first response"), "first_response") if row.is_first_response else None
    inward = word(pgettext_lazy("form", "from the customer"), "from_customer") if row.from_customer else None
    unanswered = None if row.reached else word(pgettext_lazy("form", "no answer"), "not_reached")
    return [
        line(at(row.at)),
        line(word(Way(row.way).label, row.way) if row.way else None, inward),
        line(reading.contact(row.contact_id) or text(row.to)),
        line(
            text(row.text),
            first,
            unanswered,
            named(pgettext_lazy("form", "promised"), at(row.promised_at)),
            *reading.files_of(row),
        ),
        line(reading.person(row.by_id) or word(pgettext_lazy("form", "system"), "system")),
    ]


def _warning(reading: Reading, recipients: list[WarningSent]) -> list[FormLine]:
    warning = recipients[0]
    clock = word(CLOCKS[warning.clock_kind], warning.clock_kind) if warning.clock_kind in CLOCKS else None
    share = text(f"{warning.threshold}%") if warning.threshold else None
    people: list[Piece | None] = [
        reading.person(each.user_id) or reading.contact(each.contact_id) for each in recipients
    ]
    return [
        line(at(warning.at)),
        line(word(Warning.Kind(warning.kind).label, warning.kind), clock, share),
        line(*_once(people)),
        line(
            named(pgettext_lazy("form", "expected"), at(warning.expected_at)),
            text(warning.reason),
            named(pgettext_lazy("form", "told the customer"), text(_words_to_customer(reading, recipients))),
        ),
    ]


def _words_to_customer(reading: Reading, recipients: list[WarningSent]) -> str:
    """A warning and what was said with it to the customer are written at one moment, by one person or by the system."""
    warning, contacts = recipients[0], {each.contact_id for each in recipients} - {None}
    words = (
        row.text
        for row in reading.communications
        if (row.at, row.by_id) == (warning.at, warning.by_id) and row.contact_id in contacts
    )
    return next(words, "")


def _once(people: list[Piece | None]) -> list[Piece]:
    """Head and handler may be one person."""
    return list({piece["code"]: piece for piece in people if piece}.values())


def _wait(reading: Reading, row: Waiting) -> FormLine:
    return [
        *line(
            named(pgettext_lazy("form", "from"), at(row.at)),
            named(pgettext_lazy("form", "to"), at(row.ended_at)),
            text(row.awaits),
            reading.contact(row.contact_id),
            named(pgettext_lazy("form", "basis"), text(row.basis)),
            named(pgettext_lazy("form", "came in"), text(row.received)),
        ),
        *boxes(CLOCK_STOPPED, row.stops_clock),
    ]
