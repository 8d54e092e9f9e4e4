"""The person who handles, serves or receives it leaves the firm: somebody else is named (R-4.1-3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accounts.access import require_grant_roles
from accounts.actors import Actor
from accounts.models import User
from accounts.queries import deputies_of, desk_of, duty_desk
from incidents.access import RECEIVING_ROLES
from incidents.actions.handlers import change_handler
from incidents.actions.handovers import open_handover, receiver_problem
from incidents.actions.notices import notify_of
from incidents.actions.steps import require
from incidents.models import Declaration, HandoverKind
from ledger.actions import RecordChange, step

CLAUSE = "4.1"


def hand_on_record(declaration_id: int, *, actor: Actor, leaver: User, to: User, reason: str) -> Declaration:
    """Another person handles it, and the customer's desk of today serves it, where that was who leaves."""
    with _handing_on(declaration_id, actor, leaver, reason) as taken:
        record = taken.record
        if record.handler_id == leaver.pk:
            change_handler(taken, actor, to, reason)
            notify_of(record, "incident.assigned", [to])
        if record.desk_id == leaver.pk:
            record.desk = _desk_of(record) or to
    return taken.record


def _desk_of(record: Declaration) -> User | None:
    if record.customer is not None:
        return desk_of(record.customer)
    return duty_desk(record.department) if record.department is not None else None


def hand_on_receipt(declaration_id: int, *, actor: Actor, leaver: User, to: User, reason: str) -> Declaration:
    """Another person who may receive such a hand-over receives it; raises `Invalid` for somebody who may not."""
    with _handing_on(declaration_id, actor, leaver, reason) as taken:
        handover = taken.track(open_handover(taken.record))
        kind = HandoverKind(handover.kind)
        require(receiver=receiver_problem(to, kind))
        handover.receiver = taken.record.receiver = to
        notify_of(taken.record, "handover.sent", [to, *deputies_of(to, RECEIVING_ROLES[kind])])
    return taken.record


@contextmanager
def _handing_on(declaration_id: int, actor: Actor, leaver: User, reason: str) -> Iterator[RecordChange[Declaration]]:
    signature = actor.signature(require_grant_roles(actor, leaver))
    with step(Declaration, declaration_id, version=None, signature=signature, action="hand_on", clause=CLAUSE) as taken:
        taken.note(leaver=leaver.stream, name=leaver.name, reason=reason)
        yield taken
