"""The code that opens a desk on which nobody has an account yet."""

from __future__ import annotations

from base64 import b32encode

from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from ledger.models import Entry

# Ten bytes: too many to guess, and few enough to type.
LENGTH = 10
GROUP = 4


def is_unopened() -> bool:
    """Whether nobody has an account here; one statement of one row."""
    return not User.objects.exists()


def first_code() -> str:
    """What the start prints and the first administrator types, in groups of four: "Q3ZA-…".

    It is made of the desk's secret key and of the first entry of its ledger, which no other database has, so that all
    processes know it and nothing is stored. It opens nothing once there is an account. One statement.
    """
    first = Entry.objects.order_by("pk").values_list("hash", flat=True).first()
    letters = b32encode(salted_hmac("accounts.first_code", first or "", algorithm="sha256").digest()[:LENGTH]).decode()
    return "-".join(letters[place : place + GROUP] for place in range(0, len(letters), GROUP))


def is_first_code(typed: str) -> bool:
    """Whether that is the code, however it was grouped and in small letters too."""
    return constant_time_compare(_plain(typed), _plain(first_code()))


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())
