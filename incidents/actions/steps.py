"""The one way in which an action works on a declaration: lock, entitlement, version, guards, then the change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accounts.acting import Actor
from incidents.access import permit, refuse_impossible
from incidents.models import Declaration, moves
from ledger.actions import Step, step
from ledger.exceptions import Invalid


@contextmanager
def working(
    declaration_id: int, verb: str, *, version: int | None, actor: Actor, bump: bool = True
) -> Iterator[Step[Declaration]]:
    """Open one step of `verb` on a declaration, in one transaction with its ledger entry.

    Judged in this order, under the lock: visible (DoesNotExist), entitled (NotPermitted), up to date (Stale; skipped
    for jobs, which pass no version), possible (NotPossible).
    """
    with step(
        Declaration,
        declaration_id,
        version=None,
        signature=actor.signature(),
        action=verb,
        clause=moves()[verb].clause,
        bump=bump,
    ) as opened:
        opened.signature = actor.signature(permit(actor, opened.record, verb))
        opened.expect(version)
        refuse_impossible(opened.record, verb)
        yield opened


def require(**problems: str | None) -> None:
    """Raise Invalid with one sentence a field, for every field whose sentence is not None."""
    errors = {field: [sentence] for field, sentence in problems.items() if sentence is not None}
    if errors:
        raise Invalid(errors=errors)
