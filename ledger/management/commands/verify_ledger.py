"""`manage.py verify_ledger`: prove that nothing was altered, or name the first thing that was."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from base.clock import now
from ledger import copies, keys, seals, verification
from ledger.copies import SignedLine
from ledger.models import Checkpoint, Entry
from ledger.moment import one_moment
from ledger.queries import last_checkpoint
from ledger.seals import ALLOWED, Trust
from ledger.verification import Fault

PROGRESS_EVERY = 50_000
MINUTE = timedelta(minutes=1)


class Command(BaseCommand):
    help = "Verifies every chain, every record against its chain, every frozen form, and every checkpoint."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stream", action="append", help="verify the entries of this chain only; may be repeated")
        parser.add_argument(
            "--public-key",
            type=Path,
            action="append",
            default=[],
            help="file with public keys of checkpoints that you had from elsewhere, one a line; without it the first "
            "key in the database is believed",
        )
        parser.add_argument(
            "--copy", type=Path, help="copy of the checkpoints outside the database; default CHECKPOINT_COPY"
        )
        parser.add_argument(
            "--unsealed-minutes",
            type=int,
            default=ALLOWED // MINUTE,
            help="how old an entry may be before a checkpoint must cover it (%(default)s)",
        )

    def handle(self, *args: Any, stream: list[str] | None = None, **options: Any) -> None:
        self.found: Counter[bool] = Counter()
        self.shown = 0
        self.declared: list[str] = []
        trust = Trust(named=_named(options["public_key"]))
        # Read before the database, which then knows at least as much.
        copied = self._copied(options["copy"])
        with one_moment():
            self._verify_chains(stream)
            if stream is None:
                self._report(verification.own_faults())
                self._verify_checkpoints(trust, copied, timedelta(minutes=options["unsealed_minutes"]))
        if self.found:
            raise CommandError(_verdict(self.found))
        self.stdout.write("Everything fits, but know what was declared." if self.declared else "Everything fits.")

    def _verify_chains(self, streams: list[str] | None) -> None:
        entries = Entry.objects.all() if streams is None else Entry.objects.filter(stream__in=streams)
        self.stdout.write(f"Entries: {entries.count()}")
        for model in verification.record_models() if streams is None else ():
            self.stdout.write(f"{model._meta.label}: {model._base_manager.count()}")
        self._report(verification.whole(self._progress) if streams is None else verification.verify(streams))
        self._report(seals.head_faults(streams))

    def _progress(self, entries: int) -> None:
        if entries - self.shown >= PROGRESS_EVERY:
            self.shown = entries
            self.stdout.write(f"  {entries:,}")

    def _verify_checkpoints(self, trust: Trust, copied: list[SignedLine] | None, allowed: timedelta) -> None:
        total = Checkpoint.objects.count()
        self.stdout.write(f"Checkpoints: {total}")
        self._walk(seals.checkpoint_faults(trust), total)
        self._report(seals.unsealed_faults(now(), allowed))
        self._report(seals.backdated_faults())
        if copied is not None:
            self.stdout.write(f"Copy of the checkpoints: {len(copied)}")
            self._report(seals.copy_faults(copied, trust, now(), allowed))
        self.declared = seals.declared(copied or (), trust)
        for word in self.declared:
            self.stdout.write(word)
        last = last_checkpoint()
        if last:
            self.stdout.write(f"Last checkpoint: {last.number} of {last.at.isoformat()}, root {last.root}")
        if last and not trust.named:
            self.stdout.write("Whose they are only the database tells: give --public-key to be sure.")

    def _copied(self, named: Path | None) -> list[SignedLine] | None:
        source = named or copies.path()
        if not named and not source.exists():
            self.stdout.write(f"No copy of the checkpoints at {source}: an older database put back does not show.")
            return None
        try:
            return list(copies.lines(source))
        except (OSError, ValueError) as error:
            self._report([Fault("copy", None, str(error))])
            return None

    def _walk(self, verdicts: Iterable[Fault | None], total: int) -> None:
        for done, fault in enumerate(verdicts, start=1):
            self._report([fault] if fault else [])
            if done % PROGRESS_EVERY == 0:
                self.stdout.write(f"  {done} of {total}")

    def _report(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.found[fault.is_late] += 1
            self.stderr.write(f"  {fault}")


def _verdict(found: Counter[bool]) -> str:
    """Altered and merely not sealed in time are two things."""
    altered, late = found[False], found[True]
    sentences = [f"{altered} places do not fit: something was altered."] if altered else []
    if late:
        sentences.append(
            f"{late} chains wait too long for their checkpoint: see in the worker's log why nothing is sealed."
        )
    return " ".join(sentences if altered else [*sentences, "Nothing was found altered."])


def _named(files: list[Path]) -> frozenset[str]:
    try:
        return frozenset(key for file in files for key in keys.trusted(file))
    except (OSError, ValueError) as error:
        raise CommandError(str(error)) from error
