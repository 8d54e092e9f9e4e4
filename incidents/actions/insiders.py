"""Internal users' own requests, which the procedure does not take (R-2-1, A-21)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.queries import staff_reached_by
from ledger.exceptions import Sentence


def own_request(customer: Customer | None, *means: str) -> Sentence | None:
    """The hint for a caller who is one of our own staff, told by number or mail, where no customer is affected."""
    insider = None if customer else staff_reached_by(*means)
    if insider is None:
        return None
    return _(
        "This is how %(name)s of our own staff is reached. Internal requests are not taken here: choose the customer "
        "that is affected, or refer the caller to internal support."
    ) % {"name": insider.name}
