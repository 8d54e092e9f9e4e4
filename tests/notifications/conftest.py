from __future__ import annotations

import pytest

from accounts.models import Contact, Customer, Department, User


@pytest.fixture
def department(db: None) -> Department:
    return Department.objects.create(code="D1", name="一部")


@pytest.fixture
def user(department: Department) -> User:
    return User.objects.create(username="liu", employee_number="1", name="刘思远", department=department)


@pytest.fixture
def colleague(department: Department) -> User:
    return User.objects.create(username="chen", employee_number="2", name="陈予安", department=department)


@pytest.fixture
def contact(department: Department) -> Contact:
    customer = Customer.objects.create(code="C1", name="示例银行", department=department)
    return Contact.objects.create(customer=customer, code="C1-P1", name="沈亦舟")
