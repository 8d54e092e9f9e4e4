"""Which addresses may be called: public ones, in their usual form, and nothing else."""

from __future__ import annotations

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as patient
from hypothesis import strategies as st

from notifications.addresses import Forbidden, check_address, target_of

# A busy machine is no fault of the code.
UNHURRIED = patient(deadline=None, suppress_health_check=[HealthCheck.too_slow])
INSIDE = ["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]
INSIDE += ["0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "198.18.0.0/15", "192.0.2.0/24", "192.88.99.0/24", "192.0.0.0/24"]
INSIDE_6 = ["::1/128", "::/128", "fe80::/10", "fc00::/7", "ff00::/8", "fec0::/10", "2001:db8::/32", "64:ff9b::/96"]
INSIDE_6 += ["2002::/16", "2001::/23", "::ffff:0:0/96", "100::/64", "3fff::/20", "5f00::/16"]


@st.composite
def inside(draw: st.DrawFn) -> IPv4Address:
    return draw(st.ip_addresses(v=4, network=draw(st.sampled_from(INSIDE))))


@st.composite
def inside_6(draw: st.DrawFn) -> IPv6Address:
    return draw(st.ip_addresses(v=6, network=draw(st.sampled_from(INSIDE_6))))


def refused(url: str) -> bool:
    """Whether the address is refused as it is written, or by any of the addresses that it leads to."""
    try:
        target = target_of(url)
        found = {entry[4][0] for entry in socket.getaddrinfo(target.host, 443, flags=socket.AI_NUMERICHOST)}
        for address in found:
            check_address(str(address))
    except Forbidden:
        return True
    return False


def forms(address: IPv4Address) -> list[str]:
    """Ways in which resolvers read the same address."""
    number, parts = int(address), [int(part) for part in str(address).split(".")]
    return [
        str(address),
        f"{number}",
        f"0x{number:x}",
        f"0{number:o}",
        ".".join(f"0x{part:x}" for part in parts),
        ".".join(f"0{part:o}" for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        f"{parts[0]}.{parts[1]}.{number & 0xFFFF}",
        f"{address}.",
        f"[::ffff:{address}]",
        f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::]",
    ]


@UNHURRIED
@given(inside())
def test_an_inner_address_is_refused_however_it_is_written(address: IPv4Address) -> None:
    assert [form for form in forms(address) if not refused(f"https://{form}/hook")] == []


@UNHURRIED
@given(inside_6())
def test_an_inner_address_of_ipv6_is_refused(address: IPv6Address) -> None:
    assert refused(f"https://[{address}]/hook")
    assert refused(f"https://[{address.exploded}]/hook")


@UNHURRIED
@given(st.ip_addresses(v=4))
def test_only_public_addresses_pass(address: IPv4Address) -> None:
    passes = not refused(f"https://{address}/")
    assert not (passes and (address.is_private or address.is_multicast or address.is_reserved or address.is_loopback))


@pytest.mark.parametrize("address", ["8.8.8.8", "203.205.254.10", "2606:4700:4700::1111", "240e::1"])
def test_public_addresses_pass(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    assert not refused(f"https://{host}/hook")


@UNHURRIED
@given(st.ip_addresses(v=4, network="10.20.0.0/16"))
def test_an_allowed_network_passes_and_its_neighbour_does_not(address: IPv4Address) -> None:
    allowed = [ipaddress.ip_network("10.20.0.0/16")]
    check_address(str(address), allowed)
    check_address(f"::ffff:{address}", allowed)
    with pytest.raises(Forbidden):
        check_address("10.21.0.1", allowed)


@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example/",
        "ftp://hook.example/",
        "//hook.example/",
        "hook.example",
        "https://",
        "https:///path",
        "https://user@hook.example/",
        "https://user:word@hook.example/",
        "https://hook.example@10.0.0.1/",
        "https://hook.example:22/",
        "https://hook.example:99999/",
        "https://hook.example/#part",
        "https://hook.example/ path",
        "https://hook.example\\@10.0.0.1/",
        "https://hook.example/\r\nHost: x",
        "https://hoök.example/",
        "https://[fe80::1%eth0]/",
        "https://-hook.example/",
        "https://a..example/",
        "https://hook.example:443:443/",
        "https://[::1/",
    ],
)
def test_a_crooked_address_is_refused(url: str) -> None:
    with pytest.raises(Forbidden):
        target_of(url)


def test_a_good_address_is_taken_apart() -> None:
    target = target_of("https://Hook.Example.:8443/a/b?c=d", ports=(443, 8443))
    assert (target.host, target.port, target.path) == ("hook.example", 8443, "/a/b?c=d")


@UNHURRIED
@given(st.text(max_size=60))
def test_no_text_breaks_the_check(text: str) -> None:
    for url in (text, f"https://{text}", f"https://hook.example/{text}"):
        try:
            target = target_of(url)
        except Forbidden:
            continue
        assert target.path.startswith("/")
        assert not set(target.path + target.host) & set(" \r\n\t\\")
