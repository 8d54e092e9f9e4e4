"""Where a word about the last action waits for the next page."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """A signed cookie that belongs to this host alone, as the others do."""

    cookie_name = settings.SESSION_COOKIE_NAME.replace("session", "messages")


class MessageStorage(FallbackStorage):
    """A cookie for what fits into one, which spares a write of the session; else the session."""

    storage_classes = (HostCookieStorage, SessionStorage)
