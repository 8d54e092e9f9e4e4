"""`manage.py backtest_trend`: how good the trend would have been in months that it had not seen."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.actors import local_day
from base.clock import now
from escalation.queries import held_out_months
from procedure.queries import in_force, rules
from sla.backtest import Alarms, Trial, brier, calibration, plain_alarms, plain_brier, trend_alarms


class Command(BaseCommand):
    help = "Learns from earlier months, forecasts the later ones, and compares with what happened and with 75 %."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--months", type=int, default=6, help="full months to hold out (%(default)s)")

    def handle(self, *args: Any, months: int = 6, **options: Any) -> None:
        book = rules(in_force(local_day(now())).pk)
        trials: list[Trial] = []
        known = 0
        for position, month in enumerate(held_out_months(book, months, now()), start=1):
            self.stderr.write(f"{position} of {months} months: {month.month:%Y-%m}, {len(month.trials)} cases")
            trials += month.trials
            known = max(known, month.known)
        if any(trial.chances for trial in trials):
            self._compare(trials)
            return
        least = book.parameter("trend_minimum_history")["cases"]
        self.stdout.write(
            f"Too little history: at most {known} cases with a known outcome before a held-out month, {least} of one "
            "level are needed. The trend is silent."
        )

    def _compare(self, trials: list[Trial]) -> None:
        self.stdout.write(f"{len(trials)} cases, {sum(trial.missed for trial in trials)} of them missed their time")
        self.stdout.write(f"{'':12}{'warned':>8}{'precision':>11}{'recall':>8}{'Brier':>8}")
        self._line("trend", trend_alarms(trials), brier(trials))
        self._line("75 % rule", plain_alarms(trials), plain_brier(trials))
        self.stdout.write("calibration  forecast  happened  forecasts")
        for group in calibration(trials):
            span = f"{group.low:.0%}–{group.high:.0%}"
            self.stdout.write(f"{span:12}{group.forecast:>9.0%}{group.happened:>10.0%}{group.count:>11}")

    def _line(self, name: str, alarms: Alarms, error: float | None) -> None:
        warned = alarms.right + alarms.false
        figures = f"{_percent(alarms.precision):>11}{_percent(alarms.recall):>8}"
        self.stdout.write(f"{name:12}{warned:>8}{figures}{'–' if error is None else f'{error:.3f}':>8}")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
