"""Who may change people, roles, customers and contacts. Each function gives the grant that entitles (None for the
system) or raises `NotPermitted`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Held
from accounts.models import ApiToken, Customer, Department, Role, User
from ledger.exceptions import NotPermitted, Sentence


def may_administer(actor: Actor) -> bool:
    """Whether the settings are shown to the person."""
    return actor.holds(Role.ADMINISTRATOR) is not None


def require_administer(actor: Actor) -> Held | None:
    """People, departments, roles and customers are the administrator's."""
    return _entitled(actor, actor.holds(Role.ADMINISTRATOR), _("Only an administrator may change this."))


def require_grant_roles(actor: Actor, user: User) -> Held | None:
    """An administrator grants roles and ends them, but never the own ones."""
    held = require_administer(actor)
    if actor.user is not None and actor.user.pk == user.pk:
        raise NotPermitted(_("Nobody changes the own roles. Ask another administrator."), clause="4.1")
    return held


def require_delegate(actor: Actor, from_user: User, role: str) -> Held | None:
    """People name a deputy for a role that they hold themselves, an administrator for somebody absent.

    The administrator's own role is not lent, and nobody names himself.
    """
    if role == Role.ADMINISTRATOR:
        raise NotPermitted(_("The administrator's role cannot be lent. Grant it with dates instead."), clause="4.1")
    if actor.user is not None and actor.user.pk == from_user.pk:
        own = next((held for held in actor.held(role) if held.on_behalf_of is None), None)
        return _entitled(actor, own, _("You can only lend a role that you hold yourself."))
    return require_administer(actor)


def require_keep_customer(actor: Actor, department: Department) -> Held | None:
    """An administrator or the head of the department that owns the contract."""
    held = actor.holds(Role.ADMINISTRATOR) or actor.holds(Role.DEPARTMENT_HEAD, department_id=department.pk)
    return _entitled(actor, held, _("Only an administrator or the head of the department may change customers."))


def require_keep_contact(actor: Actor, customer: Customer, *, entitling: bool) -> Held | None:
    """The customer's desk keeps contacts; `entitling` (the right to confirm) is the head's or an administrator's."""
    above = actor.holds(Role.ADMINISTRATOR) or actor.holds(Role.DEPARTMENT_HEAD, department_id=customer.department_id)
    if entitling:
        return _entitled(actor, above, _("Only the head of the department may entitle a contact to confirm."))
    held = actor.holds(Role.SERVICE_DESK, customer_id=customer.pk) or above
    return _entitled(actor, held, _("Only the customer's service desk may change its contacts."))


def require_keep_token(actor: Actor, token: ApiToken) -> Held | None:
    """The owner or an administrator revokes a token."""
    if actor.user is not None and actor.user.pk == token.user_id:
        return None
    return require_administer(actor)


def _entitled(actor: Actor, held: Held | None, sentence: Sentence) -> Held | None:
    if held is None and not actor.is_system:
        raise NotPermitted(sentence, clause="4.1")
    return held
