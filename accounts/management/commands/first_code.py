"""Tell how to open a desk on which nobody has an account yet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.first_code import first_code, is_unopened


class Command(BaseCommand):
    """`manage.py first_code`: where the first administrator is made, and with which code; nothing once there is one."""

    help = "Print the code with which the first administrator opens the desk."

    def handle(self, *args: Any, **options: Any) -> None:
        if is_unopened():
            address = f"{settings.PUBLIC_URL}/start/"
            self.stdout.write(f"Nobody has an account yet. {address} asks for the code {first_code()}")
