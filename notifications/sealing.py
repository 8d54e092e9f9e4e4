"""Secrets of robots and webhooks, encrypted at rest.

Each key of `settings.ENCRYPTION_KEYS` is a text of its own; the first seals, all open. To change it, put the new one
in front, run `manage.py reseal_secrets`, then take the old one away.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpen(Exception):
    """None of the present keys opens it."""


def seal(text: str) -> str:
    """The text encrypted under the first key; empty stays empty."""
    return _keys().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text again; raises `CannotOpen`."""
    try:
        return _keys().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken as error:
        raise CannotOpen from error


def reseal(sealed: str) -> str:
    """The same text under the first key; raises `CannotOpen`."""
    return seal(unseal(sealed))


def _keys() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in settings.ENCRYPTION_KEYS])


def _fernet(key: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"notifications.sealing").derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
