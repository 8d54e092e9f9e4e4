"""What a desk still lacks, and what follows from each: pure functions of one look at it (`setup.standing`)."""

from setup.checks.cards import Card, cards
from setup.checks.findings import Finding

__all__ = ["Card", "Finding", "cards"]
