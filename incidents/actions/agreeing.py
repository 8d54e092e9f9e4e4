"""The customer's word while they are still on the line: with the solution or the confirmation the record is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact
from incidents.actions.closing import close
from incidents.actions.confirmation import confirm
from incidents.actions.steps import together
from incidents.models import Declaration
from ledger.exceptions import Invalid, NotPossible

Solving = Callable[..., Declaration]


@dataclass(frozen=True)
class Agreement:
    """What somebody of the customer said to the solution; the reason is needed of whom has no right to confirm."""

    satisfaction: int | None = None
    unauthorised_confirmation_reason: str = ""


def confirm_and_close(
    declaration_id: int, *, version: int | None, actor: Actor, closes: bool = False, **word: Any
) -> Declaration:
    """Record the customer's word as `confirm` does, and with `closes` complete the record in the same transaction.

    Both moves are judged by their own guards and leave their own entries (R-5.4.7-1, R-5.4.7-2). What closing still
    lacks is Invalid at `closes`, and then nothing is recorded.
    """
    if not closes:
        return confirm(declaration_id, version=version, actor=actor, **word)
    with together(declaration_id, "confirm", actor=actor, uploads=filter(None, [word.get("scan")])):
        confirm(declaration_id, version=version, actor=actor, **word)
        return _close(declaration_id, actor, field="closes")


def solving_with_agreement(solve: Solving, opens: str) -> Solving:
    """The action `solve`, which takes an `agreement` besides: then confirmation and closing follow in one transaction.

    It is the word of the person who was told, by the means by which they were told. `opens` is the move by which the
    whole is judged first. What confirming or closing lacks is Invalid at the fields of the agreement.
    """

    def action(
        declaration_id: int, *, version: int | None, actor: Actor, agreement: Agreement | None = None, **solution: Any
    ) -> Declaration:
        if agreement is None:
            return solve(declaration_id, version=version, actor=actor, **solution)
        with together(declaration_id, opens, actor=actor, uploads=solution.get("attachments", ())):
            solve(declaration_id, version=version, actor=actor, **solution)
            way = solution["told_way"] if "told_way" in solution else solution["means"]
            _confirm(declaration_id, actor, agreement, contact=solution["told_to"], way=way)
            return _close(declaration_id, actor, field="agreed")

    return action


def _confirm(declaration_id: int, actor: Actor, agreement: Agreement, *, contact: Contact | None, way: str) -> None:
    try:
        confirm(declaration_id, version=None, actor=actor, contact=contact, way=way, **vars(agreement))
    except Invalid as refused:
        raise Invalid({_named(name): sentences for name, sentences in refused.errors.items()}) from refused


def _named(field: str) -> str:
    """Who was told, and how, are fields of the solution: if their word does not count, the agreement is wrong."""
    return field if field in Agreement.__dataclass_fields__ else "agreed"


def _close(declaration_id: int, actor: Actor, *, field: str) -> Declaration:
    try:
        return close(declaration_id, version=None, actor=actor)
    except NotPossible as refused:
        lacks = " ".join(str(reason.sentence) for reason in refused.all_reasons)
        sentence = _("It cannot be closed yet: %(lacks)s Without this tick the rest is recorded.") % {"lacks": lacks}
        raise Invalid({field: [sentence]}) from refused
