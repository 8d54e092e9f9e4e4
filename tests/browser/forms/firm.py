"""The forms by which the firm itself is kept: departments, people and their roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from accounts import actions
from accounts.actors import SYSTEM
from accounts.models import Department, User
from tests.browser.forms import Form
from tests.firm import ADMINISTRATOR


def department() -> Department:
    count = Department.objects.count()
    return actions.create_department(actor=SYSTEM, code=f"X{count}", name=f"第{count}部")


def ending() -> str:
    made = actions.end_department(department(), actor=SYSTEM, version=None, on=date(2030, 1, 1))
    return reverse("department", args=[made.pk])


def closed() -> str:
    count = User.objects.count()
    made = actions.create_user(
        actor=SYSTEM, username=f"x{count}", employee_number=f"X{count}", name="离职者", department=department()
    )
    actions.deactivate_user(made, actor=SYSTEM, version=None)
    return reverse("person", args=[made.pk])


def forms() -> Iterator[Form]:
    yield Form(
        "accounts/form.html",
        "form",
        ADMINISTRATOR,
        lambda: reverse("department-change", args=[department().pk]),
        lambda: {"name": "托管部", "name_en": "Custody", "description": "托管"},
    )
    yield Form("accounts/department.html", "reopen", ADMINISTRATOR, ending)
    yield Form("accounts/person.html", "reopen", ADMINISTRATOR, closed)
