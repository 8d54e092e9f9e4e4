"""What a move of the state machine is: a django-fsm transition that names its clause, its actors and its guards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from django.utils.functional import Promise
from django_fsm import transition

from incidents.models.fields import DeclarationFields
from ledger.exceptions import Reason

Basis = Literal["text", "reading", "added"]


@dataclass(frozen=True)
class Guard:
    """A condition of a move that can be judged before anything is typed, with the sentence shown while it fails."""

    sentence: str | Promise
    clause: str
    test: Callable[[DeclarationFields], bool] = field(compare=False)
    basis: Basis = "text"

    def __call__(self, declaration: DeclarationFields) -> bool:
        return self.test(declaration)

    @property
    def reason(self) -> Reason:
        return Reason(self.sentence, self.clause)


@dataclass(frozen=True)
class By:
    """Who may make a move: anyone who stands to the declaration in one of these capacities.

    The library hands a permission its user; here that is how the actor stands (`incidents.access.capacities`), which is
    found once for all moves of a declaration.
    """

    capacities: frozenset[str]

    def __call__(self, declaration: DeclarationFields, standing: Iterable[str]) -> bool:
        return not self.capacities.isdisjoint(standing)


@dataclass(frozen=True)
class Move:
    """One verb of the procedure: its number in the state table, clause, sources, target, actors and guards."""

    verb: str
    number: str
    clause: str
    label: str | Promise
    sources: frozenset[str]
    target: str | None
    by: frozenset[str]
    guards: tuple[Guard, ...]
    basis: Basis
    rare: bool

    def obstacles(self, declaration: DeclarationFields) -> list[Reason]:
        """Why this move is not possible now, one reason a failing guard; the state is not among them."""
        return [guard.reason for guard in self.guards if not guard(declaration)]


class Moves:
    """A part of the machine; a move changes only the row that it is called on."""

    # Of `ledger.models.Versioned`; most moves do no more.
    set: Callable[..., None]


def move(
    number: str,
    *,
    clause: str,
    label: str | Promise,
    source: Iterable[str] | str,
    by: Iterable[str],
    target: Any = None,
    guards: Iterable[Guard] = (),
    basis: Basis = "text",
    rare: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a method of the declaration as a move; a move without target leaves the state as it is."""
    sources = [source] if isinstance(source, str) else sorted(source)
    guards = tuple(guards)

    def declare(method: Callable[..., Any]) -> Callable[..., Any]:
        described = Move(
            verb=method.__name__,
            number=number,
            clause=clause,
            label=label,
            sources=frozenset(sources),
            target=target if target is None or isinstance(target, str) else None,
            by=frozenset(by),
            guards=guards,
            basis=basis,
            rare=rare,
        )
        return transition(
            field="state",
            source=sources,
            target=target,
            conditions=cast("list[Callable[[Any], bool]]", list(guards)),
            permission=cast("Callable[[Any, Any], bool]", By(described.by)),
            custom={"move": described},
        )(method)

    return declare
