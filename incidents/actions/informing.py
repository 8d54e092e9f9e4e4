"""Telling the customer and recording what was done, in one go: one form of the desk, two entries of the ledger."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from incidents.actions.communication import communicate
from incidents.actions.handling import log_handling
from incidents.actions.steps import together
from incidents.models import Declaration
from ledger.exceptions import Invalid, NotPossible


def communicate_and_handle(
    declaration_id: int, *, version: int | None, actor: Actor, what: str = "", result: str = "", **contact: Any
) -> Declaration:
    """Log the contact as `communicate` does; with `what` or `result` a step of handling too, in one transaction.

    Both are judged by their own guards and leave their own entries (R-5.4.4, R-5.4.6-1). Where no step of handling can
    be recorded now, the reason is Invalid at `what`, and nothing is recorded.
    """
    if not (what.strip() or result.strip()):
        return communicate(declaration_id, version=version, actor=actor, **contact)
    with together(declaration_id, "communicate", actor=actor, uploads=contact.get("attachments", ())):
        communicate(declaration_id, version=version, actor=actor, **contact)
        return _handle(declaration_id, actor, what, result)


def _handle(declaration_id: int, actor: Actor, what: str, result: str) -> Declaration:
    try:
        return log_handling(declaration_id, version=None, actor=actor, what=what, result=result)
    except NotPossible as refused:
        raise Invalid({"what": [reason.sentence for reason in refused.all_reasons]}) from refused
