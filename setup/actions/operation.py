"""What is written while a firm moves in, and who is told of what is missing."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, local_day
from accounts.models import Department, Role, RoleGrant, User
from accounts.queries import holders
from base.clock import now
from base.heartbeat import beat
from ledger.actions import attempt, create
from ledger.exceptions import Invalid
from notifications.outbox import notify
from setup import access
from setup.models import Confirmation

LONGEST_REMARK = 200
# Without a holder of these a department's records come to a stop.
NEEDED = (Role.DEPARTMENT_HEAD, Role.CUSTODIAN, Role.DUTY_DESK)


def confirm_operation(kind: str, *, actor: Actor, remark: str = "") -> Confirmation:
    """Note that somebody has seen to what no data tell of; raises `Invalid` for another kind or a long remark."""
    with attempt(actor.signature(), action="confirm_operation", stream="confirmation:new") as tried:
        tried.signature = actor.signature(access.require_confirm_operation(actor))
        if kind not in Confirmation.Kind.values:
            raise Invalid({"kind": [_("Choose what you confirm.")]})
        if len(remark) > LONGEST_REMARK:
            raise Invalid({"remark": [_("At most %(count)d characters.") % {"count": LONGEST_REMARK}]})
        made = Confirmation(kind=kind, remark=remark, confirmed_by=actor.user, confirmed_at=now())
        with create(made, signature=tried.signature, action="confirm_operation", clause=""):
            return made


def watch_vacancies() -> int:
    """Tell the head of each business department, once a week, which role of it nobody holds; administrators where the
    head is missing. How many messages are new. Safe to run at any time and by many: the outbox is the fence."""
    day = local_day(now())
    held = set(RoleGrant.objects.in_force(day).filter(role__in=NEEDED).values_list("role", "department"))
    departments = Department.objects.standing(day).filter(kind=Department.Kind.BUSINESS)
    sent = sum(_tell(each, role) for each in departments for role in NEEDED if (role, each.pk) not in held)
    beat("vacancies")
    return sent


@transaction.atomic
def _tell(department: Department, role: Role) -> int:
    week = local_day(now()).isocalendar()
    return notify(
        f"vacancy.{role.value}",
        stream=department.stream,
        number=department.code,
        recipients=_recipients(department),
        data={},
        cycle=week.year * 100 + week.week,
    )


def _recipients(department: Department) -> list[User]:
    return holders(Role.DEPARTMENT_HEAD, department=department) or holders(Role.ADMINISTRATOR)
