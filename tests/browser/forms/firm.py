"""The forms by which the firm itself is kept: departments, people and their roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import actions
from accounts.actors import SYSTEM
from accounts.models import Delegation, Department, Role, User
from base.clock import now
from procedure.models import OfficialText
from tests.browser.forms import Form
from tests.firm import ADMINISTRATOR, CHEN_HEAD, LIU_DESK, person, staff


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


def away() -> str:
    """The head has a deputy from tomorrow on."""
    head, count = person(CHEN_HEAD), Delegation.objects.count()
    begins = now() + timedelta(days=1 + count)
    actions.delegate(
        actor=SYSTEM,
        role=Role.DEPARTMENT_HEAD,
        from_user=head,
        to_user=person(LIU_DESK),
        starts_at=begins,
        ends_at=begins + timedelta(hours=8),
        reason="休假",
    )
    return reverse("absences")


def keyed() -> str:
    desk = person(LIU_DESK)
    actions.create_token(actor=staff(LIU_DESK), user=desk, name="报表程序", days=30)
    return reverse("my")


def document() -> dict[str, SimpleUploadedFile]:
    """A clause in other words each time."""
    words = f"5.4.1 申报受理\n第{OfficialText.objects.count()}次修订的原文。\n"
    return {"file": SimpleUploadedFile("程序.txt", words.encode())}


def forms() -> Iterator[Form]:
    yield Form("setup/official_text.html", "procedure-text", ADMINISTRATOR, lambda: reverse("procedure-text"), document)
    yield Form(
        "accounts/form.html",
        "form",
        ADMINISTRATOR,
        lambda: reverse("department-change", args=[department().pk]),
        lambda: {"name": "托管部", "name_en": "Custody", "description": "托管"},
    )
    yield Form("accounts/department.html", "reopen", ADMINISTRATOR, ending)
    yield Form("accounts/person.html", "reopen", ADMINISTRATOR, closed)
    answered = "It stands in an answer; after a reload its page asks for another."
    yield Form(
        "accounts/person.html",
        "password-link",
        ADMINISTRATOR,
        lambda: reverse("person", args=[person(LIU_DESK).pk]),
        without={"back button": answered},
    )
    yield Form(
        "accounts/person.html", "password-letter", ADMINISTRATOR, lambda: reverse("person", args=[person(LIU_DESK).pk])
    )
    yield Form("accounts/_lent.html", "end", CHEN_HEAD, away)
    yield Form("accounts/my.html", "own", LIU_DESK, lambda: reverse("my"), lambda: {"mobile": "13800001234"})
    yield Form("accounts/my.html", "revoke", LIU_DESK, keyed)
