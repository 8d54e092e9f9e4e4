"""A small firm that has nothing of the demonstration, made by its administrator through the actions alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.actions import create_contact, create_customer, create_department, create_user, grant_role
from accounts.actors import SYSTEM, Actor, actor_for, local_day
from accounts.models import Customer, Department, Role, User
from base.clock import now
from sla.actions import Terms, create_contract

PASSWORD = "Kestrel-Harbour-42"
CONTRACT = "LS-2026-007"
CALLER, CALLERS_NUMBER = "罗一鸣", "13855550101"
UNITS = {
    "OPS": ("运营支持部", Department.Kind.BUSINESS),
    "RISK": ("内控合规部", Department.Kind.RISK_CONTROL),
    "QA": ("质量管理部", Department.Kind.IMPROVEMENT),
    "MKT": ("客户发展部", Department.Kind.SALES),
    "BOARD": ("总经理室", Department.Kind.MANAGEMENT),
}
# Account, name, department, roles. One person holds what a small firm does not keep somebody for.
PEOPLE: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("chengmo", "程默", "OPS", (Role.SERVICE_DESK, Role.DUTY_DESK)),
    ("luqingyue", "卢清越", "OPS", (Role.DEPARTMENT_HEAD,)),
    ("jinanxing", "季南星", "OPS", (Role.CUSTODIAN,)),
    ("shaohuaijin", "邵怀瑾", "RISK", (Role.RISK_CONTROL, Role.SECURITY_OFFICER)),
    ("ningyuan", "宁远", "QA", (Role.AUDITOR,)),
    ("daiyunzhou", "戴云舟", "MKT", (Role.SALES, Role.COMPLAINT_OWNER, Role.PROBLEM_MANAGER)),
    ("shilei", "石磊", "BOARD", (Role.MANAGEMENT, Role.DOCUMENT_OWNER)),
    ("wujue", "吴珏", "OPS", ()),
)
ADMINISTRATOR = "gulan"
EVERYBODY = (ADMINISTRATOR, *(account for account, *_rest in PEOPLE))


def user(account: str) -> User:
    return User.objects.select_related("department").get(username=account)


def staff(account: str) -> Actor:
    return actor_for(user(account))


def first_account() -> Actor:
    """The desk as `create_administrator` leaves it."""
    name, kind = UNITS["BOARD"]
    unit = create_department(actor=SYSTEM, code="BOARD", name=name, kind=kind)
    made = _account(SYSTEM, ADMINISTRATOR, "顾岚", unit)
    grant_role(actor=SYSTEM, user=made, role=Role.ADMINISTRATOR, reason="首位管理员")
    return staff(ADMINISTRATOR)


def fill() -> None:
    """The whole firm: an administrator, who enters departments, customer with contract, people and their roles."""
    admin = first_account()
    units = {"BOARD": Department.objects.get(code="BOARD")}
    for code, (name, kind) in UNITS.items():
        if code not in units:
            units[code] = create_department(actor=admin, code=code, name=name, kind=kind)
    customer = create_customer(actor=admin, code="K01", name="星野信托有限公司", department=units["OPS"])
    create_contact(actor=admin, customer=customer, name=CALLER, code="K01-1", mobile=CALLERS_NUMBER, may_confirm=True)
    create_contract(customer, _terms(), actor=admin)
    for account, name, code, roles in PEOPLE:
        person = _account(admin, account, name, units[code])
        for role in roles:
            grant_role(actor=admin, user=person, role=role, reason="任命", **_scope(role, customer))


def _terms() -> Terms:
    """It names no calendar and no times: the desk's own hold."""
    today = local_day(now())
    return Terms(
        number=CONTRACT,
        name="账户运营服务",
        starts_on=date(today.year, 1, 1),
        ends_on=today + timedelta(days=400),
        service_scope=["账户运营"],
    )


def _scope(role: Role, customer: Customer) -> dict[str, Any]:
    if role == Role.SERVICE_DESK:
        return {"customer": customer}
    bound = (Role.DEPARTMENT_HEAD, Role.CUSTODIAN, Role.DUTY_DESK)
    return {"department": customer.department} if role in bound else {}


def _account(actor: Actor, account: str, name: str, unit: Department) -> User:
    return create_user(
        actor=actor, username=account, employee_number=f"LS-{account}", name=name, department=unit, password=PASSWORD
    )
