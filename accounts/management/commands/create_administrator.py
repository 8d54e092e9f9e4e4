"""Open the first account, which may then open the others."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.acting import SYSTEM
from accounts.actions import create_department, create_user, grant_role
from accounts.models import Department, Role
from ledger.actions import attempt
from ledger.exceptions import Refused


class Command(BaseCommand):
    """`manage.py create_administrator ACCOUNT --name NAME`; asks for the password."""

    help = "Open an account with the administrator's role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account")
        parser.add_argument("--name", required=True)
        parser.add_argument("--employee-number", default="")

    def handle(self, *args: Any, account: str, name: str, employee_number: str, **options: Any) -> None:
        password = getpass.getpass("Password: ")
        try:
            with attempt(SYSTEM.signature(), action="create_administrator", stream="staff:new"):
                user = create_user(
                    actor=SYSTEM,
                    username=account,
                    employee_number=employee_number or account,
                    name=name,
                    department=_management(),
                    password=password,
                )
                grant_role(actor=SYSTEM, user=user, role=Role.ADMINISTRATOR, reason="create_administrator")
        except Refused as refusal:
            raise CommandError("; ".join(str(s) for found in refusal.errors.values() for s in found) or str(refusal))
        self.stdout.write(f"{account} may now sign in and open the other accounts.")


def _management() -> Department:
    unit = Department.objects.filter(kind=Department.Kind.MANAGEMENT).first()
    return unit or create_department(
        actor=SYSTEM, code="MANAGEMENT", name="公司管理层", name_en="Management", kind=Department.Kind.MANAGEMENT
    )
