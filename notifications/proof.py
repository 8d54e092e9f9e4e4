"""That messages were delivered is proved by the batches that say so."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q

from ledger.verification import UNREADABLE, strays
from notifications.models import Batch, Notification

AT_ONCE = 1000
# The portal shows it in the transaction that writes it, which tells of it.
SHOWN_AT_ONCE = Q(channel=Notification.Channel.IN_APP, sent_at=F("created_at"))
SENT = Notification.objects.filter(status=Notification.Status.SENT)


def delivery_faults() -> Iterator[tuple[str, str]]:
    """Each message that was delivered and does not say so, or says so and was not; for `verify_ledger`.

    A statement for each batch, by keys, and one over the messages.
    """
    delivered = array("q")
    for batch in Batch.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        try:
            for at, keys in batch.delivered.items():
                delivered.extend(keys)
                yield from _not_so(keys, datetime.fromisoformat(at))
        except (*UNREADABLE, OverflowError):
            yield batch.stream, "what it says of deliveries cannot be read"
    claimed = SENT.exclude(SHOWN_AT_ONCE).order_by("pk").values_list("pk", flat=True)
    for key in strays(claimed.iterator(chunk_size=AT_ONCE), delivered):
        yield f"notifications.notification:{key}", "no batch tells that it was delivered"


def _not_so(keys: list[int], at: datetime) -> Iterator[tuple[str, str]]:
    right = set(SENT.filter(pk__in=keys, sent_at=at).values_list("pk", flat=True))
    for key in keys:
        if key not in right:
            yield f"notifications.notification:{key}", f"it was delivered at {at.isoformat()}, and is not as it was"
