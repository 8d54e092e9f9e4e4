"""Setting a password by a link that works once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.actions.tokens import digest_of, revoke_all
from accounts.actors import NOBODY, Actor, actor_for
from accounts.models import PasswordLink, User
from base.clock import now
from ledger.actions import attempt, create, step
from ledger.exceptions import Invalid, NotPossible
from ledger.signature import Signature

LIFE = timedelta(hours=72)
SPENT = _("This link has been used, has expired or was replaced by a newer one. Ask the administrator for another.")
Outcome = PasswordLink.Outcome


def make_password_link(user: User, *, actor: Actor) -> tuple[PasswordLink, str]:
    """Make the one open link of somebody, and its secret, which comes back this once and is not kept.

    The password until now goes on until the link is used; a link that was open ends.
    """
    with attempt(actor.signature(), action="make_password_link", stream=user.stream) as tried:
        tried.signature = actor.signature(access.require_give_password(actor, user))
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.is_active:
            raise NotPossible(_("%(name)s may not sign in. Open the account again first.") % {"name": locked.name})
        end_password_links(locked, Outcome.REPLACED, signature=tried.signature)
        secret, at = secrets.token_urlsafe(32), now()
        link = PasswordLink(user=locked, digest=digest_of(secret), made_at=at, expires_at=at + LIFE)
        with create(link, signature=tried.signature, action="make_password_link", clause=""):
            return link, secret


def use_password_link(digest: str, *, password: str) -> User:
    """Set the password of whose open link has that digest; all sessions and tokens of the account end.

    Raises `NotPossible` for a link that is unknown or opens nothing any more, and `Invalid` for a weak password, after
    which the link still works.
    """
    with attempt(NOBODY.signature(), action="use_password_link", stream="password_link:unknown") as tried:
        found = PasswordLink.objects.filter(digest=digest).first()
        if found is None:
            raise NotPossible(SPENT)
        tried.stream = found.stream
        user = User.objects.select_for_update().get(pk=found.user_id)
        tried.signature = actor_for(user, via="link").signature()
        with step(
            PasswordLink, found.pk, version=None, signature=tried.signature, action="use_password_link", clause=""
        ) as taken:
            if not (user.is_active and taken.record.opens(now())):
                raise NotPossible(SPENT)
            taken.record.set(ended_at=now(), outcome=Outcome.USED)
        return _set_password(user, password, tried.signature)


def end_password_links(user: User, outcome: str, *, signature: Signature) -> None:
    """End the open link of an account; called inside what makes it void."""
    for link in user.password_links.filter(ended_at=None):
        with step(
            PasswordLink, link.pk, version=None, signature=signature, action="end_password_link", clause=""
        ) as taken:
            taken.record.set(ended_at=now(), outcome=outcome)


def _set_password(user: User, password: str, signature: Signature) -> User:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"new_password1": list(error.messages)}) from error
    with step(User, user.pk, version=None, signature=signature, action="set_password", clause="", bump=False) as taken:
        taken.record.set_password(password)
        revoke_all(taken.record, signature=signature)
    return taken.record
