"""The key that signs checkpoints: 64 hexadecimal digits in a file, never in the database or beside its backup."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DIGITS = re.compile(r"[0-9a-f]{64}")


def signing_key() -> Ed25519PrivateKey:
    """The key in `settings.CHECKPOINT_KEY_FILE`; the embedded desk makes its own when there is none yet.

    Raises ImproperlyConfigured, without showing the key, when it is missing or no key.
    """
    if not settings.CHECKPOINT_KEY_FILE:
        raise ImproperlyConfigured(
            "No key to sign checkpoints with. Run deploy/make-secrets, and name the file in CHECKPOINT_KEY_FILE."
        )
    path = Path(settings.CHECKPOINT_KEY_FILE)
    if settings.EMBEDDED and not path.exists():
        make(path)
    return read(path)


def read(path: Path) -> Ed25519PrivateKey:
    """The private key in a file; raises ImproperlyConfigured when it cannot be read or is none."""
    try:
        text = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"The key of the checkpoints cannot be read: {error}.") from error
    if not DIGITS.fullmatch(text):
        raise ImproperlyConfigured(f"{path} holds no key of checkpoints: 64 hexadecimal digits are needed.")
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))


def make(path: Path) -> None:
    """Put a new key into a file for its owner only; of several who do so at once, one makes it."""
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # readable by its owner only
    draft = Path(name)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        # Unlike a rename, a link never replaces the key that somebody has made in the meantime.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def public(key: Ed25519PrivateKey) -> str:
    """The public half as 64 hexadecimal digits, for everybody who verifies."""
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, text: str) -> str:
    """The signature over the text in UTF-8, as 128 hexadecimal digits."""
    return key.sign(text.encode()).hex()


def is_signed(text: str, *, by: str, signature: str) -> bool:
    """Whether `signature` over the text is of the holder of the public key `by`; nonsense in either is a no."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(by)).verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def trusted(path: Path) -> list[str]:
    """Public keys in a file, one a line; what follows a # is a note. Raises ValueError for any other line."""
    lines = [line.partition("#")[0].strip() for line in path.read_text().splitlines()]
    if wrong := next((line for line in lines if line and not DIGITS.fullmatch(line)), None):
        raise ValueError(f"{path}: {wrong!r} is no public key: 64 hexadecimal digits are needed.")
    return [line for line in lines if line]
