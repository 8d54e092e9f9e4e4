"""The records that messages are about, as far as their reader may see them at this moment."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.actors import Actor
from incidents.access import declarations
from incidents.models import Declaration


def records_of(actor: Actor, streams: Iterable[str]) -> dict[str, Declaration]:
    """By their streams, with number, subject and level; one statement by their keys, none where there are none."""
    parts = [stream.partition(":") for stream in streams]
    keys = {key for kind, _colon, key in parts if kind == Declaration.stream_kind and key.isdecimal()}
    found = declarations(actor).filter(pk__in=keys).only("number", "subject", "restricted", "priority") if keys else []
    return {row.stream: row for row in found}
