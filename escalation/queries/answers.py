"""Which warnings wait for somebody's acknowledgement."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor
from accounts.models import User
from escalation.models import Climb, Unanswered, Warning, WarningRecipient
from incidents.access import declarations
from incidents.models import OPEN_STATES, Declaration, State


def addressed_to(actor: Actor, declaration: Declaration) -> list[tuple[Warning, User | None]]:
    """The warnings of the record of which the actor, or somebody they stand in for, was told; each with that other.

    At most three queries by the indexes of the declaration.
    """
    if actor.user is None:
        return []
    absent = {held.on_behalf_of.pk: held.on_behalf_of for held in actor.grants if held.on_behalf_of}
    found: list[tuple[Warning, User | None]] = []
    warnings = Warning.objects.filter(declaration=declaration).prefetch_related("told", "climbs").order_by("at", "pk")
    for warning in warnings:
        recipients = {each.user_id for each in warning.told.all()} | {each.user_id for each in warning.climbs.all()}
        others = [person for key, person in absent.items() if key in recipients]
        if actor.user.pk in recipients or others:
            found.append((warning, None if actor.user.pk in recipients else others[0]))
    return found


def unacknowledged_by(actor: Actor, declaration: Declaration) -> QuerySet[Warning]:
    """Those of `addressed_to` of which the actor has not taken note, oldest first; one query by the declaration."""
    people = [actor.user, *(held.on_behalf_of for held in actor.grants if held.on_behalf_of)] if actor.user else []
    addressed = Q(told__user__in=people) | Q(climbs__user__in=people)
    found = Warning.objects.filter(addressed, declaration=declaration).exclude(acknowledgements__by=actor.user)
    return found.order_by("at", "pk").distinct()


def unanswered_for(actor: Actor) -> QuerySet[Unanswered]:
    """The last warnings of open records that nobody has acknowledged and that reached the actor, longest first.

    One query from the few rows that are unanswered at all.
    """
    seen = unanswered_told(actor).filter(declaration__in=declarations(actor).values("pk"))
    return seen.select_related("warning__clock", "declaration").order_by("warning__at", "pk")


def unanswered_told(actor: Actor) -> QuerySet[Unanswered]:
    """The same before it is asked whether the actor may still see the record: to know cheaply that there is none."""
    person = actor.user.pk if actor.user else None
    told = WarningRecipient.objects.filter(warning=OuterRef("warning"), user=person)
    climbed = Climb.objects.filter(warning=OuterRef("warning"), user=person)
    running = sorted(OPEN_STATES - {State.RESOLVED})
    return Unanswered.objects.filter(Exists(told) | Q(Exists(climbed)), declaration__state__in=running)
