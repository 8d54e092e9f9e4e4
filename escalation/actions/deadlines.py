"""Applying a change of calendar or contract to records that are open (A-27): by a head, record by record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from accounts.actors import Actor, actor_for
from accounts.queries import head_of
from base.clock import now
from base.heartbeat import beat
from escalation.access import require_apply_deadlines, require_apply_deadlines_to
from escalation.models import Recount
from escalation.queries import headed, moves_of
from incidents.models import Declaration
from ledger.actions import attempt, count_form, step
from ledger.exceptions import NotPermitted, NotPossible
from ledger.signature import Signature
from notifications.actions import notify
from sla import actions as sla
from sla.access import contracts
from sla.queries import ClockMove

CLAUSE = "5.4.3"
AT_ONCE = 20


def apply_deadlines(
    declaration_id: int, *, actor: Actor, seen: Mapping[int, datetime] | None = None
) -> tuple[list[ClockMove], int]:
    """Retarget the open clocks of a declaration that would move; what was moved, and how many were not as seen.

    With `seen` (due times by clock, as the preview showed them) only those, and only if they would still be due then.
    Each is counted from its own start; what has been judged stays. Old and new due time go into the entry, handler and
    head are told. Again it changes nothing. Raises `DoesNotExist` (invisible) or `NotPermitted`.
    """
    stream = f"{Declaration.stream_kind}:{declaration_id}"
    with attempt(actor.signature(), action="apply_deadlines", stream=stream, clause=CLAUSE) as tried:
        declaration = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration_id)
        held = require_apply_deadlines_to(actor, declaration)
        tried.signature = actor.signature(held)
        [(_same, moves)] = moves_of([declaration])
        chosen = [move for move in moves if seen is None or seen.get(move.clock.pk) == move.due_at]
        if chosen:
            _move(declaration_id, chosen, tried.signature)
    return chosen, 0 if seen is None else len(seen) - len(chosen)


def _move(declaration_id: int, moves: list[ClockMove], signature: Signature) -> None:
    with step(
        Declaration,
        declaration_id,
        version=None,
        signature=signature,
        action="apply_deadlines",
        clause=CLAUSE,
        bump=False,
    ) as opened:
        moved = [{"clock": move.clock.kind, "before": move.clock.due_at, "after": move.due_at} for move in moves]
        opened.note(moved=moved)
        for move in moves:
            _retarget(opened.record, move)


def _retarget(declaration: Declaration, move: ClockMove) -> None:
    clock = sla.retarget(move.clock, target=move.target, source=move.source, at=now(), calendar=move.calendar)
    if clock.kind == "resolution":
        declaration.set(due_at=clock.due_at, target=move.target.as_data(), target_source=move.source)
    notify(
        "deadline.moved",
        stream=declaration.stream,
        number=declaration.number,
        recipients=[declaration.handler or declaration.desk, head_of(declaration.department)],
        data={"level": declaration.priority, "due_at": clock.due_at},
        threshold=clock.cycle,
        cycle=clock.pk,
    )


def begin_recount(*, actor: Actor, contract: int | None = None) -> Recount:
    """Have everything that would move in the own departments applied; `carry_on` does it, a job what is left over."""
    with attempt(actor.signature(), action="begin_recount", stream="recount:new", clause=CLAUSE):
        require_apply_deadlines(actor)
        assert actor.user is not None  # A role is a person's.
        if contract is not None and not contracts(actor).filter(pk=contract).exists():
            raise NotPossible(_("There is no such contract, or it is not yours to see."), clause=CLAUSE)
        # It has no entry of its own that would count it.
        count_form("")
        return Recount.objects.create(by=actor.user, contract_id=contract, begun_at=now())


def carry_on(recount_id: int, *, limit: int = AT_ONCE) -> bool:
    """Apply the change to the next `limit` records; whether that was the end.

    Each record is a transaction of its own, noted before the next one begins. Begun twice or stopped half way, what
    was done is done and the rest is left: a record that moved does not move again.
    """
    recount = Recount.objects.select_related("by").get(pk=recount_id)
    if recount.finished_at is not None:
        return True
    actor = actor_for(recount.by)
    following = headed(actor, contract=recount.contract_id, after=recount.after)
    keys = list(following.values_list("pk", flat=True)[:limit])
    for key in keys:
        _note(recount_id, key, _applied(key, actor))
    if len(keys) < limit:
        Recount.objects.filter(pk=recount_id, finished_at=None).update(finished_at=now())
    return len(keys) < limit


def carry_on_recounts() -> int:
    """Finish every recount that was begun; how many records moved. Each is carried on from where it stands."""
    before = _moved_so_far()
    for recount_id in list(Recount.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True)):
        while not carry_on(recount_id):
            pass
    beat("recounts")
    return _moved_so_far() - before


def _applied(declaration_id: int, actor: Actor) -> int:
    """How many clocks moved; a record that its head may not touch any more is passed over."""
    try:
        moves, _unlike = apply_deadlines(declaration_id, actor=actor)
    except (Declaration.DoesNotExist, NotPermitted):
        return 0
    return len(moves)


def _note(recount_id: int, declaration_id: int, moved: int) -> None:
    """Whoever carries on beside us may be further already; the place never goes back."""
    mine = Recount.objects.filter(pk=recount_id, after__lt=declaration_id)
    mine.update(after=declaration_id, looked_at=F("looked_at") + 1)
    if moved:
        Recount.objects.filter(pk=recount_id).update(moved=F("moved") + moved)


def _moved_so_far() -> int:
    return Recount.objects.aggregate(total=Sum("moved"))["total"] or 0
