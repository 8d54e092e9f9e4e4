"""What customers were told of a new time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter

from escalation.models import WarningRecipient
from incidents.models import STANDING, Communication, Declaration


def told_times(declarations: Iterable[Declaration]) -> dict[int, datetime]:
    """By the key of the record the new time of solution that a contact was told last; two statements.

    It was told in a warning, or promised in a contact.
    """
    keys = [each.pk for each in declarations]
    warned = WarningRecipient.objects.filter(
        warning__declaration__in=keys, warning__expected_at__isnull=False, contact__isnull=False
    ).values_list("warning__at", "warning__declaration", "warning__expected_at")
    promised = Communication.objects.filter(STANDING, declaration__in=keys, promised_at__isnull=False)
    rows = [*warned, *promised.values_list("at", "declaration", "promised_at")]
    return {key: time for _told_at, key, time in sorted(rows, key=itemgetter(0)) if time is not None}
