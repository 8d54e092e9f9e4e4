"""Keys for programs."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.actions.checks import checked
from accounts.actors import Actor
from accounts.models import ApiToken, User
from base.clock import now
from ledger.actions import attempt, create, step
from ledger.exceptions import Invalid, NotPermitted, NotPossible
from ledger.signature import Signature

PREFIX = "desk_"
LONGEST_DAYS = 366


def create_token(
    *, actor: Actor, user: User, name: str, days: int, scope: str = ApiToken.Scope.READ
) -> tuple[ApiToken, str]:
    """Make a key for the own account, or for any by the system. The key itself is shown this once and not kept."""
    with attempt(actor.signature(), action="create_token", stream="token:new") as tried:
        if not actor.is_system and (actor.user is None or actor.user.pk != user.pk):
            raise NotPermitted(_("A token can be made for the own account only."))
        if not 1 <= days <= LONGEST_DAYS:
            raise Invalid({"days": [_("Between 1 and %(days)s days.") % {"days": LONGEST_DAYS}]})
        key = PREFIX + secrets.token_urlsafe(32)
        token = ApiToken(
            user=user,
            name=name,
            scope=scope,
            digest=digest_of(key),
            beginning=key[:10],
            created_at=now(),
            expires_at=now() + timedelta(days=days),
        )
        checked(token)
        with create(token, signature=tried.signature, action="create_token", clause=""):
            return token, key


def revoke_token(token: ApiToken, *, actor: Actor) -> ApiToken:
    """End a token at once."""
    with step(ApiToken, token.pk, version=None, signature=actor.signature(), action="revoke_token", clause="") as taken:
        taken.signature = actor.signature(access.require_keep_token(actor, taken.record))
        if taken.record.revoked_at is not None:
            raise NotPossible(_("This token is revoked already."))
        taken.record.revoked_at = now()
    return taken.record


def revoke_all(user: User, *, signature: Signature) -> None:
    """End every token of an account; called inside the step that changes its password or closes it."""
    for token in user.tokens.filter(revoked_at=None, expires_at__gt=now()):
        with step(ApiToken, token.pk, version=None, signature=signature, action="revoke_token", clause="") as taken:
            taken.record.revoked_at = now()


def digest_of(key: str) -> str:
    """What is kept of a key; it has 256 random bits, so a plain digest cannot be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()
