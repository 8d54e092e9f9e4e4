"""Somebody leaves: all that the person holds goes to named successors, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from django.utils.translation import gettext as _

import accounts.actions
from accounts.actors import Actor
from accounts.models import User
from audit.actions import hand_on_finding
from incidents.actions import hand_on_receipt, hand_on_record
from knowledge.actions import hand_on_draft, propose_to_another
from ledger.actions import attempt
from ledger.exceptions import Invalid, NotPossible, Reason
from setup.queries import Holding, holdings

CLAUSE = "4.1"


def leave(user: User, *, actor: Actor, version: int | None, reason: str, successors: Mapping[str, User]) -> User:
    """Close an account and hand on everything: `successors` by the names of `holdings(user)`; all or nothing.

    What has come to the person since the page was shown has no successor: raises `NotPossible` with a reason for each.
    Raises `Invalid` at the name of what its successor may not take, and whatever `accounts.actions.leave` raises.
    """
    with attempt(actor.signature(), action="leave", stream=user.stream, clause=CLAUSE):
        _require_working(user, successors)
        held = holdings(user)
        left = accounts.actions.leave(
            user,
            actor=actor,
            version=version,
            reason=reason,
            grants=_chosen(held, "grant", successors),
            delegations=_chosen(held, "delegation", successors),
        )
        _refuse_without_successor(held, successors)
        for one in held:
            _hand_on(one, successors[one.name], actor=actor, leaver=user, reason=reason)
        return left


def _require_working(leaver: User, successors: Mapping[str, User]) -> None:
    """Raise `Invalid` for successors who may not sign in. Locks all of them, so that two who leave at once wait."""
    people = {leaver.pk, *(person.pk for person in successors.values())}
    found = User.objects.select_for_update().filter(pk__in=people).order_by("pk")
    working = dict(found.values_list("pk", "is_active"))
    sentence = _("%(name)s may not sign in any more. Choose another successor.")
    gone = {name: person for name, person in successors.items() if not working.get(person.pk)}
    if gone:
        raise Invalid({name: [sentence % {"name": person.name}] for name, person in gone.items()})


def _chosen(held: Iterable[Holding], kind: str, successors: Mapping[str, User]) -> dict[int, User]:
    return {one.keys[0]: successors[one.name] for one in held if one.kind == kind and one.name in successors}


def _refuse_without_successor(held: Iterable[Holding], successors: Mapping[str, User]) -> None:
    missing = [one.label for one in held if one.name not in successors]
    if missing:
        reasons = [Reason(_("%(held)s: no successor is named.") % {"held": label}, CLAUSE) for label in missing]
        raise NotPossible(_("The person still holds something."), clause=CLAUSE, reasons=reasons)


def _hand_on(held: Holding, to: User, *, actor: Actor, leaver: User, reason: str) -> None:
    """Roles went over with the account."""
    by_kind: dict[str, Callable[[int], object]] = {
        "records": partial(hand_on_record, actor=actor, leaver=leaver, to=to, reason=reason),
        "receipts": partial(hand_on_receipt, actor=actor, leaver=leaver, to=to, reason=reason),
        "findings": partial(hand_on_finding, actor=actor, leaver=leaver, to=to, reason=reason),
        "articles": partial(propose_to_another, actor=actor, leaver=leaver, to=to),
        "drafts": partial(hand_on_draft, actor=actor, leaver=leaver, to=to),
    }
    try:
        for key in held.keys if held.kind in by_kind else ():
            by_kind[held.kind](key)
    except Invalid as refused:
        sentences = [sentence for sentences in refused.errors.values() for sentence in sentences]
        raise Invalid({held.name: sentences}) from refused
