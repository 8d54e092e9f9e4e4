"""A program of the firm's own, called and signed as the Standard Webhooks specification says (docs/webhooks.md)."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256

from django.conf import settings

from notifications.addresses import Forbidden, target_of
from notifications.http import Reply
from notifications.outcomes import Outcome, Sent
from notifications.products.base import Call, Product, Push, WrongAddress, encoded, status_outcome

PREFIX = "whsec_"


def new_secret() -> str:
    """A random key of 32 bytes as the specification writes them."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, delivery_id: str, timestamp: int, body: bytes) -> str:
    """Version and HMAC-SHA256 over id, time stamp (seconds) and body, joined by dots."""
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(b64decode(secret.removeprefix(PREFIX)), signed, sha256)).decode()


def _address(url: str) -> str:
    try:
        target_of(url.strip(), settings.WEBHOOK_PORTS)
    except Forbidden as error:
        raise WrongAddress from error
    return url.strip()


def _call(url: str, secret: str, push: Push, at: datetime) -> Call:
    body, timestamp = encoded({"id": push.delivery_id, **push.facts}), int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": push.delivery_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, push.delivery_id, timestamp, body),
    }
    return Call(url, body, headers)


def _outcome(reply: Reply) -> Outcome:
    return Sent() if 200 <= reply.status < 300 else status_outcome(reply)


PRODUCT = Product("", _address, _call, _outcome, limits=((600, 60.0),))
