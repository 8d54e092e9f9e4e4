"""Who may take which step, and whether it is possible now: the state machine is asked, and a refusal is worded here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from accounts.actors import Actor, Held
from incidents.access.sight import declarations
from incidents.access.standing import capacities
from incidents.models import Capacity, Declaration, Move, State, guards, moves, transitions
from ledger.exceptions import NotPermitted, NotPossible, Reason

# What solving and confirming bring with them.
WORD_OF_CUSTOMER = (guards.CONFIRMED, guards.CONFIRMED_BY_RIGHT, guards.CONFIRMED_IN_WRITING, guards.COMMUNICATED)
# What changes words that are there already; of a completed record only an annex says what is right (R-5.4.7-4).
PUTS_RIGHT = frozenset({"correct", "strike_out"})
NOT_YOURS = _("No such record, or not yours to see.")


def may_use(standing: Collection[str], declaration: Declaration, verb: str) -> bool:
    """Whether who stands in these capacities may use `verb` on the declaration, in whatever state that is; no query."""
    # The library hands its user on to the permission, which is ours (`By`), and asks nothing of it.
    user: Any = standing
    return transitions()[verb].has_perm(declaration, user)


def require_permitted(actor: Actor, declaration: Declaration, verb: str) -> Held | None:
    """The grant under which `actor` may use `verb` on a declaration, also a new one; raises NotPermitted (403)."""
    move, standing = moves()[verb], capacities(actor, declaration)
    if not may_use(standing, declaration, verb):
        raise NotPermitted(who_may(move), clause=move.clause)
    return next(held for capacity, held in standing.items() if capacity in move.by)


def require_entitled(actor: Actor, declaration: Declaration, verb: str) -> Held | None:
    """As `require_permitted`; raises DoesNotExist where the actor does not even see the declaration."""
    try:
        return require_permitted(actor, declaration, verb)
    except NotPermitted:
        if declaration.pk and not declarations(actor).filter(pk=declaration.pk).exists():
            raise Declaration.DoesNotExist(NOT_YOURS)
        raise


def who_may(move: Move) -> str:
    """The sentence that names the capacities which may make this move."""
    names = sorted(str(Capacity(capacity).label) for capacity in move.by)
    return _("This step is for: %(capacities)s.") % {"capacities": _(", ").join(names)}


def require_possible(declaration: Declaration, verb: str) -> None:
    """Raise NotPossible (409) with every reason why the state or a guard forbids `verb` now."""
    if can_proceed(getattr(declaration, verb)):
        return
    move = moves()[verb]
    if not _starts_here(declaration, verb):
        raise NotPossible(wrong_state(declaration, move), clause=move.clause)
    # None is left where a guard that waits for a time has been met since.
    if reasons := move.obstacles(declaration):
        raise NotPossible(reasons[0].sentence, clause=reasons[0].clause, reasons=reasons)


def _starts_here(declaration: Declaration, verb: str) -> bool:
    """Whether the verb leads on from the state, whatever its guards say."""
    return bool(can_proceed(getattr(declaration, verb), check_conditions=False))


def wrong_state(declaration: Declaration, move: Move) -> str:
    """Why the state does not let it happen, and what does where there is such."""
    if move.verb in PUTS_RIGHT and declaration.state in moves()["add_annex"].sources:
        return str(_("The record is completed and stays as it is. Write what is to be put right as an annex."))
    if declaration.has_ended:
        return _("This record has ended (%(state)s) and can no longer be changed.") % {
            "state": State(declaration.state).label
        }
    wanted = _(", ").join(str(state.label) for state in State if state in move.sources and state != State.NEW)
    return _("“%(step)s” is possible only while: %(states)s. The record is now: %(state)s.") % {
        "step": move.label,
        "states": wanted,
        "state": State(declaration.state).label,
    }


def closes_with_agreement(actor: Actor, declaration: Declaration) -> bool:
    """Whether, solved and agreed to by the customer, it could be closed by `actor` at once; no query."""
    agreed = {guard.reason for guard in WORD_OF_CUSTOMER}
    return may_use(capacities(actor, declaration), declaration, "close") and all(
        reason in agreed for reason in moves()["close"].obstacles(declaration)
    )


@dataclass(frozen=True)
class NextStep:
    """One row of the action bar: a verb, and why it is not possible now (empty when it is)."""

    verb: str
    label: str | Promise
    clause: str
    reasons: tuple[Reason, ...] = ()
    rare: bool = False

    @property
    def possible(self) -> bool:
        return not self.reasons


def next_steps(actor: Actor, declaration: Declaration) -> list[NextStep]:
    """What `actor` may do in this state, and for what a guard still holds back, why; no query."""
    standing = capacities(actor, declaration)
    return [
        NextStep(move.verb, move.label, move.clause, tuple(move.obstacles(declaration)), move.rare)
        for move in moves().values()
        if _starts_here(declaration, move.verb) and may_use(standing, declaration, move.verb)
    ]
