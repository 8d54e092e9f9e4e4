"""A desk of any size, consistent as if it had been worked: a small firm played by the actions, then copied by SQL.

`begin` plays in the scratch database that is open, `copy` makes the copies there. Most records are closed and filed;
how many are open is the same at every size, since people work only so much at once. `verify_ledger` and
`replay_clocks` find nothing in it.
"""

from benchmarks.seeding.copies import WHOLE, add, begin, copy, settle
from benchmarks.seeding.plays import NOW, PARTIES, play

__all__ = ["NOW", "PARTIES", "WHOLE", "add", "begin", "copy", "play", "settle"]
