"""Departments, and what belongs to each."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.actors import local_day
from accounts.models import Customer, Department, RoleGrant, User
from base.clock import now
from base.paging import Order, Page, page

LARGEST_KEY = 2**31


def department_page(text: str, cursor: str = "") -> Page[Department]:
    """One page of departments by code, each with `people_count` (who may sign in) and
    `customer_count` (in service scope); one statement.

    `text` narrows to codes and names that hold it: a walk over the departments, which are few.
    """
    return page(_counted(_holding(text)), Order("code"), cursor)


def department(key: int) -> Department | None:
    """The department with that key, counted as `department_page` counts; one statement."""
    return _counted(Department.objects.filter(pk=key)).first() if key < LARGEST_KEY else None


def all_departments() -> QuerySet[Department]:
    """Every department, by code; for looking up what ended ones did as well."""
    return Department.objects.order_by("code")


def standing_departments() -> QuerySet[Department]:
    """The departments that may take people, customers and roles today, by code."""
    return Department.objects.standing(local_day(now())).order_by("code")


def roles_of_department(department: Department) -> list[RoleGrant]:
    """The grants for the department in force today, with the people; one query by `grant_role_scope`."""
    grants = RoleGrant.objects.in_force(local_day(now())).filter(department=department)
    return list(grants.select_related("user").order_by("role", "user__employee_number"))


def _holding(text: str) -> QuerySet[Department]:
    if not text:
        return Department.objects.all()
    return Department.objects.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_en__icontains=text))


def _counted(found: QuerySet[Department]) -> QuerySet[Department]:
    people = User.objects.filter(department=OuterRef("pk"), is_active=True)
    served = Customer.objects.filter(department=OuterRef("pk"), in_service_scope=True)
    return found.annotate(people_count=_count(people), customer_count=_count(served))


def _count(rows: QuerySet[User] | QuerySet[Customer]) -> Coalesce:
    counted = rows.order_by().values("department").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)
