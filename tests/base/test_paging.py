"""Pages by cursor: whole, in order, there and back, whatever the order and however many rows have no key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import signing

from accounts.models import Department, User
from base.paging import Order, Page, page

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 23, 1, 2, 3, 4, tzinfo=UTC)
ORDERS = [
    Order(),
    Order(descending=True),
    Order("employee_number"),
    Order("title", descending=True),
    Order("last_login", nullable=True),
    Order("last_login", descending=True, nullable=True),
    Order("last_login", nullable=True, empty_last=True),
    Order("last_login", descending=True, nullable=True, empty_last=True),
]


@pytest.fixture(autouse=True)
def _people() -> None:
    """Eleven, of whom four never signed in, and some share a title or a sign-in."""
    department = Department.objects.create(code="D1", name="一部")
    for number in range(11):
        at = None if number % 3 == 1 else START + timedelta(microseconds=(number * 7) % 5)
        User.objects.create(
            username=f"U{number}", employee_number=f"N{number:02}", department=department, last_login=at,
            title=f"T{number % 2}",
        )  # fmt: skip


def read(order: Order, cursor: str = "", size: int = 3) -> Page[User]:
    shown = User.objects.select_related("department") if order.nullable else None
    return page(User.objects.all(), order, cursor, shown=shown, size=size)


def stands(order: Order, row: User) -> tuple[object, ...]:
    """Where a row belongs among the others."""
    key = getattr(row, order.column)
    sign = -1 if order.descending else 1
    number = key.timestamp() if isinstance(key, datetime) else key
    comparable = number if not isinstance(number, str) else int(number[1:])
    pk = sign * row.pk
    return (0, pk) if key is None and not order.empty_last else (2, pk) if key is None else (1, sign * comparable, pk)


@pytest.mark.parametrize("order", ORDERS, ids=repr)
@pytest.mark.parametrize("size", [1, 3, 4, 11, 12])
def test_pages_hold_every_row_once_in_order_and_lead_back(order: Order, size: int) -> None:
    there = [read(order, size=size)]
    while there[-1].next:
        there.append(read(order, there[-1].next, size))
    rows = [row for each in there for row in each.rows]
    assert rows == sorted(User.objects.all(), key=lambda row: stands(order, row))
    assert {len(each.rows) for each in there[:-1]} <= {size}
    back = [there[-1]]
    while back[-1].previous:
        back.append(read(order, back[-1].previous, size))
    assert [each.rows for each in back[::-1]] == [each.rows for each in there]
    assert there[0].previous == ""


@pytest.mark.parametrize("order", ORDERS, ids=repr)
def test_a_page_is_one_statement(order: Order, django_assert_num_queries: Any) -> None:
    second = read(order).next
    with django_assert_num_queries(1):
        assert len(read(order, second).rows) == 3


MADE_UP = {
    "a letter": "x",
    "no parts": "::",
    "a foreign signature": "W10:1:2",
    "NUL": "\x00",
    "long": "a" * 5000,
    "signed for something else": signing.dumps([False, None, 1]),
}


@pytest.mark.parametrize("cursor", MADE_UP.values(), ids=MADE_UP.keys())
def test_a_made_up_cursor_is_the_first_page(cursor: str) -> None:
    # Not whole pages: their cursors are signed with the second in which they were made.
    assert read(Order(), cursor).rows == read(Order()).rows
    assert Order().place(User, cursor) is None


def test_a_cursor_holds_for_its_own_order_and_rows_only() -> None:
    cursor = read(Order("employee_number")).next
    assert Order("employee_number").place(User, cursor) is not None
    assert Order("employee_number", descending=True).place(User, cursor) is None
    assert Order("title").place(User, cursor) is None
    assert Order("name").place(Department, cursor) is None


def test_a_row_that_comes_meanwhile_does_not_move_the_next_page() -> None:
    first = read(Order("employee_number"))
    second = read(Order("employee_number"), first.next)
    User.objects.create(username="new", employee_number="N00a", department=Department.objects.get())
    assert read(Order("employee_number"), first.next) == second


def test_the_addresses_are_those_of_the_neighbours_there_are() -> None:
    first = read(Order())
    assert first.addresses(lambda cursor: f"?cursor={cursor}") == {
        "previous_url": "", "next_url": f"?cursor={first.next}",
    }  # fmt: skip
