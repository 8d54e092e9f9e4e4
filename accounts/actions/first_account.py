"""The first account of a desk, and further ones from the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.actions.departments import create_department
from accounts.actions.grants import grant_role
from accounts.actions.people import create_user
from accounts.actors import SYSTEM
from accounts.first_code import is_first_code, is_unopened
from accounts.models import Department, Role, User
from accounts.models.grants import FOR_A_CUSTOMER, FOR_A_DEPARTMENT
from ledger.actions import attempt
from ledger.exceptions import Invalid, NotPossible
from ledger.signature import Signature

# Staff is nobody's grant, and the others need a customer or a department that the shell does not ask for.
WITHOUT_SCOPE = tuple(role for role in Role if role not in (Role.STAFF, *FOR_A_CUSTOMER, *FOR_A_DEPARTMENT))


def open_first_account(
    *, code: str, username: str, employee_number: str, name: str, password: str, address: str
) -> User:
    """Make the administrator with whom a new desk begins; `code` is what the start printed (`first_code`).

    Two at once make one account. Raises `NotPossible` once there is one, `Invalid` for a wrong code or a field that
    breaks a rule; each try that is refused stands in the day's security stream with the `address` it came from.
    """
    signature = Signature("system", f"address:{address}"[:60], "first start")
    with attempt(signature, action="open_first_account", stream="staff:new", clause="4.1"):
        unit = _locked_management()
        if not is_unopened():
            raise NotPossible(_("This desk has its first account already. Sign in with it."), clause="4.1")
        if not is_first_code(code):
            raise Invalid({"code": [_("This is not the code that the start of the desk printed.")]})
        return _with_role(unit, Role.ADMINISTRATOR, username, employee_number, name, password, "open_first_account")


def open_account(*, username: str, employee_number: str, name: str, password: str, role: str) -> User:
    """Make an account with one role for the whole firm, from the shell of the desk's machine."""
    with attempt(SYSTEM.signature(), action="create_administrator", stream="staff:new", clause="4.1"):
        if role not in WITHOUT_SCOPE:
            raise Invalid({"role": [_("Choose one of the roles.")]})
        unit = _locked_management()
        return _with_role(unit, role, username, employee_number, name, password, "create_administrator")


def _with_role(
    unit: Department, role: str, username: str, employee_number: str, name: str, password: str, reason: str
) -> User:
    user = create_user(
        actor=SYSTEM,
        username=username,
        employee_number=employee_number or username,
        name=name,
        department=unit,
        password=password,
    )
    grant_role(actor=SYSTEM, user=user, role=role, reason=reason)
    return user


def _locked_management() -> Department:
    """The management's unit, made where there is none, and held: who opens an account waits for the other."""
    unit = Department.objects.filter(kind=Department.Kind.MANAGEMENT).order_by("pk").first() or _new_management()
    return Department.objects.select_for_update().get(pk=unit.pk)


def _new_management() -> Department:
    values = {"name": "公司管理层", "name_en": "Management", "kind": Department.Kind.MANAGEMENT}
    try:
        return create_department(actor=SYSTEM, code="MANAGEMENT", **values)
    except Invalid:
        # Somebody else has just made it.
        return Department.objects.get(code="MANAGEMENT")
