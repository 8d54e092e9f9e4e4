"""Setting a password by a link that works once."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.actions.tokens import digest_of, revoke_all
from accounts.actors import NOBODY, Actor, actor_for, stranger
from accounts.models import PasswordLink, User
from base.clock import now
from ledger.actions import attempt, create, step
from ledger.exceptions import Invalid, NotPossible
from ledger.signature import Signature

SPENT = _("This link has been used, has expired or was replaced by a newer one. Ask the administrator for another.")
Outcome = PasswordLink.Outcome
Origin = PasswordLink.Origin


def make_password_link(user: User, *, actor: Actor) -> tuple[PasswordLink, str]:
    """Make the one open link of somebody, and its secret, which comes back this once and is not kept.

    The password until now goes on until the link is used; links that were open end, whoever made them.
    """
    with attempt(actor.signature(), action="make_password_link", stream=user.stream) as tried:
        tried.signature = actor.signature(access.require_give_password(actor, user))
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.is_active:
            raise NotPossible(_("%(name)s may not sign in. Open the account again first.") % {"name": locked.name})
        end_password_links(locked, Outcome.REPLACED, signature=tried.signature)
        return _create(locked, Origin.GIVEN, tried.signature)


def make_asked_link(user: User, *, address: str, again: bool = False) -> tuple[PasswordLink, str]:
    """Make a link for whoever asked from `address` because the password is forgotten; its secret as above.

    It ends no link of an administrator, and while it is open itself another one is refused, so that nobody ends
    anything by asking; `again` says that the letter with it was lost. Raises `NotPossible`, too, for an account that is
    closed or has no e-mail address. The person's chain tells who asked.
    """
    signature = stranger(address)
    with attempt(signature, action="ask_password_link", stream=user.stream):
        locked = User.objects.select_for_update().get(pk=user.pk)
        _refuse_asked(locked, again)
        with step(User, user.pk, version=None, signature=signature, action="ask_password_link", clause="", bump=False):
            pass
        end_password_links(locked, Outcome.REPLACED, signature=signature, origins=(Origin.ASKED,))
        return _create(locked, Origin.ASKED, signature)


def _refuse_asked(user: User, again: bool) -> None:
    if not user.is_active:
        raise NotPossible(_("This account is closed."), code="account_closed")
    if not user.email:
        raise NotPossible(_("This account has no e-mail address."), code="account_without_address")
    asked = user.password_links.filter(origin=Origin.ASKED, ended_at=None).first()
    if asked is not None and asked.opens(now()) and not again:
        raise NotPossible(_("A link that was asked for is open still."), code="link_open")


def _create(user: User, origin: Origin, signature: Signature) -> tuple[PasswordLink, str]:
    secret, at = secrets.token_urlsafe(32), now()
    expires = at + PasswordLink.LIVES[origin]
    link = PasswordLink(user=user, origin=origin, digest=digest_of(secret), made_at=at, expires_at=expires)
    with create(link, signature=signature, action="make_password_link", clause=""):
        return link, secret


def use_password_link(digest: str, *, password: str) -> User:
    """Set the password of whose open link has that digest; all sessions, tokens and other links of the account end, and
    wrong passwords that locked it count no more.

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


def end_password_links(
    user: User, outcome: str, *, signature: Signature, origins: Collection[str] = tuple(Origin)
) -> None:
    """End the open links of an account; called inside what makes them void."""
    for link in user.password_links.filter(ended_at=None, origin__in=origins):
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
        end_password_links(taken.record, Outcome.CHANGED, signature=signature)
        revoke_all(taken.record, signature=signature)
    reset(username=user.username)
    return taken.record
