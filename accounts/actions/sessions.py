"""Signing in and out, and the own password."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.actions.checks import own_account
from accounts.actions.links import end_password_links
from accounts.actions.tokens import revoke_all
from accounts.actors import Actor, actor_for, stranger
from accounts.models import PasswordLink, User
from ledger.actions import forget_sent_forms, record_refusal, step
from ledger.exceptions import NotPermitted


def record_sign_in(user: User, *, address: str) -> None:
    """Write into the person's chain that the session began, and from where."""
    _note(user, "sign_in", address)
    forget_sent_forms(user.stream)


def record_sign_out(user: User, *, address: str) -> None:
    """Write into the person's chain that the session was ended."""
    _note(user, "sign_out", address)


def record_failed_sign_in(username: str, *, address: str, locked: bool) -> None:
    """Write into the day's security stream that somebody tried; the name that was typed may be a password and is
    left out. Call it outside of transactions."""
    known = User.objects.filter(username=username).first()
    refusal = NotPermitted(_("Account and password do not fit."), code="sign_in_locked" if locked else "sign_in_failed")
    record_refusal(
        stranger(address),
        action="sign_in",
        stream=known.stream if known else "staff:unknown",
        refusal=refusal,
    )


def change_password(*, actor: Actor, password: str) -> User:
    """Set the own password, which the caller has validated; all other sessions and all tokens end.

    The caller keeps its own session by `update_session_auth_hash` with the user that comes back.
    """
    with own_account(actor, "change_password") as taken:
        taken.record.set_password(password)
        end_password_links(taken.record, PasswordLink.Outcome.CHANGED, signature=taken.signature)
        revoke_all(taken.record, signature=taken.signature)
    return taken.record


def _note(user: User, action: str, address: str) -> None:
    signature = actor_for(user).signature()
    with step(User, user.pk, version=None, signature=signature, action=action, clause="", bump=False) as taken:
        taken.note(address=address)
