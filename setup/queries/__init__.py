"""What the desk lacks, and what somebody holds who leaves."""

from setup.queries.holdings import Holding, holdings
from setup.queries.merging import ContactMerging, contact_merging
from setup.queries.procedure import coverage, first_levels
from setup.queries.standing import standing

__all__ = [
    "ContactMerging",
    "Holding",
    "contact_merging",
    "coverage",
    "first_levels",
    "holdings",
    "standing",
]
