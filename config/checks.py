"""What a desk must have right before it starts.

Management commands run these as system checks; the web server and the Celery processes call
`refuse_unfit()`, because neither Django's WSGI handler nor Celery stops for a check.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection

from ledger import rights, triggers
from ledger.keys import signing_key

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
SHORTEST_SECRET = 50
SHORTEST_PASSWORD = 10
# The largest network of proxies by version of the protocol: a private block, or the /64 of one link.
WIDEST = {4: 12, 6: 48}


@register
def strong_settings(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Errors for settings that are too weak; embedded mode may be plain, but only on loopback."""
    return [
        Error(message, hint=hint, id=f"desk.{identity}")
        for weak, identity, message, hint in (_embedded_rules() if settings.EMBEDDED else _production_rules())
        if weak
    ]


def _embedded_rules() -> Iterator[tuple[bool, str, str, str]]:
    yield (
        not LOOPBACK.issuperset(settings.ALLOWED_HOSTS),
        "E010",
        "The embedded desk may answer on loopback only.",
        "Set EMBEDDED=false and run it as docker-compose.yml does.",
    )


def _production_rules() -> Iterator[tuple[bool, str, str, str]]:
    public = urlsplit(settings.PUBLIC_URL)
    yield settings.DEBUG, "E011", "DEBUG shows the code to visitors.", "Leave DEBUG unset."
    yield (
        _is_weak(_secret_key()),
        "E012",
        f"SECRET_KEY is missing or too easy: {SHORTEST_SECRET} random characters are needed.",
        "Put one into a file and name it in SECRET_KEY_FILE.",
    )
    yield (
        public.scheme != "https" or not public.hostname,
        "E013",
        "PUBLIC_URL must be the https address of the desk.",
        "For example PUBLIC_URL=https://desk.example.org",
    )
    yield (
        any("*" in host or not host.strip(".") for host in settings.ALLOWED_HOSTS) or not settings.ALLOWED_HOSTS,
        "E014",
        "The desk must know its own host name.",
        "Set PUBLIC_URL; it takes no wildcard.",
    )
    yield (
        settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
        "E015",
        "SQLite is for the embedded desk.",
        "Set DATABASE_URL or DATABASE_URL_FILE to a PostgreSQL address.",
    )
    yield (
        _is_guessed(str(settings.DATABASES["default"].get("PASSWORD", ""))),
        "E016",
        "The database has no password, or one that anybody guesses.",
        "Set a random one in the file that DATABASE_URL_FILE names.",
    )
    yield (
        not settings.ENCRYPTION_KEYS or any(_is_weak(key, 32) for key in settings.ENCRYPTION_KEYS),
        "E019",
        "ENCRYPTION_KEYS is missing or too easy: 32 random characters are needed for each key.",
        "Put them into a file, the newest first, and name it in ENCRYPTION_KEYS_FILE.",
    )
    yield (
        not settings.CELERY_BROKER_URL.startswith(("redis://", "rediss://")),
        "E017",
        "Several processes need a broker that they share.",
        "Set BROKER_URL or BROKER_URL_FILE to the redis:// address of a Valkey or Redis.",
    )
    yield (
        not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS),
        "E018",
        "Cookies must be for https only, and the browser must be told so.",
        "Do not override the cookie and HSTS settings.",
    )
    yield (
        bool(settings.EMAIL_HOST_PASSWORD) and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL),
        "E020",
        "The password of the mail server would travel in plain text.",
        "Write EMAIL_URL with smtp+tls:// or smtp+ssl://.",
    )
    yield (
        any(network.prefixlen < WIDEST[network.version] for network in map(ip_network, settings.TRUSTED_PROXIES)),
        "E021",
        "TRUSTED_PROXIES believes so many machines that anybody could say who is calling.",
        "Name the proxy's own address or its network, for example 172.30.77.0/24.",
    )


def _secret_key() -> str:
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's word for an empty one; the other findings shall be told too
        return ""


def _is_weak(secret: str, shortest: int = SHORTEST_SECRET) -> bool:
    # Django marks the key that startproject wrote, which stands in repositories.
    return len(secret) < shortest or len(set(secret)) < 10 or secret.startswith("django-insecure-")


def _is_guessed(password: str) -> bool:
    if len(password) < SHORTEST_PASSWORD or len(set(password)) < 5:
        return True
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


def refuse_unfit(*, signs: bool = False) -> None:
    """Raise ImproperlyConfigured, with the reasons, if this process must not serve; `signs` if it seals the ledger."""
    if weak := strong_settings():
        reasons = " ".join(f"{error.id}: {error.msg} {error.hint}" for error in weak)
        raise ImproperlyConfigured(f"The desk does not start. {reasons}")
    triggers.require()
    if not settings.EMBEDDED and connection.vendor == "postgresql":
        rights.require()
        _require_settings_of_role()
    if signs:
        signing_key()


def _require_settings_of_role() -> None:
    """Raise ImproperlyConfigured where neither connection nor role carries what every session of the desk needs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('idle_in_transaction_session_timeout'), current_setting('jit')")
        idle, jit = cursor.fetchone()
    if idle == "0" or jit == "on":
        raise ImproperlyConfigured(
            "The desk does not start. Behind a pooler the role of DATABASE_URL must have "
            "idle_in_transaction_session_timeout = '5min' and jit = off. Run deploy/roles.sql again."
        )
