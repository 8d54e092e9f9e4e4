"""Whoever was warned takes note (R-5.4.6-3)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from base.clock import now
from escalation.models import Acknowledgement, Unanswered, Warning
from escalation.queries import addressed_to
from incidents.access import NOT_YOURS, declarations
from incidents.models import Declaration
from ledger.actions import attempt, step
from ledger.exceptions import NotPermitted
from notifications.actions import mark_told_seen

CLAUSE = "5.4.6"


def acknowledge_warnings(declaration_id: int, *, actor: Actor) -> int:
    """The actor takes note of all warnings of the record that were addressed to them; how many were new.

    Again, or in two windows at once, it changes nothing, nor once the record has ended; the bell counts as read. The
    first to take note ends the climb of the warning. Raises `DoesNotExist` (invisible), `NotPermitted` for somebody who
    was not warned.
    """
    stream = f"{Declaration.stream_kind}:{declaration_id}"
    with attempt(actor.signature(), action="acknowledge_warning", stream=stream, clause=CLAUSE):
        declaration = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration_id)
        if not declarations(actor).filter(pk=declaration_id).exists():
            raise Declaration.DoesNotExist(NOT_YOURS)
        waiting = _waiting(actor, declaration)
        if waiting:
            _take_note(actor, declaration, waiting)
        mark_told_seen(actor, declaration.stream, events=("warning.", "unanswered."))
    return len(waiting)


def _waiting(actor: Actor, declaration: Declaration) -> list[tuple[Warning, User | None]]:
    """What the actor has still to take note of, each with the absent one for whom they do."""
    mine = addressed_to(actor, declaration)
    if not mine:
        raise NotPermitted(_("Only whoever was warned can acknowledge the warning."), clause=CLAUSE)
    done = set(Acknowledgement.objects.filter(declaration=declaration, by=actor.user).values_list("warning", flat=True))
    return [] if declaration.has_ended else [each for each in mine if each[0].pk not in done]


def _take_note(actor: Actor, declaration: Declaration, waiting: list[tuple[Warning, User | None]]) -> None:
    absent = next((absent for _warning, absent in waiting if absent is not None), None)
    held = next((held for held in actor.grants if absent and held.on_behalf_of == absent), None)
    with step(
        Declaration,
        declaration.pk,
        version=None,
        signature=actor.signature(held),
        action="acknowledge_warning",
        clause=CLAUSE,
        bump=False,
    ) as opened:
        for warning, on_behalf_of in waiting:
            opened.add(
                Acknowledgement(
                    declaration=opened.record, by=actor.user, at=now(), warning=warning, on_behalf_of=on_behalf_of
                )
            )
    Unanswered.objects.filter(declaration=declaration).delete()
