"""What holds for every request, whichever page answers it."""

from __future__ import annotations

import ipaddress
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

LIMITS = "limits"
NOTE_EVERY = 300
# What pages send by themselves (static/js/live.js, refresh.js), with nobody at the keyboard.
UNATTENDED = "Live"
QUIET = (200, 204)

logger = structlog.get_logger("desk.request")


class TrustedProxies:
    """Believes forwarding headers of the peers in `settings.TRUSTED_PROXIES` (networks) and of nobody else.

    Afterwards REMOTE_ADDR is the client's own address: the last one of X-Forwarded-For that is no trusted proxy.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.networks = [ipaddress.ip_network(network) for network in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if self._trusts(request.META.get("REMOTE_ADDR", "")):
            hops = [hop.strip() for hop in forwarded.split(",") if _is_address(hop.strip())]
            foreign = [hop for hop in hops if not self._trusts(hop)]
            if foreign or hops:
                request.META["REMOTE_ADDR"] = foreign[-1] if foreign else hops[0]
        else:
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.get_response(request)

    def _trusts(self, address: str) -> bool:
        return _is_address(address) and any(ipaddress.ip_address(address) in network for network in self.networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_unattended(request: HttpRequest) -> bool:
    """Whether an open page asks by itself, as it says."""
    return UNATTENDED in request.headers


class RequestLog:
    """One line a request: route, status, time, account. No path, query or body, which may hold secrets."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=uuid.uuid4().hex)
        started = time.perf_counter()
        response = self.get_response(request)
        # Only where a page has asked who it is: the log must not cost a query.
        user = getattr(request, "_cached_user", None)
        # Hundreds of open pages ask all day; of these only an answer out of the ordinary is worth a line.
        quiet = is_unattended(request) and response.status_code in QUIET
        note = logger.debug if quiet else logger.info
        note(
            "request",
            method=request.method,
            route=request.resolver_match.route if request.resolver_match else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - started) * 1000),
            user=user.pk if user is not None else None,
            client=request.META.get("REMOTE_ADDR"),
        )
        return response


class NoStore:
    """No page stays behind in a cache, and no page gets a device of the visitor's.

    Static files keep their own headers.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store, private"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


class KeepSignIn:
    """What a page asks by itself takes no cookie of a session away: late, it would be that of a new sign-in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_unattended(request):
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response


class SessionLimits:
    """Ends a sign-in that was idle for `SESSION_IDLE_AGE`, or is older than `SESSION_COOKIE_AGE` seconds.

    Both go by the machine's clock, as the expiry of Django's sessions does. The last request is noted once in
    a few minutes only, so that reading does not write. What a page asks by itself is answered within these limits as
    everything is, but counts for nothing: it neither keeps a sign-in alive nor ends it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            at = int(time.time())
            since, seen = request.session.get(LIMITS, (0, 0))
            is_over = at - since > settings.SESSION_COOKIE_AGE or at - seen > settings.SESSION_IDLE_AGE.total_seconds()
            if is_over and is_unattended(request):
                request.user = AnonymousUser()
            elif is_over:
                logout(request)
            elif at - seen > NOTE_EVERY and not is_unattended(request):
                request.session[LIMITS] = (since, at)
        return self.get_response(request)


def begin_limits(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """Note the moment of signing in (Django's signal, the one place that all ways in pass)."""
    at = int(time.time())
    request.session[LIMITS] = (at, at)
