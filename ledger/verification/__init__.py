"""Proof that nothing was altered: the chains in themselves, the rows against their chains, and what rows say of
themselves. All of it set by set: some statements for `SET` records, whatever the number of their entries."""

from ledger.verification.chains import verify
from ledger.verification.everything import own_faults, record_models, whole
from ledger.verification.faults import UNREADABLE, Fault
from ledger.verification.replays import Replay, replayed
from ledger.verification.rows import compare, compare_all
from ledger.verification.strays import strays

__all__ = [
    "UNREADABLE",
    "Fault",
    "Replay",
    "compare",
    "compare_all",
    "own_faults",
    "record_models",
    "replayed",
    "strays",
    "verify",
    "whole",
]
