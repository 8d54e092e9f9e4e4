"""What one actor sees, for tables that ask very often."""

from __future__ import annotations

from accounts.acting import Actor
from incidents.access import declarations


class Sight:
    """What one actor sees, read once: nothing changes while the table is tried."""

    def __init__(self, actor: Actor) -> None:
        self._keys = set(declarations(actor).values_list("pk", flat=True))

    def filter(self, *, pk: int) -> Sight:
        self._asked = pk
        return self

    def exists(self) -> bool:
        return self._asked in self._keys
