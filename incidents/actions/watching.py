"""Watching a record, and telling those who do what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from base.clock import now
from base.parsing import is_storable
from incidents.access import NOT_YOURS, declaration_for_reading, sees_any
from incidents.access.people import readers
from incidents.actions.notices import notify_of
from incidents.models import Declaration, Watch
from ledger.exceptions import NotPermitted

# Steps of which watchers hear although the state stays; of every change of the state they hear by its name.
TOLD = {
    "warn": "warning",
    "request_escalation": "escalation",
    "decide_escalation": "decision",
    "countersign": "decision",
    "give_opinion": "decision",
    "reclassify": "regraded",
    "take_on": "handler",
    "take_over": "handler",
    "reassign": "handler",
}
AT_ONCE = 50


def watch(declaration_id: int, *, actor: Actor) -> None:
    """The actor hears of the record from now on; again changes nothing. Raises DoesNotExist where it is not seen."""
    owner = own_reader(declaration_id, actor)
    with transaction.atomic():
        Watch.objects.get_or_create(user=owner, declaration_id=declaration_id, defaults={"since": now()})


def unwatch(declaration_id: int, *, actor: Actor) -> None:
    """The actor hears of it no more, also where it is not seen any longer."""
    if actor.user is not None:
        Watch.objects.filter(user=actor.user, declaration=declaration_id).delete()


def key_of_marked(actor: Actor, number: str) -> int:
    """The key of a record that the actor watches or has put off, seen or not; raises DoesNotExist for any other.

    Whoever takes an own mark back learns nothing of the record that they did not mark themselves.
    """
    marked = Q(watches__user=actor.user) | Q(reminders__user=actor.user)
    found = Declaration.objects.filter(marked, number=number) if is_storable(number) else Declaration.objects.none()
    key = found.values_list("pk", flat=True).first()
    return key if key is not None else declaration_for_reading(actor, number).pk


def own_reader(declaration_id: int, actor: Actor) -> User:
    """Who acts, as somebody on staff who sees the record; raises NotPermitted or DoesNotExist."""
    if actor.user is None:
        raise NotPermitted(_("Sign in first."))
    if not sees_any(actor, [declaration_id]):
        raise Declaration.DoesNotExist(NOT_YOURS)
    return actor.user


def tell_watchers(declaration: Declaration, verb: str, before: str, actor: Actor) -> None:
    """Tell those who watch what happened in a step, inside it; who acted knows already.

    One statement where nobody watches, then one for their sight and those of `notify`.
    """
    news = str(declaration.state) if declaration.state != before else TOLD.get(verb, "")
    if news:
        people = watchers_of([declaration]).get(declaration.pk, [])
        notify_of(declaration, f"watched.{news}", [one for one in people if one != actor.user])


def watchers_of(records: Iterable[Declaration]) -> Mapping[int, list[User]]:
    """Who watches each of these and may read it still, by the key of the record; a statement more for each `AT_ONCE`
    that are watched."""
    by_key = {one.pk: one for one in records}
    watched = iter(Watch.objects.filter(declaration__in=by_key).values_list("declaration", flat=True).distinct())
    found: dict[int, list[User]] = {}
    while some := list(islice(watched, AT_ONCE)):
        seen = Q()
        for key in some:
            seen |= Q(declaration=key, user__in=readers(by_key[key]).values("pk"))
        for one in Watch.objects.filter(seen).select_related("user").order_by("user"):
            found.setdefault(one.declaration_id, []).append(one.user)
    return found
