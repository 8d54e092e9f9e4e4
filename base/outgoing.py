"""Whether anything may leave this machine."""

from __future__ import annotations

from django.conf import settings


def mail_leaves() -> bool:
    """Whether the desk has a mail server and is allowed to send; else mails are kept as files, or given up."""
    return bool(settings.OUTGOING and settings.EMAIL_HOST)
