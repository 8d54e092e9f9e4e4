"""What customers were told of a new time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from escalation.models import WarningRecipient
from incidents.models import Declaration


def told_times(declarations: Iterable[Declaration]) -> dict[int, datetime]:
    """By the key of the record the new time of solution that a contact was told last; one statement."""
    told = WarningRecipient.objects.filter(
        warning__declaration__in=[each.pk for each in declarations],
        warning__expected_at__isnull=False,
        contact__isnull=False,
    )
    rows = told.order_by("warning__at", "pk").values_list("warning__declaration", "warning__expected_at")
    return {key: expected_at for key, expected_at in rows if expected_at is not None}
