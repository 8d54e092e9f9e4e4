"""A call as a browser sends it to a desk that is served by processes of its own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.actors import CHINA
from accounts.models import Contact


def caller_of(person: Contact) -> dict[str, str]:
    """Who calls, as the form names them."""
    return {"caller": person.name, "caller_id": str(person.pk)}


def minute_ago() -> datetime:
    """When a call came in, at a desk that has the time of this machine."""
    return datetime.now(CHINA) - timedelta(minutes=1)  # noqa: TID251


def posted_call(contact_code: str, at: datetime) -> dict[str, object]:
    """A complete call of that moment as a program sends it."""
    return {
        "channel": "phone",
        "received_at": at.isoformat(timespec="seconds"),
        "subject": "对账单漏装",
        "body": "客户来电，说本月对账单漏装一页。",
        "contact": contact_code,
        "answered_live": True,
    }


def sent_call(caller: Mapping[str, str], subject: str = "", at: datetime | None = None) -> dict[str, str]:
    """A complete call of that moment, else of a minute ago, in a form that was opened anew."""
    at = at or minute_ago()
    return {
        "opened_form": f"register-{secrets.token_hex(8)}",
        "act": "accept",
        "channel": "phone",
        "caller": caller["caller"],
        "caller_id": caller["caller_id"],
        "subject": subject or f"对账单漏装 {secrets.token_hex(4)}",
        "body": "本月对账单漏装一页，请补寄。",
        "received_at": f"{at:%Y-%m-%dT%H:%M}",
        "answered_live": "on",
    }
