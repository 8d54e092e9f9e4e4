"""Departments: entered, changed, ended."""

from __future__ import annotations

import unicodedata
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import access
from accounts.actions.checks import assign, checked, required
from accounts.actors import Actor, local_day
from accounts.models import Customer, Department, RoleGrant, User
from base.clock import now
from base.text import fold
from ledger.actions import again_if_raced, attempt, create, step
from ledger.exceptions import Invalid, NotPossible, Reason

CLAUSE = "4.1"
DEPARTMENT_FIELDS = frozenset({"name", "name_en", "kind", "description"})


@again_if_raced
def create_department(*, actor: Actor, code: str, name: str, **values: object) -> Department:
    """Add a department or a functional unit; `values` are the other fields of the model.

    The code is kept in its plain form (NFKC) and may not look like another's: `base.text.fold` tells.
    """
    with attempt(actor.signature(), action="create_department", stream="department:new", clause=CLAUSE) as tried:
        tried.signature = actor.signature(access.require_administer(actor))
        code = unicodedata.normalize("NFKC", code).strip()
        required({"code": code, "name": name})
        department = Department(code=code, name=name)
        assign(department, values, DEPARTMENT_FIELDS)
        checked(department)
        _refuse_like_code(code)
        with create(department, signature=tried.signature, action="create_department", clause=CLAUSE):
            return department


@again_if_raced
def change_department(department: Department, *, actor: Actor, version: int | None, **values: object) -> Department:
    """Change name, kind or description."""
    with step(
        Department,
        department.pk,
        version=version,
        signature=actor.signature(),
        action="change_department",
        clause=CLAUSE,
    ) as taken:
        taken.signature = actor.signature(access.require_administer(actor))
        assign(taken.record, values, DEPARTMENT_FIELDS)
        checked(taken.record)
    return taken.record


def end_department(department: Department, *, actor: Actor, version: int | None, on: date | None = None) -> Department:
    """Let that day (default today) be the last one of a department.

    Raises `NotPossible` while people, customers or roles that go on beyond it belong to the department.
    """
    with step(
        Department, department.pk, version=version, signature=actor.signature(), action="end_department", clause=CLAUSE
    ) as taken:
        taken.signature = actor.signature(access.require_administer(actor))
        if taken.record.has_ended(local_day(now())):
            raise NotPossible(_("This department has ended already."), clause=CLAUSE)
        last = on or local_day(now())
        if left := _left_in(taken.record, last):
            raise NotPossible(_("Something still belongs to this department."), clause=CLAUSE, reasons=left)
        taken.record.ended_on = last
    return taken.record


def reopen_department(department: Department, *, actor: Actor, version: int | None) -> Department:
    """Take the end of a department back, also one that is still to come."""
    with step(
        Department,
        department.pk,
        version=version,
        signature=actor.signature(),
        action="reopen_department",
        clause=CLAUSE,
    ) as taken:
        taken.signature = actor.signature(access.require_administer(actor))
        if taken.record.ended_on is None:
            raise NotPossible(_("This department goes on already."), clause=CLAUSE)
        taken.record.ended_on = None
    return taken.record


def refuse_ended(department: Department | None, field: str = "department", *, until: date | None = None) -> None:
    """Raise `Invalid` where something is to belong to a department beyond its end, for good or until that day.

    Locks the department until the transaction ends, so that nobody ends it meanwhile.
    """
    if department is None:
        return
    locked = Department.objects.select_for_update().get(pk=department.pk)
    if locked.has_ended(max(until or date.max, local_day(now()))):
        sentence = _("%(name)s ends on %(day)s. Choose another department.")
        raise Invalid({field: [sentence % {"name": locked, "day": locked.ended_on}]})


def _refuse_like_code(code: str) -> None:
    other = Department.objects.filter(folded_code=fold(code)).first()
    if other is not None:
        raise Invalid({"code": [_("%(code)s of %(name)s looks like it.") % {"code": other.code, "name": other}]})


def _left_in(department: Department, last: date) -> list[Reason]:
    """What would belong to nobody after that day."""
    people = User.objects.filter(department=department, is_active=True).count()
    customers = Customer.objects.filter(department=department, in_service_scope=True).count()
    longer = Q(ends_on=None) | Q(ends_on__gt=last)
    grants = RoleGrant.objects.filter(longer, department=department, user__is_active=True).count()
    sentences = (
        ngettext(
            "%(count)d person belongs to it. Give them another department first.",
            "%(count)d people belong to it. Give them another department first.",
            people,
        ),
        ngettext(
            "%(count)d customer in service scope belongs to it. Move it to another department first.",
            "%(count)d customers in service scope belong to it. Move them to another department first.",
            customers,
        ),
        ngettext(
            "%(count)d role is held for it beyond that day. End it first.",
            "%(count)d roles are held for it beyond that day. End them first.",
            grants,
        ),
    )
    left = zip((people, customers, grants), sentences, strict=True)
    return [Reason(sentence % {"count": count}, CLAUSE) for count, sentence in left if count]
