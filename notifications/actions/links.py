"""Password links that an administrator has sent by mail."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.access import require_give_password
from accounts.actions import make_password_link
from accounts.actors import Actor
from accounts.models import PasswordLink, User
from base.outgoing import mail_leaves
from ledger.actions import attempt
from ledger.exceptions import NotPossible
from notifications.enclosing import enclose


def send_password_link(user: User, *, actor: Actor) -> PasswordLink:
    """Make the one open link of somebody and have it sent to the address of the account; nobody is shown it.

    What `make_password_link` says holds. Raises `NotPossible` where no mail leaves the desk, or the account has no
    address.
    """
    with attempt(actor.signature(), action="send_password_link", stream=user.stream) as tried:
        tried.signature = actor.signature(require_give_password(actor, user))
        if not mail_leaves():
            raise NotPossible(_("No mail server is set: make the link and hand it out yourself."))
        link, secret = make_password_link(user, actor=actor)
        if not link.user.email:
            without = _("%(name)s has no e-mail address. Enter one first, or make the link and hand it out yourself.")
            raise NotPossible(without % {"name": link.user.name})
        enclose(link, secret, signature=tried.signature)
        return link
