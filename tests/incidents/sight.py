"""What one actor sees, for tables that ask very often."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from accounts.actors import Actor
from incidents.access import declarations
from incidents.models import Declaration


class Sight:
    """What one actor sees, read once: nothing changes while the table is tried."""

    def __init__(self, actor: Actor) -> None:
        self._keys = set(declarations(actor).values_list("pk", flat=True))

    def filter(self, *, pk: int) -> Sight:
        self._asked = pk
        return self

    def exists(self) -> bool:
        return self._asked in self._keys

    def among(self, records: Iterable[Declaration]) -> Callable[[object, str], Declaration]:
        """A function of actor and number, as pages and programs fetch a record: `DoesNotExist` for an unseen one."""
        seen = {each.number: each for each in records if each.pk in self._keys}

        def fetch(_actor: object, number: str) -> Declaration:
            if number not in seen:
                raise Declaration.DoesNotExist
            return seen[number]

        return fetch
