"""What every write checks before it touches a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Contact, Customer, User
from ledger.actions import RecordChange, step
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Sentence


@contextmanager
def own_account(actor: Actor, action: str) -> Iterator[RecordChange[User]]:
    """Open one step on the account of whoever acts, whose version does not move."""
    if actor.user is None:
        raise NotPermitted(_("Sign in first."))
    signature = actor.signature()
    with step(User, actor.user.pk, version=None, signature=signature, action=action, clause="", bump=False) as taken:
        yield taken


def checked(instance: models.Model, *, leave_out: tuple[str, ...] = ()) -> None:
    """Raise `Invalid` with a sentence a field where the row breaks a rule of its model."""
    try:
        instance.full_clean(exclude=leave_out)
    except ValidationError as error:
        found = {
            "" if name == NON_FIELD_ERRORS else name: list(sentences) for name, sentences in error.message_dict.items()
        }
        raise Invalid(found) from error


def required(values: Mapping[str, str]) -> None:
    """Raise `Invalid` for each text that is empty."""
    empty: dict[str, list[Sentence]] = {
        name: [_("Fill this in.")] for name, value in values.items() if not value.strip()
    }
    if empty:
        raise Invalid(empty)


def assign(instance: models.Model, values: Mapping[str, object], allowed: frozenset[str]) -> None:
    """Put the values into the row; a field that is not `allowed` is refused, not left out silently."""
    unknown: dict[str, list[Sentence]] = {
        name: [_("This field cannot be changed here.")] for name in values if name not in allowed
    }
    if unknown:
        raise Invalid(unknown)
    for name, value in values.items():
        setattr(instance, name, value)


def refuse_merged(found: Customer | Contact, *, clause: str = "5.4.2") -> None:
    """Raise `NotPossible` for one that was merged, naming the one that goes on."""
    if found.merged_into is not None:
        sentence = _("%(name)s was merged into %(other)s. Go on with %(other)s.")
        raise NotPossible(sentence % {"name": found.name, "other": found.merged_into.name}, clause=clause)
