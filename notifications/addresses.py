"""Which addresses the desk may call; pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
HTTPS = 443
# Ways to write an IPv4 address in IPv6, and ranges kept for protocols and examples that ipaddress calls global.
NEVER: tuple[Network, ...] = tuple(
    map(
        ip_network,
        "64:ff9b::/32 100::/64 2001::/23 2002::/16 3fff::/20 5f00::/16 fec0::/10 "
        "192.0.0.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.175.48.0/24".split(),
    )
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


class Forbidden(Exception):
    """The address may not be called; the text says why, for the log and the administrator."""


@dataclass(frozen=True)
class Target:
    """A checked https address, taken apart."""

    host: str
    port: int
    path: str


def target_of(url: str, ports: Sequence[int] = (HTTPS,)) -> Target:
    """The parts of an https address with a listed port and neither user nor fragment; raises `Forbidden`."""
    if not url.isascii() or re.search(r"[\s\\\x00-\x1f\x7f]", url):
        raise Forbidden("not a plain ASCII address")
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError as error:
        raise Forbidden("not an address") from error
    if parts.scheme != "https":
        raise Forbidden("only https is called")
    if parts.username is not None or parts.password is not None or parts.fragment or "@" in parts.netloc:
        raise Forbidden("user names and fragments have no place in it")
    if port not in ports:
        raise Forbidden(f"port {port} is not listed")
    host = _host(parts.hostname or "")
    return Target(host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _host(name: str) -> str:
    """A domain name, or an IP address in its one usual form: no decimal, octal or hexadecimal ones."""
    if ":" in name:
        return _usual_address(name)
    labels = name.rstrip(".").split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Forbidden("not a host name")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        return _usual_address(name)
    return ".".join(labels)


def _usual_address(name: str) -> str:
    try:
        return str(ip_address(name)) if "%" not in name else _refuse("an address of one interface only")
    except ValueError as error:
        raise Forbidden("an unusual way to write an address") from error


def _refuse(why: str) -> str:
    raise Forbidden(why)


def check_address(address: str, allowed: Sequence[Network] = ()) -> None:
    """Raise `Forbidden` unless this resolved address is a public one, or lies in an explicitly allowed network."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        if not _in(str(found.ipv4_mapped), allowed):
            raise Forbidden("a mapped address")
        return
    if _in(str(found), allowed):
        return
    if not found.is_global or found.is_multicast or found.is_reserved or _in(str(found), NEVER):
        raise Forbidden("not a public address")


def _in(address: str, networks: Sequence[Network]) -> bool:
    found = ip_address(address)
    return any(found in network for network in networks if network.version == found.version)
