"""How likely it is that a case misses its time, told from how earlier cases of its kind went: counts, no model.

Time is the share of the allowed time that is used up, in whole percent, so that cases with four hours and with a month,
with pauses and without, in working and in natural time can be compared. The chance after `percent` is that of a case
which is still unsolved then: S(100) / S(percent) of the survival curve after Kaplan and Meier, in which a case that was
last seen unsolved counts for as long as it was seen. A narrow kind with few cases leans on the wider one above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Literal, TypeAlias

WHOLE = 100
NONE_YET = (0,) * WHOLE

Outcome: TypeAlias = Literal["solved", "missed", "lost"]


@dataclass(frozen=True)
class Observation:
    """A case as it was seen: how much of its time was used, whole percent, and what had become of it by then.

    `lost` means last seen unsolved within its time: still open, withdrawn, or no longer an incident.
    """

    percent: int
    outcome: Outcome

    @classmethod
    def seen(cls, used: timedelta, allowed: timedelta, *, solved: bool) -> Observation:
        """Of counted times; the due instant itself is missed (A-03)."""
        if used >= allowed:
            return cls(WHOLE, "missed")
        return cls(max(0, used * WHOLE // allowed), "solved" if solved else "lost")


@dataclass(frozen=True)
class Experience:
    """What is known of one kind of case.

    `solved[p]` were solved, and `lost[p]` were last seen, with p percent of their time used; `missed` used all of it.
    """

    solved: tuple[int, ...] = NONE_YET
    lost: tuple[int, ...] = NONE_YET
    missed: int = 0

    @classmethod
    def of(cls, observations: Iterable[Observation]) -> Experience:
        """Count what was seen."""
        solved, lost, missed = [0] * WHOLE, [0] * WHOLE, 0
        for seen in observations:
            if seen.outcome == "missed":
                missed += 1
            else:
                (solved if seen.outcome == "solved" else lost)[seen.percent] += 1
        return cls(tuple(solved), tuple(lost), missed)

    @property
    def known(self) -> int:
        """Cases whose outcome is known."""
        return self.reached(0)

    def reached(self, percent: int) -> int:
        """Those with a known outcome that had not been solved before so much was used."""
        return sum(self.solved[percent:]) + self.missed

    def at_risk(self, percent: int) -> int:
        """All that were seen unsolved with so much used, also those whose outcome is not known."""
        return self._curve[percent][0]

    def chance(self, percent: int) -> float:
        """Of missing the time for a case that is unsolved after so much of it; 1 where nobody got so far."""
        return self._curve[percent][1]

    @cached_property
    def _curve(self) -> tuple[tuple[int, float], ...]:
        at_risk, chance = self.missed, 1.0
        points = []
        for solved, lost in zip(reversed(self.solved), reversed(self.lost), strict=True):
            at_risk += solved + lost
            if at_risk:
                chance *= 1 - solved / at_risk
            points.append((at_risk, chance))
        return tuple(reversed(points))


@dataclass(frozen=True)
class Caution:
    """When history is enough, and how much a narrow kind leans on the wider one.

    `cases` with a known outcome must be there, and `reached` of them as far as is asked about; `weight` is the number
    of own cases at risk that count as much as all that is known of the wider kind.
    """

    cases: int
    reached: int
    weight: float


@dataclass(frozen=True)
class Outlook:
    """The chance of a miss, and the counts that explain it.

    `kind` is the place in the chain of the narrowest kind with enough cases; of its `known` cases `reached` had used
    so much time unsolved, and `missed` of those missed. `chance` is None, and the counts are those of the widest kind,
    where too little is known.
    """

    chance: float | None
    kind: int
    known: int
    reached: int
    missed: int


def outlook(chain: Sequence[Experience], percent: int, caution: Caution) -> Outlook:
    """What experience says of a case that is unsolved after `percent` (0 to 99) of its time.

    `chain` goes from the narrowest kind to the widest; each narrower one is part of the next.
    """
    speaking = next((at for at, kind in enumerate(chain) if _is_enough(kind, percent, caution)), None)
    chosen = chain[-1 if speaking is None else speaking]
    return Outlook(
        chance=None if speaking is None else _chance(chain, percent, caution),
        kind=len(chain) - 1 if speaking is None else speaking,
        known=chosen.known,
        reached=chosen.reached(percent),
        missed=chosen.missed,
    )


def likely_from(chain: Sequence[Experience], chance: float, caution: Caution) -> int | None:
    """The percent of the time from which on a miss is at least as likely as `chance`; None if never, or not known."""
    found = None
    for percent in reversed(range(WHOLE)):
        if not _is_enough(chain[-1], percent, caution):
            continue
        if _chance(chain, percent, caution) < chance:
            break
        found = percent
    return found


def _is_enough(kind: Experience, percent: int, caution: Caution) -> bool:
    return kind.known >= caution.cases and kind.reached(percent) >= caution.reached


def _chance(chain: Sequence[Experience], percent: int, caution: Caution) -> float:
    """From the widest kind down, each the mean of its own chance and the wider one's, by cases at risk."""
    *narrower, widest = chain
    chance = widest.chance(percent)
    for kind in reversed(narrower):
        own = kind.at_risk(percent)
        chance = (own * kind.chance(percent) + caution.weight * chance) / (own + caution.weight)
    return chance
