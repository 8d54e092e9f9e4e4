"""One hash for many lines, such that a single line can be proved without the others (as RFC 6962 builds it).

A record that leaves the house can carry its own head and some twenty hashes, and tells nothing of other records.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def merkle_root(lines: Sequence[bytes]) -> str:
    """The root over the lines in their order, as 64 hexadecimal digits."""
    level = [sha256(b"\0" + line).digest() for line in lines] or [EMPTY]
    while len(level) > 1:
        pairs = [sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        # An odd one out goes up as it is; doubling it would give two lists the same root.
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()
