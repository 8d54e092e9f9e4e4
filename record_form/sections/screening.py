"""Section 2: valid, in scope, of which type, and where it went (clause 5.4.2)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from incidents.models import Capacity, Declaration, Handover, HandoverKind, InvalidReason, Opinion, Type, TypeChange
from record_form.formatting import Wording, at, boxes, line, named, on, text, word
from record_form.reading import Reading
from record_form.structure import FormLine, Piece
from record_form.values import Value, value

VALID = ((True, pgettext_lazy("form", "valid")), (False, pgettext_lazy("form", "invalid")))
YES_NO = ((True, pgettext_lazy("form", "yes")), (False, pgettext_lazy("form", "no")))
AGREES = ((True, pgettext_lazy("form", "agreed")), (False, pgettext_lazy("form", "not agreed")))
SPEAKERS: dict[str, Wording] = {
    Capacity.HEAD: pgettext_lazy("form", "Head of department"),
    Capacity.RISK_CONTROL: pgettext_lazy("form", "Risk control"),
}


def screening(reading: Reading) -> dict[int, Value]:
    """Rows 16 to 22."""
    d = reading.declaration
    return {
        16: value(boxes(VALID, d.valid), needed=True),
        17: _invalid(d),
        18: _scope(d),
        19: _type(reading),
        20: value(*_handovers(reading), applies=False),
        21: value(*_request(reading), applies=False, complete=not d.verbatim or d.customer_answered_at is not None),
        22: value(line(reading.person(d.screened_by_id), at(d.screened_at)), needed=True),
    }


def _invalid(d: Declaration) -> Value:
    reason = word(InvalidReason(d.invalid_reason).label, d.invalid_reason) if d.invalid_reason else None
    first = named(pgettext_lazy("form", "duplicate of"), text(d.duplicate_of.number)) if d.duplicate_of else None
    caller_told = word(pgettext_lazy("form", "the caller was told"), True) if d.caller_told else None
    return value(
        line(reason, text(d.invalid_text), first, caller_told), needed=d.valid is False, applies=d.valid is False
    )


def _scope(d: Declaration) -> Value:
    answers = (
        (pgettext_lazy("form", "customer"), d.is_customer),
        (pgettext_lazy("form", "contract in force"), d.contract_in_force),
        (pgettext_lazy("form", "content"), d.service_in_contract),
    )
    applies = d.type != Type.INVALID
    lines = [_question(name, answer) for name, answer in answers]
    return value(*lines, needed=applies, applies=applies)


def _question(name: Wording, answer: bool | None) -> FormLine:
    first, *others = boxes(YES_NO, answer)
    return line(named(name, first), *others)


def _type(reading: Reading) -> Value:
    known = [(code, label) for code, label in Type.choices if code]
    changes = [_change(reading, change) for change in reading.type_changes]
    return value(boxes(known, reading.declaration.type), *changes, needed=True, complete=bool(reading.declaration.type))


def _change(reading: Reading, change: TypeChange) -> FormLine:
    return line(
        named(pgettext_lazy("form", "corrected"), at(change.at)),
        reading.person(change.by_id),
        named(pgettext_lazy("form", "from"), word(Type(change.from_type).label, change.from_type)),
        named(pgettext_lazy("form", "to"), word(Type(change.to_type).label, change.to_type)),
        text(change.reason),
    )


def _handovers(reading: Reading) -> list[FormLine]:
    return [each for handover in reading.handovers for each in _handover(reading, handover)]


def _handover(reading: Reading, handover: Handover) -> list[FormLine]:
    return [
        line(
            word(HandoverKind(handover.kind).label, handover.kind),
            named(pgettext_lazy("form", "receiver"), reading.person(handover.receiver_id)),
        ),
        line(text(handover.content)),
        line(
            named(pgettext_lazy("form", "sent"), at(handover.at)),
            named(pgettext_lazy("form", "received"), at(handover.received_at)),
            named(pgettext_lazy("form", "completed"), at(handover.completed_at)),
            named(pgettext_lazy("form", "their number"), text(handover.reference)),
            text(handover.result),
        ),
        line(named(pgettext_lazy("form", "returned"), at(handover.returned_at)), text(handover.return_reason)),
    ]


def _request(reading: Reading) -> list[FormLine]:
    d = reading.declaration
    return [
        line(named(pgettext_lazy("form", "in the caller's words"), text(d.verbatim))),
        *(_opinion(reading, opinion) for opinion in reading.opinions),
        line(named(pgettext_lazy("form", "decision of the head"), text(d.request_reason))),
        line(
            named(pgettext_lazy("form", "customer answered"), at(d.customer_answered_at)),
            named(pgettext_lazy("form", "completed"), on(d.request_completed_on)),
            text(d.request_result),
        ),
    ]


def _opinion(reading: Reading, opinion: Opinion) -> FormLine:
    speaker: Piece | None = named(SPEAKERS[opinion.role], reading.person(opinion.by_id))
    return [*line(speaker), *boxes(AGREES, opinion.agrees), *line(text(opinion.text), at(opinion.at))]
