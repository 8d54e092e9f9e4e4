"""How good a forecast would have been: against what happened, and beside the plain rule of a fixed share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PLAIN_RULE = 75
CHECKPOINTS = (25, 50, 75, 90)
BINS = 5


@dataclass(frozen=True)
class Trial:
    """A case that the forecast had not seen: what it said, and what became of it.

    `percent` of its time was used when it was solved, 100 if it missed. A warning would have gone out from
    `likely_from` on. `chances` holds what was forecast at each checkpoint that the case reached unsolved.
    """

    percent: int
    missed: bool
    likely_from: int | None
    chances: tuple[tuple[int, float], ...]

    def was_warned(self, rule: int | None) -> bool:
        """Whether a warning from `rule` percent on would have come before the end."""
        return rule is not None and rule < 100 and (self.missed or self.percent >= rule)


@dataclass(frozen=True)
class Alarms:
    """Warnings against misses."""

    right: int
    false: int
    unwarned: int

    @classmethod
    def of(cls, outcomes: Iterable[tuple[bool, bool]]) -> Alarms:
        """From pairs (warned, missed)."""
        pairs = list(outcomes)
        return cls(
            sum(warned and missed for warned, missed in pairs),
            sum(warned and not missed for warned, missed in pairs),
            sum(missed and not warned for warned, missed in pairs),
        )

    @property
    def precision(self) -> float | None:
        """Of the warnings, how many were followed by a miss."""
        return _share(self.right, self.right + self.false)

    @property
    def recall(self) -> float | None:
        """Of the misses, how many had been warned of."""
        return _share(self.right, self.right + self.unwarned)


@dataclass(frozen=True)
class Bin:
    """Forecasts of about the same chance: their mean, and how many came true."""

    low: float
    high: float
    count: int
    forecast: float
    happened: float


def trend_alarms(trials: Sequence[Trial]) -> Alarms:
    """The trend's warnings; one that comes when the time is over is none."""
    return Alarms.of((trial.was_warned(trial.likely_from), trial.missed) for trial in trials)


def plain_alarms(trials: Sequence[Trial]) -> Alarms:
    """A warning for every case that uses 75 % of its time."""
    return Alarms.of((trial.was_warned(PLAIN_RULE), trial.missed) for trial in trials)


def brier(trials: Sequence[Trial]) -> float | None:
    """The mean squared error of the chances; 0 is perfect, 0.25 is a coin."""
    return _mean([(chance - trial.missed) ** 2 for trial in trials for _percent, chance in trial.chances])


def plain_brier(trials: Sequence[Trial]) -> float | None:
    """The same for the plain rule read as a forecast: certain from 75 % on, impossible before."""
    forecasts = [(percent >= PLAIN_RULE, trial.missed) for trial in trials for percent, _chance in trial.chances]
    return _mean([float(warned != missed) for warned, missed in forecasts])


def calibration(trials: Sequence[Trial]) -> list[Bin]:
    """Forecast against what happened, by fifths of the chance; empty fifths are left out."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for trial in trials:
        for _percent, chance in trial.chances:
            bins[min(BINS - 1, int(chance * BINS))].append((chance, trial.missed))
    return [_bin(place, pairs) for place, pairs in enumerate(bins) if pairs]


def _bin(place: int, pairs: Sequence[tuple[float, bool]]) -> Bin:
    count = len(pairs)
    forecast, happened = sum(chance for chance, _ in pairs) / count, sum(missed for _, missed in pairs) / count
    return Bin(place / BINS, (place + 1) / BINS, count, forecast, happened)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
