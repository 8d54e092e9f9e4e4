"""Section 1: what was declared, by whom and through which channel (clauses 5.3 and 5.4.1)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from base import wording
from incidents.models import INTERNAL_CHANNELS, PAPER_CHANNELS, Attachment, Channel, Declaration, Way
from procedure.queries import Words
from record_form.formatting import at, boxes, contact, department, digest, line, named, on, text, word
from record_form.reading import Reading
from record_form.structure import FormLine, Piece
from record_form.values import Value, single, value

IN_TIME = ((True, pgettext_lazy("form", "in time")), (False, pgettext_lazy("form", "not in time")))


def intake(reading: Reading) -> dict[int, Value]:
    """Rows 1 to 15."""
    d = reading.declaration
    internal = d.channel in INTERNAL_CHANNELS
    known = reading.is_incident or bool(d.customer_id)
    return {
        1: single(text(d.number), needed=True),
        2: value(boxes(Channel.choices, d.channel), _source(d), _mark(reading, "channel", "source"), needed=True),
        3: value(line(at(d.received_at)), _mark(reading, "received_at"), needed=True),
        4: value(
            line(at(d.registered_at), named(pgettext_lazy("form", "entered late because"), text(d.late_reason))),
            _mark(reading, "late_reason"),
            needed=True,
        ),
        5: single(_customer(d), needed=known),
        6: value(_contract(d), needed=reading.is_incident, applies=known),
        7: value(
            line(contact(d.contact) or text(d.caller_name)),
            _mark(reading, "contact", "caller_name"),
            needed=known and not internal,
        ),
        8: value(_means(d), _mark(reading, "contact_means", "caller_phone"), needed=known and not internal),
        9: single(text(d.other_demands)),
        10: value(line(text(d.subject)), _mark(reading, "subject"), needed=True),
        11: value(line(text(d.body)), _mark(reading, "body"), needed=True),
        12: _attachments(reading),
        13: value(
            line(_acceptor(reading), at(d.accepted_at), department(d.department)),
            needed=True,
            complete=d.accepted_at is not None,
        ),
        14: value(
            line(
                reading.person(d.relayed_by_id),
                at(d.relayed_at),
                named(pgettext_lazy("form", "received by the desk"), at(d.relay_acknowledged_at)),
            ),
            needed=bool(d.relayed_by_id),
            complete=d.relay_acknowledged_at is not None,
            applies=bool(d.relayed_by_id),
        ),
        15: _first_response(reading),
    }


def _acceptor(reading: Reading) -> Piece | None:
    """An alarm that a job took in has nobody who accepted it, but a desk that answers for it."""
    d = reading.declaration
    if d.accepted_by_id or d.accepted_at is None:
        return reading.person(d.accepted_by_id)
    return named(pgettext_lazy("form", "accepted automatically, for the desk of"), reading.person(d.desk_id))


def _mark(reading: Reading, *columns: str) -> FormLine:
    """That what stands here was corrected, when last and by whom; what stood there before is in the time line."""
    found = [each for each in reading.corrections if each.field in columns]
    if not found:
        return []
    return line(named(pgettext_lazy("form", "corrected"), at(found[-1].at)), reading.person(found[-1].by_id))


def _source(d: Declaration) -> FormLine:
    return line(
        named(pgettext_lazy("form", "source"), text(d.source)),
        named(pgettext_lazy("form", "affected system"), text(d.system)),
        named(pgettext_lazy("form", "alarm"), text(d.source_ref)),
        named(pgettext_lazy("form", "times repeated"), text(str(d.alarm_count)) if d.alarm_count else None),
        named(pgettext_lazy("form", "relayed through"), text(d.via)),
    )


def _customer(d: Declaration) -> Piece | None:
    return word(Words(d.customer.name), d.customer.code) if d.customer else text(d.caller_company)


def _contract(d: Declaration) -> FormLine:
    return line(text(d.contract.name), text(d.contract.number)) if d.contract else []


def _means(d: Declaration) -> FormLine:
    typed = [d.contact_means, d.caller_phone]
    typed += [d.contact.mobile or d.contact.phone, d.contact.email] if d.contact else []
    shown = dict.fromkeys(wording.phone(each) for each in typed if each)
    return line(*map(text, shown))


def _attachments(reading: Reading) -> Value:
    d = reading.declaration
    paper = line(
        named(pgettext_lazy("form", "sender's reference"), text(d.sender_reference)),
        named(pgettext_lazy("form", "pages"), text(str(d.pages)) if d.pages else None),
        named(pgettext_lazy("form", "received on"), on(d.received_on)),
    )
    files = [_file(each) for each in reading.attachments if each.came_with_the_call]
    reason = line(named(pgettext_lazy("form", "no file because"), text(d.no_file_reason)))
    marked = _mark(reading, "pages", "received_on", "sender_reference", "no_file_reason")
    return value(paper, *files, reason, marked, needed=d.channel in PAPER_CHANNELS, complete=bool(files or reason))


def _file(attachment: Attachment) -> FormLine:
    return line(text(attachment.name), digest(attachment.file_id))


def _first_response(reading: Reading) -> Value:
    d = reading.declaration
    way = word(Way(d.first_response_way).label, d.first_response_way) if d.first_response_way else None
    response = line(at(d.first_response_at), way, reading.person(d.first_response_by_id))
    reachable = d.contact_id or d.caller_phone or d.contact_means or d.channel in INTERNAL_CHANNELS
    return value(response, _in_time(d) if response else [], needed=bool(reachable), applies=bool(reachable))


def _in_time(d: Declaration) -> FormLine:
    clock, response = d.response_clock, d.first_response_at
    if clock is None or response is None:
        return []
    allowed = named(pgettext_lazy("form", "due"), at(clock.due_at))
    return [*boxes(IN_TIME, response < clock.due_at), *line(allowed)]
