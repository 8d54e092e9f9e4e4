"""`manage.py replay_clocks`: prove that every clock is what its events tell, or put it right."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from escalation.actions import repair_clock
from escalation.queries import owners_of
from incidents.models import Declaration
from sla.models import Clock
from sla.replays import Replayed, replayed_clocks

PROGRESS_EVERY = 5000


class Command(BaseCommand):
    help = "Replays the events of every clock and names each that differs; --repair rewrites it, with a ledger entry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="rewrite what differs from the events")

    def handle(self, *args: Any, repair: bool = False, **options: Any) -> None:
        total, left = Clock.objects.count(), 0
        for position, replayed in enumerate(replayed_clocks(), start=1):
            if not replayed.is_right:
                left += not self._deal_with(replayed, repair=repair)
            if position % PROGRESS_EVERY == 0 or position == total:
                self.stderr.write(f"{position:,} of {total:,} clocks replayed", ending="\r")
        self.stderr.write("")
        if left:
            raise CommandError(f"{left} clocks are not what their events tell." + ("" if repair else " Use --repair."))
        self.stdout.write(f"All {total:,} clocks are what their events tell.")

    def _deal_with(self, replayed: Replayed, *, repair: bool) -> bool:
        """Name it, and put it right if that was asked for; whether it is right now."""
        clock = replayed.clock
        owner = owners_of([clock]).get(clock.pk)
        number = Declaration.objects.values_list("number", flat=True).get(pk=owner) if owner else "nobody"
        self.stdout.write(f"{clock.kind} clock {clock.pk} of {number}: {replayed.fault}".rstrip(": "))
        for name, (stored, replayed_value) in replayed.differences.items():
            self.stdout.write(f"    {name}: {_shown(stored)} should be {_shown(replayed_value)}")
        if not repair or replayed.fault or owner is None:
            return False
        repair_clock(clock.pk, owner)
        self.stdout.write("    repaired")
        return True


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
