from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import Department, Role, RoleGrant, User
from knowledge import actions
from knowledge.models import KnowledgeArticle

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)

Publish = Callable[..., KnowledgeArticle]


@pytest.fixture
def department(db: None) -> Department:
    return Department.objects.create(code="D1", name="一部")


@pytest.fixture
def author(department: Department) -> User:
    return User.objects.create(username="liu", employee_number="1", name="刘思远", department=department)


@pytest.fixture
def head(department: Department) -> User:
    head = User.objects.create(username="chen", employee_number="2", name="陈予安", department=department)
    RoleGrant.objects.create(
        user=head, role=Role.DEPARTMENT_HEAD, department=department, starts_on=date(2026, 1, 1), reason="任命"
    )
    return head


@pytest.fixture
def colleague(department: Department) -> User:
    return User.objects.create(username="zhou", employee_number="3", name="周以宁", department=department)


@pytest.fixture
def publish(clock: Any, author: User, head: User) -> Publish:
    """Publishes an article with these values changed, at noon in China on 22 November 2026."""
    clock.set(AT)

    def published(actor: Actor = SYSTEM, **changes: Any) -> KnowledgeArticle:
        values = {
            "code": "KB-001",
            "title": "打印机卡纸的处理",
            "categories": ["EQP-03"],
            "keywords": ["打印机", "卡纸"],
            "symptom": "高速打印机连续卡纸，打印中断。",
            "solution_steps": ["断电取纸", "清洁搓纸轮"],
            "author": author,
            "reviewer": head,
            "valid_until": date(2026, 12, 31),
        }
        return actions.publish(actor=actor, **values | changes)

    return published


@pytest.fixture
def as_head(head: User, clock: Any) -> Actor:
    return actor_for(head, AT)
