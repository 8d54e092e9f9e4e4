"""Make an API token for an account and print it once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import create_token
from accounts.actors import SYSTEM
from accounts.models import ApiToken, User
from ledger.exceptions import Refused


class Command(BaseCommand):
    """`manage.py create_token ACCOUNT [--name PURPOSE] [--days N] [--write]`."""

    help = "Make an API token for an account and print it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--write", action="store_true", help="let it change things, too")

    def handle(self, *args: Any, account: str, name: str, days: int, write: bool, **options: Any) -> None:
        user = User.objects.filter(username=account, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no account {account} that may sign in.")
        scope = ApiToken.Scope.WRITE if write else ApiToken.Scope.READ
        try:
            token, key = create_token(actor=SYSTEM, user=user, name=name, days=days, scope=scope)
        except Refused as refusal:
            raise CommandError(str(refusal.errors or refusal)) from refusal
        self.stdout.write(key)
        self.stderr.write(f"Valid until {token.expires_at:%Y-%m-%d %H:%M} UTC; it is not shown again.")
