"""Which warnings wait for somebody's acknowledgement."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor
from accounts.models import User
from base.compiled import CompiledRecords, Parameter
from escalation.models import Climb, Unanswered, Warning, WarningRecipient
from incidents.access import seen_records, seen_rows
from incidents.models import OPEN_STATES, Declaration, State

# More are counted as "99+", and as many lines are shown.
MOST_UNANSWERED = 100
DECLARATION, PERSON = Parameter("declaration", BigIntegerField()), Parameter("person", BigIntegerField())


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


def unacknowledged_by(actor: Actor, declaration: Declaration) -> list[Warning]:
    """Those of `addressed_to` of which the actor has not taken note, oldest first; one statement by the declaration."""
    if actor.user is None:
        return []
    people = {actor.user.pk, *(held.on_behalf_of.pk for held in actor.grants if held.on_behalf_of)}
    return _unacknowledged(*sorted(people)).found(declaration=declaration.pk, person=actor.user.pk)


@lru_cache(maxsize=512)
def _unacknowledged(*people: int) -> CompiledRecords[Warning]:
    addressed = Q(told__user__in=people) | Q(climbs__user__in=people)
    found = Warning.objects.filter(addressed, declaration=DECLARATION).exclude(acknowledgements__by=PERSON)
    return CompiledRecords(lambda: found.order_by("at", "pk").distinct())


def unanswered_for(actor: Actor) -> list[Unanswered]:
    """The last warnings of open records that nobody has acknowledged and that reached the actor, longest first.

    At most `MOST_UNANSWERED`; one statement from the few rows that are unanswered at all.
    """
    return seen_records(actor, _unanswered, person=actor.user.pk) if actor.user else []


def count_unanswered(actor: Actor) -> int:
    """How many these are, one more than `MOST_UNANSWERED` where there are more; one statement."""
    return len(list(seen_rows(actor, _unanswered_keys, person=actor.user.pk))) if actor.user else 0


def unanswered_told(actor: Actor) -> QuerySet[Unanswered]:
    """The same before it is asked whether the actor may still see the record: to know cheaply that there is none."""
    return _told(actor.user.pk if actor.user else None)


def _unanswered(seen: QuerySet[Declaration]) -> QuerySet[Unanswered]:
    found = _told(PERSON).filter(declaration__in=seen.values("pk")).select_related("warning__clock", "declaration")
    return found.order_by("warning__at", "pk")[:MOST_UNANSWERED]


def _unanswered_keys(seen: QuerySet[Declaration]) -> QuerySet[Unanswered, Any]:
    found = _told(PERSON).filter(declaration__in=seen.values("pk"))
    return found.values_list("pk")[: MOST_UNANSWERED + 1]


def _told(person: int | Parameter | None) -> QuerySet[Unanswered]:
    told = WarningRecipient.objects.filter(warning=OuterRef("warning"), user=person)
    climbed = Climb.objects.filter(warning=OuterRef("warning"), user=person)
    running = sorted(OPEN_STATES - {State.RESOLVED})
    return Unanswered.objects.filter(Exists(told) | Q(Exists(climbed)), declaration__state__in=running)
