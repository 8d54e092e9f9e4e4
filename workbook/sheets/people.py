"""The people of the firm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.actors import Actor
from accounts.models import Department, User
from workbook.columns import Code, Column, Email, Phone, Reference, YesNo
from workbook.known import Known
from workbook.sheets.base import Mistake, Row, Sheet, Values, refuse_ended, said, yes

NAMES = ("name", "name_en", "title", "mobile", "email")


class People(Sheet):
    key = "people"
    title = _("People")
    key_columns = ("employee_number",)
    unique = ("username",)
    lookup = "employee_number"
    made_as = User
    columns = (
        Code("employee_number", _("Employee number"), required=True),
        Column("username", _("Account"), required=True, longest=60, narrow=True, hint=_("The name to sign in with.")),
        Column("name", _("Full name"), required=True, longest=60),
        Column("name_en", _("Name in English"), longest=100),
        Column("title", _("Job title"), longest=60),
        Reference("department", _("Department"), required=True, to="departments"),
        Phone("mobile", _("Mobile")),
        Email("email", _("E-mail")),
        YesNo("is_active", _("May sign in"), otherwise="yes"),
    )
    fixed: ClassVar = {"username": _("The name to sign in with stays as it is.")}
    sample: ClassVar[Values] = {
        "employee_number": "A001",
        "username": "zhangxm",
        "name": "张晓明",
        "title": "客户经理",
        "department": "FIN1",
        "mobile": "13800000001",
        "email": "zhangxm@example.com",
        "is_active": "yes",
    }

    def rows(self, actor: Actor) -> QuerySet[User]:
        return User.objects.select_related("department").order_by("employee_number")

    def values_of(self, row: User) -> Values:
        same = {name: getattr(row, name) for name in ("employee_number", "username", *NAMES)}
        return {**same, "department": row.department.code, "is_active": said(row.is_active)}

    def check(self, row: Row, known: Known, actor: Actor) -> Iterator[Mistake]:
        back = "is_active" in row.changed and row.values["is_active"] == "yes"
        if "department" in row.changed or back:
            yield from refuse_ended(known, row.values["department"])
        own = actor.user is not None and row.standing is not None and row.standing.pk == actor.user.pk
        if own and row.values["is_active"] == "no":
            yield "is_active", gettext("Nobody closes the own account. Ask another administrator.")

    def create(self, values: Values, actor: Actor) -> User:
        made = actions.create_user(
            actor=actor,
            username=values["username"],
            employee_number=values["employee_number"],
            department=Department.objects.get(code=values["department"]),
            is_active=yes(values["is_active"]),
            **{name: values[name] for name in NAMES},
        )
        return made

    def change(self, pk: int, version: int | None, row: Row, actor: Actor) -> User:
        changed: dict[str, object] = {name: row.values[name] for name in NAMES if name in row.changed}
        if "department" in row.changed:
            changed["department"] = Department.objects.get(code=row.values["department"])
        if "is_active" in row.changed:
            changed["is_active"] = yes(row.values["is_active"])
        return actions.change_user(User.objects.get(pk=pk), actor=actor, version=version, **changed)

    def take_back(self, pk: int, row: Values, actor: Actor) -> User:
        return actions.deactivate_user(User.objects.get(pk=pk), actor=actor, version=None)
