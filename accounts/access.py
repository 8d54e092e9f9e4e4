"""Who may change people, roles, customers and contacts. Each function gives the grant that entitles (None for the
system) or raises `NotPermitted`."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Held, local_day
from accounts.models import ApiToken, Contact, Customer, Delegation, Department, Role, User
from base.clock import now
from ledger.exceptions import NotPermitted, Sentence

CUSTOMER_READERS = (Role.ADMINISTRATOR, Role.DEPARTMENT_HEAD, Role.SERVICE_DESK, Role.AUDITOR)
KEEPERS = _("Only an administrator or the head of the department may change customers.")
KEEPERS_OF_CONTACTS = _("Only the customer's service desk may change its contacts.")


def may_administer(actor: Actor) -> bool:
    """Whether the settings are shown to the person."""
    return actor.holds(Role.ADMINISTRATOR) is not None


def require_administer(actor: Actor) -> Held | None:
    """People, departments, roles and customers are the administrator's."""
    return _entitled(actor, actor.holds(Role.ADMINISTRATOR), _("Only an administrator may change this."))


PEOPLE_READERS = (Role.ADMINISTRATOR, Role.AUDITOR, Role.DEPARTMENT_HEAD)


def may_read_people(actor: Actor) -> bool:
    """Administrators keep people, auditors and heads of department look them up."""
    return any(actor.holds(role) for role in PEOPLE_READERS)


def require_read_people(actor: Actor) -> None:
    """Raise `NotPermitted` for everybody to whom no list of people is shown."""
    if not may_read_people(actor):
        raise NotPermitted(_("People are shown to administrators, auditors and heads of department."), clause="4.1")


def people(actor: Actor) -> QuerySet[User]:
    """Whom the person sees: everybody, or as a head those of the own departments."""
    if actor.holds(Role.ADMINISTRATOR) or actor.holds(Role.AUDITOR):
        return User.objects.all()
    return User.objects.filter(department__in=actor.departments(Role.DEPARTMENT_HEAD))


def may_change_roles_of(actor: Actor, user: User) -> bool:
    """Whether the roles of that person are the actor's to give and end."""
    return may_administer(actor) and (actor.user is None or actor.user.pk != user.pk)


def require_grant_roles(actor: Actor, user: User) -> Held | None:
    """An administrator grants roles and ends them, but never the own ones."""
    held = require_administer(actor)
    if actor.user is not None and actor.user.pk == user.pk:
        raise NotPermitted(_("Nobody changes the own roles. Ask another administrator."), clause="4.1")
    return held


def require_give_password(actor: Actor, user: User) -> Held | None:
    """An administrator lets others set a password; the own one is changed with the old one."""
    held = require_administer(actor)
    if actor.user is not None and actor.user.pk == user.pk:
        raise NotPermitted(_("Change your own password on its page; it asks for the old one."))
    return held


def require_decline(actor: Actor, delegation: Delegation) -> None:
    """The deputy alone says that he does not stand in."""
    if actor.user is None or actor.user.pk != delegation.to_user_id:
        raise NotPermitted(_("Only the deputy can decline."), clause="4.1")


def require_delegate(actor: Actor, from_user: User, role: str) -> Held | None:
    """People name a deputy for a role that they hold themselves, an administrator for somebody absent.

    The administrator's own role is not lent.
    """
    if role == Role.ADMINISTRATOR:
        raise NotPermitted(_("The administrator's role cannot be lent. Grant it with dates instead."), clause="4.1")
    if actor.user is not None and actor.user.pk == from_user.pk:
        own = next((held for held in actor.held(role) if held.on_behalf_of is None), None)
        return _entitled(actor, own, _("You can only lend a role that you hold yourself."))
    return require_administer(actor)


def require_deputy(actor: Actor, from_user: User, to_user: User) -> None:
    """Nobody makes himself the deputy of somebody else: that would be a role given to oneself."""
    if actor.user is not None and actor.user.pk == to_user.pk != from_user.pk:
        raise NotPermitted(_("Nobody names himself as deputy. Ask another administrator."), clause="4.1")


def may_read_customers(actor: Actor) -> bool:
    """Whether there are pages of customers for this person at all."""
    return any(actor.holds(role) for role in CUSTOMER_READERS)


def require_read_customers(actor: Actor) -> None:
    """Raise `NotPermitted` for people to whom no customer's page is shown."""
    if not may_read_customers(actor):
        raise NotPermitted(_("Customers are shown to administrators, heads of department, desks and auditors."))


def customers(actor: Actor) -> QuerySet[Customer]:
    """The customers whose pages `actor` may read: of the own department as its head, the own ones as their desk."""
    if actor.is_system or actor.holds(Role.ADMINISTRATOR) or actor.holds(Role.AUDITOR):
        return Customer.objects.all()
    headed, served = actor.departments(Role.DEPARTMENT_HEAD), actor.customers(Role.SERVICE_DESK)
    return Customer.objects.filter(Q(department__in=headed) | Q(pk__in=served))


def departments_to_keep(actor: Actor, customer: Customer | None = None) -> QuerySet[Department]:
    """The departments that may get customers from `actor`, by their code; also the one that `customer` has now."""
    found = Department.objects.standing(local_day(now())).order_by("code")
    if customer is not None:
        found |= Department.objects.filter(pk=customer.department_id).order_by("code")
    if actor.is_system or actor.holds(Role.ADMINISTRATOR):
        return found
    return found.filter(pk__in=actor.departments(Role.DEPARTMENT_HEAD))


def may_keep_customers(actor: Actor) -> bool:
    """Administrators enter customers of all departments, heads those of their own."""
    return actor.is_system or any(actor.holds(role) for role in (Role.ADMINISTRATOR, Role.DEPARTMENT_HEAD))


def require_keep_customers(actor: Actor) -> None:
    """Raise `NotPermitted` for people who enter no customer."""
    if not may_keep_customers(actor):
        raise NotPermitted(KEEPERS, clause="4.1")


def may_keep_customer(actor: Actor, customer: Customer) -> bool:
    """Whether this customer is the person's to change."""
    return actor.is_system or _above(actor, customer.department_id) is not None


def require_keep_customer(actor: Actor, department: Department) -> Held | None:
    """An administrator or the head of the department that owns the contract."""
    return _entitled(actor, _above(actor, department.pk), KEEPERS)


def may_keep_contacts(actor: Actor, customer: Customer) -> bool:
    """Whether this customer's contacts are the person's to keep."""
    return actor.is_system or _keeper_of_contacts(actor, customer) is not None


def may_entitle(actor: Actor, customer: Customer) -> bool:
    """Whether the person may give a contact of this customer the right to confirm."""
    return may_keep_customer(actor, customer)


def require_keep_contact(actor: Actor, customer: Customer, *, entitling: bool) -> Held | None:
    """The customer's desk keeps contacts; `entitling` (the right to confirm) is the head's or an administrator's."""
    if entitling:
        above = _above(actor, customer.department_id)
        return _entitled(actor, above, _("Only the head of the department may entitle a contact to confirm."))
    held = _keeper_of_contacts(actor, customer)
    return _entitled(actor, held, KEEPERS_OF_CONTACTS)


def may_enter_contacts(actor: Actor, customer: Customer) -> bool:
    """Whether the person may add contacts, without the right to confirm: whoever keeps them, and each duty desk, which
    takes the calls of everybody."""
    return actor.is_system or _enters_contacts(actor, customer) is not None


def require_enter_contact(actor: Actor, customer: Customer) -> Held | None:
    """The same, as the grant that entitles; raises `NotPermitted`."""
    return _entitled(actor, _enters_contacts(actor, customer), KEEPERS_OF_CONTACTS)


def require_merge_customers(actor: Actor, gone: Customer, kept: Customer) -> Held | None:
    """Whoever keeps both customers merges them."""
    require_keep_customer(actor, gone.department)
    return require_keep_customer(actor, kept.department)


def customers_to_keep(actor: Actor) -> QuerySet[Customer]:
    """The customers that `actor` may change, by code, without those that were merged."""
    found = Customer.objects.filter(merged_into=None).order_by("code")
    if actor.is_system or actor.holds(Role.ADMINISTRATOR):
        return found
    return found.filter(department__in=actor.departments(Role.DEPARTMENT_HEAD))


def require_merge_contacts(actor: Actor, gone: Contact, kept: Contact) -> Held | None:
    """Whoever keeps contacts merges two; where the one that stays gets the right to confirm, whoever may give it."""
    return require_keep_contact(actor, kept.customer, entitling=gone.may_confirm and not kept.may_confirm)


def _enters_contacts(actor: Actor, customer: Customer) -> Held | None:
    return _keeper_of_contacts(actor, customer) or actor.holds(Role.DUTY_DESK)


def _keeper_of_contacts(actor: Actor, customer: Customer) -> Held | None:
    desk = actor.holds(Role.SERVICE_DESK, customer_id=customer.pk)
    return desk or _above(actor, customer.department_id)


def _above(actor: Actor, department_id: int) -> Held | None:
    return actor.holds(Role.ADMINISTRATOR) or actor.holds(Role.DEPARTMENT_HEAD, department_id=department_id)


def require_keep_token(actor: Actor, token: ApiToken) -> Held | None:
    """The owner or an administrator revokes a token."""
    if actor.user is not None and actor.user.pk == token.user_id:
        return None
    return require_administer(actor)


def _entitled(actor: Actor, held: Held | None, sentence: Sentence) -> Held | None:
    if held is None and not actor.is_system:
        raise NotPermitted(sentence, clause="4.1")
    return held
