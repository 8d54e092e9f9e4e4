"""How many small changes of what must be right the tests notice: `make mutants`.

    python .ci/mutants.py [--sample 75] [--seed 1] [--only access]

There are over ten thousand changes, and each takes seconds. Of each group as many are drawn as the sample says (0 is
all), the same ones for the same seed, and each score stands with the margin in which that of all changes lies. Those
that no test noticed are named; `mutmut show NAME` tells what was changed.

mutmut changes what functions do once all is imported, not what a class declares: of the state machine these are its
guards. Its table of sources, targets and roles is compared with the procedure's in `tests/incidents`.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

GROUPS = ("state machine", "access", "sla", "ledger")
RESULT = re.compile(r"^ {4}(\S+): (.+)$", re.MULTILINE)
RUN, RESULTS = ["mutmut", "run"], ["mutmut", "results", "--all", "true"]
NOT_RUN, UNNOTICED = "not checked", ("survived", "no tests")
# For 95 in 100 samples the score of all changes is within the margin.
DEVIATIONS = 1.96


@dataclass
class Score:
    """What became of the changes of one group that were tried."""

    tried: int
    missed: list[str]

    def __str__(self) -> str:
        """The score with its margin (Wilson's), which few changes make wide."""
        share, square = 1 - len(self.missed) / self.tried, DEVIATIONS**2
        middle = share + square / (2 * self.tried)
        margin = DEVIATIONS * sqrt(share * (1 - share) / self.tried + square / (4 * self.tried**2))
        least, most = ((middle + sign * margin) / (1 + square / self.tried) for sign in (-1, 1))
        return (
            f"{self.tried - len(self.missed)} of {self.tried} noticed, {share:.0%} ({least:.0%} to {most:.0%} of all)"
        )


def group_of(name: str) -> str:
    """The group of a change: room.module.x_function__mutmut_7, or xǁClassǁmethod__mutmut_7."""
    room, *modules = name.rpartition(".x")[0].split(".")
    if "access" in modules:
        return "access"
    return "state machine" if room == "incidents" else room


def drawn(names: Iterable[str], size: int, seed: int) -> list[str]:
    """Of each group `size` names, or all of them."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        groups[group_of(name)].append(name)
    draw = random.Random(seed)
    return [name for some in groups.values() for name in draw.sample(some, min(size or len(some), len(some)))]


def scores(outcomes: dict[str, str]) -> dict[str, Score]:
    """The score of each group of which something was tried."""
    found = {group: Score(0, []) for group in GROUPS}
    for name, outcome in outcomes.items():
        score = found[group_of(name)]
        score.tried += 1
        score.missed += [name] if outcome in UNNOTICED else []
    return {group: score for group, score in found.items() if score.tried}


def results() -> dict[str, str]:
    """Every change that there is, with what became of it."""
    run = subprocess.run(RESULTS, check=True, capture_output=True, text=True)
    return dict(RESULT.findall(run.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=75)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=GROUPS)
    wanted = parser.parse_args()
    # It has no command that only makes the changes and looks which test runs what: this one then finds none to try.
    made = subprocess.run([*RUN, "none"], check=False, capture_output=True, text=True)
    if not (names := results()):
        sys.exit(made.stdout + made.stderr)
    chosen = drawn((name for name in names if wanted.only in (None, group_of(name))), wanted.sample, wanted.seed)
    subprocess.run([*RUN, *chosen], check=True)
    tried = {name: result for name, result in results().items() if name in set(chosen) and result != NOT_RUN}
    for group, score in scores(tried).items():
        print(f"{group}: {score}")
        print(*(f"    {name}" for name in sorted(score.missed)), sep="\n")


if __name__ == "__main__":
    main()
