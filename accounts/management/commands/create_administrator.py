"""Open the first account of a desk."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import create_department, create_user, grant_role
from accounts.actors import SYSTEM
from accounts.models import Department, Role
from accounts.queries import holders
from ledger.actions import attempt
from ledger.exceptions import Refused


class Command(BaseCommand):
    """`manage.py create_administrator [ACCOUNT] [--name NAME]`; asks for the password, and for what is left out.

    A desk that has an administrator gets another one only with `--another`.
    """

    help = "Open an account with the administrator's role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", nargs="?", default="", help="name to sign in with; asked for when left out")
        parser.add_argument("--name", default="", help="name of the person; asked for when left out")
        parser.add_argument("--employee-number", default="", help="the account's name when left out")
        parser.add_argument("--another", action="store_true", help="open one beside those that there are")

    def handle(self, *args: Any, account: str, name: str, employee_number: str, another: bool, **options: Any) -> None:
        there = [user.username for user in holders(Role.ADMINISTRATOR)]
        if there and not another:
            raise CommandError(f"This desk has an administrator: {', '.join(there)}. Use --another to open one more.")
        account, name = account or _ask("Account"), name or _ask("Name")
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
        self.stdout.write(f"{account} may now sign in.")


def _ask(what: str) -> str:
    try:
        given = input(f"{what}: ").strip()
    except EOFError:
        given = ""
    if not given:
        raise CommandError("Nobody is there to ask: create_administrator ACCOUNT --name NAME, then type the password.")
    return given


def _management() -> Department:
    unit = Department.objects.filter(kind=Department.Kind.MANAGEMENT).first()
    return unit or create_department(
        actor=SYSTEM, code="MANAGEMENT", name="公司管理层", name_en="Management", kind=Department.Kind.MANAGEMENT
    )
