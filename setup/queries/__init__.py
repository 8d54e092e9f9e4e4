"""What the desk lacks, and what somebody holds who leaves."""

from setup.queries.holdings import Holding, holdings
from setup.queries.merging import ContactMerging, CustomerMerging, contact_merging, customer_merging
from setup.queries.procedure import coverage, first_levels
from setup.queries.standing import standing

__all__ = [
    "ContactMerging",
    "CustomerMerging",
    "Holding",
    "contact_merging",
    "coverage",
    "customer_merging",
    "first_levels",
    "holdings",
    "standing",
]
