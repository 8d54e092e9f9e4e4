"""Several who enter the same number, code or name at once: one has it, the others are told so.

The fence has a twin in which it is taken away and the fault is seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from accounts.actions import create_customer, create_department
from accounts.actors import SYSTEM
from accounts.models import Customer, Department
from base.clock import set_clock
from ledger.exceptions import Invalid
from ledger.verification import verify
from notifications.actions import Setting, create_bot
from sla.actions import Terms, create_calendar, create_contract
from sla.targets import Target
from tests import scenes
from tests.firm import ADMINISTRATOR, BANK_B, open_firm, staff
from tests.notifications.test_products import ADDRESSES
from tests.services.racing import THREADS, at_once, on_a_server

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]
WEEK = {day: [(540, 1080)] for day in range(5)}
DAY = Target(1, "working_day", "working")
Entry = Callable[[Callable[..., Any]], Any]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with set_clock(scenes.MONDAY):
        open_firm()
        yield


def contract(create: Callable[..., Any]) -> Any:
    terms = Terms("HT-1", "合同", date(2030, 1, 1), date(2030, 12, 31), targets=dict.fromkeys(range(1, 5), DAY))
    return create(Customer.objects.get(code=BANK_B), terms, actor=SYSTEM)


def calendar(create: Callable[..., Any]) -> Any:
    return create("夜班", actor=SYSTEM, weekly=WEEK)


def customer(create: Callable[..., Any]) -> Any:
    return create(actor=SYSTEM, code="C99", name="示例", department=Department.objects.order_by("pk")[0])


def department(create: Callable[..., Any]) -> Any:
    return create(actor=SYSTEM, code="D99", name="新部门")


def robot(create: Callable[..., Any]) -> Any:
    setting = Setting(
        "群",
        Department.objects.order_by("pk")[0],
        ["warning"],
        [1],
        address=ADDRESSES["dingtalk"],
    )
    return create(actor=staff(ADMINISTRATOR), product="dingtalk", setting=setting)


ENTRIES: dict[str, tuple[Entry, Callable[..., Any]]] = {
    "contract": (contract, create_contract),
    "calendar": (calendar, create_calendar),
    "customer": (customer, create_customer),
    "department": (department, create_department),
    "robot": (robot, create_bot),
}


def entered_by_eight(enter: Entry, create: Callable[..., Any]) -> Counter[str]:
    def work(_number: int) -> str:
        try:
            enter(create)
        except Invalid:
            # Of the number, or of the overlap where the first became visible between both checks.
            return "told"
        except Exception as error:
            return type(error).__name__
        return "entered"

    return Counter(at_once(work))


@pytest.mark.parametrize("kind", ENTRIES)
def test_one_of_eight_enters_it_and_the_others_are_told(kind: str) -> None:
    assert entered_by_eight(*ENTRIES[kind]) == {"entered": 1, "told": THREADS - 1}
    assert list(verify()) == []


def test_without_a_second_try_somebody_gets_the_error_of_the_database() -> None:
    enter, create = ENTRIES["contract"]
    seen = entered_by_eight(enter, create.__wrapped__)  # type: ignore[attr-defined]
    assert seen["IntegrityError"] > 0
