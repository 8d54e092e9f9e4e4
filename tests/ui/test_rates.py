"""Requests are counted once for all processes."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import TimeoutError as RedisTimeout

from ui.rates import AddressRate, JsonSerializer, SharedRate


class Rate(SharedRate):
    scope = "tried"
    rate = "2/min"


class Address(AddressRate):
    scope = "tried"
    rate = "2/min"


@pytest.fixture
def request_():
    return SimpleNamespace(user=SimpleNamespace(is_authenticated=True, pk=7), META={})


def test_nobody_is_refused_while_the_cache_is_away(request_, monkeypatch):
    def hang(*_: object) -> None:
        raise RedisTimeout

    monkeypatch.setattr(Rate, "cache", SimpleNamespace(get=hang, set=hang))
    assert [Rate().allow_request(request_, None) for _ in range(5)] == [True] * 5


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("", "unix:", False),
    ],
)
def test_who_chooses_from_a_whole_network_counts_as_one_address(one, other, is_same):
    keys = {
        Address().get_cache_key(SimpleNamespace(META={"REMOTE_ADDR": each}, headers={}), None) for each in (one, other)
    }
    assert (len(keys) == 1) is is_same


def test_what_is_kept_is_json_and_never_runs():
    serializer = JsonSerializer()
    assert serializer.loads(serializer.dumps([1.5, 2.5])) == [1.5, 2.5]
    with pytest.raises(ValueError, match="utf-8"):
        serializer.loads(b"\x80\x04\x95.")


@pytest.mark.services
@pytest.mark.skipif("BROKER_URL" not in os.environ, reason="needs the servers of make test-services")
def test_two_processes_count_together(request_, monkeypatch):
    """Each of them has a connection and a cache object of its own, as two workers have."""
    options = {"serializer": "ui.rates.JsonSerializer", "socket_timeout": 1}

    def process() -> bool:
        cache = RedisCache(os.environ["BROKER_URL"], {"KEY_PREFIX": "tried", "OPTIONS": options})
        monkeypatch.setattr(Rate, "cache", cache)
        return bool(Rate().allow_request(request_, None))

    assert [process() for _ in range(4)] == [True, True, False, False]
