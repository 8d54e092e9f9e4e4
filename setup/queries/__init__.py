"""What the desk lacks, and what somebody holds who leaves."""

from setup.queries.holdings import Holding, holdings
from setup.queries.standing import standing

__all__ = ["Holding", "holdings", "standing"]
