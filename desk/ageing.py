"""How long a service request has been open: it has no time of its own, so its age is shown (R-5.4.2-5, A-18)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from base import wording
from incidents.models import Declaration, State
from sla.queries import TimeLeft, TimeState

OPEN_REQUESTS = (State.REQUEST_REVIEW, State.REQUEST_IN_PROGRESS)
ENDED = (TimeState.MET, TimeState.LATE)


def age_of(declaration: Declaration, left: TimeLeft | None, at: datetime) -> str:
    """The age since receipt in words, while the request is open and no clock of it runs; else nothing. No query."""
    if declaration.state not in OPEN_REQUESTS or (left is not None and left.state not in ENDED):
        return ""
    return _("Open for %(span)s") % {"span": wording.duration(at - declaration.received_at)}
