"""How often one person may ask, counted once for all processes."""

from __future__ import annotations

import json
from hashlib import sha256
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

import structlog
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from base.text import fold

log = structlog.get_logger(__name__)


class SharedRate(UserRateThrottle):
    """So many requests a person, by the rate of the `scope` in the settings.

    Counted in the cache that all processes share. While that is away nobody is refused: what is limited here is a
    nuisance, and the desk goes on without Redis.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return bool(super().allow_request(request, view))
        except RedisError as error:
            log.warning("rate_not_counted", scope=self.scope, reason=type(error).__name__)
            return True


class AddressRate(SharedRate):
    """So many requests from one address, whoever sits there: for pages that open without signing in.

    An IPv6 address counts with all others of its /64, which are one connection's to choose from.
    """

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": _connection(self.get_ident(request))})


def _connection(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    return str(found.ipv4_mapped or ip_network((found.packed, 64), strict=False).network_address)


class NamedRate(SharedRate):
    """So many requests about one thing, wherever they come from; of its name the cache keeps a digest."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._digest = sha256(fold(name).encode()).hexdigest()

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": self._digest})


class JsonSerializer:
    """What Redis keeps for the cache: JSON, never a pickle, which whoever writes there could make run."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
