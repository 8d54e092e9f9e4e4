"""Looks at the whole desk in a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery

from accounts.actors import local_day
from accounts.models import Contact, Customer, Department, Qualification, Role, RoleGrant, User
from base.clock import now
from knowledge.models import KnowledgeArticle
from knowledge.queries import articles_ending, articles_expired
from notifications.models import Bot, Notification, Reason
from procedure.models import OfficialText
from procedure.queries import Rules, in_force, rules
from setup.models import Confirmation
from setup.standing import BotStanding, CustomerStanding, Standing
from sla.models import Calendar, Contract
from sla.queries import ending, missing_years

MOST = 50
Status = Notification.Status
Row = TypeVar("Row", bound=Model)


def standing(departments: Iterable[int] | None = None) -> Standing:
    """What stands today, of the whole firm or of some departments; at most 20 statements, whatever there is.

    Grants, customers and people are walked over once by the indexes of their tables.
    """
    day = local_day(now())
    own = None if departments is None else frozenset(departments)
    grants = list(RoleGrant.objects.in_force(day).values_list("role", "department", "user"))
    customers = _of(Customer.objects.filter(in_service_scope=True), "department", own)
    people = _of(User.objects.filter(is_active=True), "department", own)
    calendar = Calendar.objects.filter(is_default=True).first()
    version, steps = in_force(day).pk, rules(in_force(day).pk).parameter("contract_renewal_days")
    return Standing(
        day=day,
        whole_firm=own is None,
        departments=list(_of(Department.objects.standing(day).filter(kind=Department.Kind.BUSINESS), "pk", own)),
        held=frozenset((role, department) for role, department, _user in grants),
        administrators=len({user for role, _department, user in grants if role == Role.ADMINISTRATOR}),
        people=people.count(),
        without_password=list(people.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)[:MOST]),
        unqualified=_unqualified(people, day),
        customer_count=customers.count(),
        customers=_lacking(customers, day),
        ending=list(_of(ending(day, max(steps), 0), "customer__department", own)[:MOST]),
        calendar=calendar.name if calendar else "",
        missing_years=missing_years(calendar, day) if calendar else [],
        articles=KnowledgeArticle.objects.filter(status=KnowledgeArticle.Status.VALID).count(),
        header_is_masked=_header_is_masked(rules(version)),
        articles_ending=list(articles_ending(day).values_list("code", flat=True)),
        articles_expired=list(articles_expired(day).values_list("code", flat=True)),
        official_texts=OfficialText.objects.filter(procedure=version).count(),
        outgoing=bool(settings.OUTGOING),
        mail_arrived=_arrived().filter(channel=Notification.Channel.EMAIL).exists(),
        bots=Bot.objects.filter(is_active=True).count(),
        bots_untried=_untried_bots(),
        confirmed={each.kind: each for each in Confirmation.objects.order_by("confirmed_at").select_related()},
    )


def _header_is_masked(book: Rules) -> bool:
    """Whether the sample's asterisks still stand where a firm's own words belong (A-34)."""
    levels = {leaf.path[0].zh for leaf in book.leaves.values()}
    return any("**" in words for words in (book.header.number, book.header.issuer, *levels))


def _of(rows: QuerySet[Row], column: str, departments: frozenset[int] | None) -> QuerySet[Row]:
    return rows if departments is None else rows.filter(**{f"{column}__in": departments})


def _unqualified(people: QuerySet[User], day: date) -> list[User]:
    """Those who serve a customer without a proof in force that they may (R-8-1)."""
    desks = RoleGrant.objects.in_force(day).filter(role=Role.SERVICE_DESK, user=OuterRef("pk"))
    proofs = Qualification.objects.filter(user=OuterRef("pk"), kind=Qualification.Kind.DESK, obtained_on__lte=day)
    valid = proofs.filter(Q(expires_on=None) | Q(expires_on__gte=day))
    return list(people.filter(Exists(desks), ~Exists(valid)).order_by("employee_number")[:MOST])


def _lacking(customers: QuerySet[Customer], day: date) -> list[CustomerStanding]:
    contacts = Contact.objects.filter(customer=OuterRef("pk"), is_active=True)
    found = customers.annotate(
        has_desk=Exists(RoleGrant.objects.in_force(day).filter(role=Role.SERVICE_DESK, customer=OuterRef("pk"))),
        has_contract=Exists(Contract.objects.in_force(day).filter(customer=OuterRef("pk"))),
        has_contact=Exists(contacts),
        has_confirming_contact=Exists(contacts.filter(may_confirm=True)),
    )
    names = ("has_desk", "has_contract", "has_contact", "has_confirming_contact")
    complete = Q(**dict.fromkeys(names, True))
    rows = found.filter(~complete).order_by("code").values_list("pk", "name", "department", *names)
    return [CustomerStanding(*row) for row in rows[:MOST]]


def _arrived() -> QuerySet[Notification]:
    return Notification.objects.filter(status=Status.SENT)


def _untried_bots() -> list[BotStanding]:
    """Those by which no message has arrived: a try-out by hand counts as any other, once it has arrived."""
    own = Notification.objects.filter(bot=OuterRef("pk"))
    failed = own.filter(event="delivery.test", status__in=(Status.FAILED, Status.DEAD)).order_by("-pk").values("reason")
    found = Bot.objects.filter(~Exists(own.filter(status=Status.SENT)), is_active=True).order_by("name")
    rows = found.annotate(failure=Subquery(failed[:1])).values_list("pk", "name", "failure")[:MOST]
    return [BotStanding(key, name, str(Reason(failure).label) if failure else "") for key, name, failure in rows]
