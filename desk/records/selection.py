"""Several records at once: each is judged by itself, and each says what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from base.parsing import number
from incidents.access import NOT_YOURS, capacities, may_use, require_entitled, require_possible
from incidents.actions import reassign, take_on
from incidents.models import Declaration
from ledger.exceptions import NotPossible, Refused

# As many as a page of the list shows.
MOST = 25


@dataclass(frozen=True)
class Outcome:
    """One record and why it stays as it is; without a sentence it is, or can be, done."""

    record: Declaration
    sentence: str = ""
    clause: str = ""


def keys(parameters: QueryDict) -> list[int]:
    """The records that were ticked; raises NotPossible for more than a page of the list shows."""
    found = [key for key in map(number, parameters.getlist("selected")) if key is not None]
    if len(found) > MOST:
        raise NotPossible(_("At most %(most)d records at once: choose fewer.") % {"most": MOST})
    return found


def judged(actor: Actor, rows: Iterable[Declaration], verb: str) -> list[Outcome]:
    """For each record, why the verb cannot be used on it, if it cannot; a colleague's record can be taken over."""
    return [_judged(actor, row, "take_on" if _only_taken(actor, row) else verb) for row in rows]


def _only_taken(actor: Actor, row: Declaration) -> bool:
    """Whether the actor may take it over, but give it to nobody else."""
    standing = capacities(actor, row)
    return may_use(standing, row, "take_on") and not may_use(standing, row, "reassign")


def reassigned(
    actor: Actor, rows: Sequence[Declaration], versions: QueryDict, *, to: User, reason: str
) -> list[Outcome]:
    """Give each record to `to` in a step of its own, on the version that was shown; a refusal stops no other."""
    return [_reassigned(actor, row, versions.get(f"version-{row.pk}", ""), to, reason) for row in rows]


def _judged(actor: Actor, row: Declaration, verb: str) -> Outcome:
    try:
        require_entitled(actor, row, verb)
        require_possible(row, verb)
    except Refused as refused:
        return Outcome(row, str(refused), refused.clause)
    return Outcome(row)


def _reassigned(actor: Actor, row: Declaration, version: str, to: User, reason: str) -> Outcome:
    known = number(version) or 0
    try:
        if to == actor.user and _only_taken(actor, row):
            take_on(row.pk, version=known, actor=actor, reason=reason)
        else:
            reassign(row.pk, version=known, actor=actor, to=to, reason=reason)
    except Declaration.DoesNotExist:
        return Outcome(row, str(NOT_YOURS))
    except Refused as refused:
        return Outcome(row, " ".join(refused.sentences) or str(refused), refused.clause)
    return Outcome(row)
