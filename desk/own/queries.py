"""One's own marks on records, each one statement by their unique indexes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField

from accounts.actors import Actor
from base.compiled import CompiledRecords, CompiledValues, Parameter
from desk.queries.work import READ_WITH
from incidents.access import declarations
from incidents.models import OPEN_STATES, Declaration, Reminder, Watch
from incidents.queries.listing import UNSHOWN

MOST = 100
USER, DECLARATION = Parameter("user", BigIntegerField()), Parameter("declaration", BigIntegerField())
_ANY = CompiledValues(lambda: Reminder.objects.filter(user=USER).values_list("pk")[:1])
_WATCH = CompiledValues(lambda: Watch.objects.filter(user=USER, declaration=DECLARATION).values_list("pk"))
_REMINDER = CompiledRecords(lambda: Reminder.objects.filter(user=USER, declaration=DECLARATION))


@dataclass(frozen=True)
class Marks:
    """Whether the reader watches the record, and until when it was put aside."""

    watched: bool
    reminder: Reminder | None

    def is_due(self, at: datetime) -> bool:
        return self.reminder is not None and self.reminder.at <= at


def marks_on(actor: Actor, declaration: Declaration) -> Marks:
    """What the reader has marked it with; two statements."""
    if actor.user is None:
        return Marks(watched=False, reminder=None)
    own = {"user": actor.user.pk, "declaration": declaration.pk}
    return Marks(any(_WATCH.rows(**own)), _REMINDER.first(**own))


def reminders_of(actor: Actor) -> dict[str, Reminder]:
    """The own reminders on open records that are still in sight, by number, the first `MOST`; one statement, and one
    more where there are any.
    """
    if actor.user is None or not any(_ANY.rows(user=actor.user.pk)):
        return {}
    seen = declarations(actor).filter(state__in=sorted(OPEN_STATES)).values("pk")
    found = Reminder.objects.filter(user=actor.user, declaration__in=seen).order_by("at", "pk")
    read = found.select_related(*(f"declaration__{name}" for name in READ_WITH))
    unshown = [f"declaration__{name}" for name in UNSHOWN]
    return {one.declaration.number: one for one in read.defer(*unshown)[:MOST]}
