"""Coming back to a record later: a reminder of one's own, told in the portal when its time has come."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_hex

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from base.clock import now
from incidents.access.people import readers
from incidents.actions.steps import require
from incidents.actions.watching import own_reader
from incidents.models import Declaration, Reminder, Watch
from ledger.exceptions import NotPossible
from notifications.actions import cancel, notify

FURTHEST = timedelta(days=366)
NOTHING_TO_COME_BACK_TO = gettext_lazy("This record has ended: there is nothing to come back to.")


def remind(declaration_id: int, *, actor: Actor, at: datetime, note: str) -> Reminder:
    """Remind the actor at that moment; a second one takes the place of the first.

    The message lies in the outbox until then, so that it comes once however often a worker is stopped.
    """
    owner = own_reader(declaration_id, actor)
    require(at=_moment_problem(at), note=_note_problem(note))
    with transaction.atomic():
        record = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration_id)
        if not record.is_open:
            raise NotPossible(str(NOTHING_TO_COME_BACK_TO))
        values = {"at": at, "note": note.strip(), "set_at": now()}
        made, _new = Reminder.objects.update_or_create(user=owner, declaration=record, defaults=values)
        cancel(record.stream, events=made.events)
        notify(
            # The outbox tells no two messages by the same key, and one that was taken back keeps its own.
            f"{made.events}{token_hex(6)}",
            stream=record.stream,
            number=record.number,
            recipients=[owner],
            data={},
            held_until=at,
        )
    return made


def unremind(declaration_id: int, *, actor: Actor) -> None:
    """Take the own reminder back, or away once it has come; none is no fault."""
    found = Reminder.objects.filter(user=actor.user, declaration=declaration_id).select_related("declaration")
    with transaction.atomic():
        for one in found.select_for_update(of=("self",)):
            cancel(one.declaration.stream, events=one.events)
            one.delete()


def forget_unseen(record: Declaration) -> None:
    """Take away the marks of those who may not read the record any more, and what would still be told to them.

    Called in the transaction that closes it to them.
    """
    seen = readers(record).values("pk")
    for one in Reminder.objects.filter(declaration=record).exclude(user__in=seen):
        cancel(record.stream, events=one.events)
        one.delete()
    Watch.objects.filter(declaration=record).exclude(user__in=seen).delete()


def _moment_problem(at: datetime | None) -> str | None:
    if at is None or at <= now():
        return _("Choose a moment that is still to come.")
    return _("Choose a day within a year.") if at > now() + FURTHEST else None


def _note_problem(note: str) -> str | None:
    if not note.strip():
        return _("Say in a few words what you want to do then.")
    most = {"count": Reminder.LONGEST}
    return _("At most %(count)d characters.") % most if len(note.strip()) > Reminder.LONGEST else None
