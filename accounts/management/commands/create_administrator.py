"""Open an account from the shell of the desk's machine."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.first_account import WITHOUT_SCOPE, open_account
from accounts.models import Role
from accounts.queries import holders
from ledger.exceptions import Refused


class Command(BaseCommand):
    """`manage.py create_administrator [ACCOUNT] [--name NAME]`; asks for the password, and for what is left out.

    A desk that has an administrator gets another account only with `--another`, which also asks for its role.
    """

    help = "Open an account with the administrator's role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", nargs="?", default="", help="name to sign in with; asked for when left out")
        parser.add_argument("--name", default="", help="name of the person; asked for when left out")
        parser.add_argument("--employee-number", default="", help="the account's name when left out")
        parser.add_argument("--another", action="store_true", help="open one beside those that there are")
        parser.add_argument("--role", choices=[role.value for role in WITHOUT_SCOPE], help="with --another: its role")

    def handle(self, *args: Any, account: str, name: str, employee_number: str, **options: Any) -> None:
        there = [user.username for user in holders(Role.ADMINISTRATOR)]
        if there and not options["another"]:
            raise CommandError(f"This desk has an administrator: {', '.join(there)}. Use --another to open one more.")
        account, name = account or _ask("Account"), name or _ask("Name")
        role = (options["role"] or _ask_role()) if there else Role.ADMINISTRATOR.value
        try:
            open_account(
                username=account,
                employee_number=employee_number,
                name=name,
                password=getpass.getpass("Password: "),
                role=role,
            )
        except Refused as refusal:
            raise CommandError("; ".join(str(s) for found in refusal.errors.values() for s in found) or str(refusal))
        self.stdout.write(f"{account} may now sign in.")


def _ask_role() -> str:
    """One of the roles that are held for the whole firm; asked again until it is one."""
    names = [role.value for role in WITHOUT_SCOPE]
    while (role := _ask(f"Role ({', '.join(names)})")) not in names:
        pass
    return role


def _ask(what: str) -> str:
    try:
        answer = input(f"{what}: ").strip()
    except EOFError:
        answer = ""
    if not answer:
        raise CommandError(
            "Nobody is there to ask: create_administrator ACCOUNT --name NAME, then type the password. With --another "
            "also --role ROLE."
        )
    return answer
