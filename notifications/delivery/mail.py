"""E-mails: many at once over a few connections, results noted as they come."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import structlog
from django.conf import settings

from base.clock import now
from base.outgoing import mail_leaves
from notifications.delivery.claims import claim, note
from notifications.delivery.pool import Pool, job
from notifications.delivery.smtp import MailServer
from notifications.delivery.unsent import store
from notifications.models import Notification, Reason
from notifications.outcomes import Never, Outcome
from notifications.sealing import CannotOpen
from notifications.wording import CLOSED
from notifications.writing import letter, sender

log = structlog.get_logger(__name__)
THREADS = 6
IN_FLIGHT = 240
CLAIMED_AT_ONCE = 120
LONGEST_RUN = 45.0


def deliver_mail() -> int:
    """Send what is due until nothing is, the server is down, or the run has lasted long enough; how many were sent.

    A letter that cannot be written, or that the server refuses, is that one's fault alone.
    """
    sent, server, ends = 0, MailServer(), monotonic() + LONGEST_RUN
    more = True
    try:
        with Pool(THREADS) as pool:
            while True:
                while more and pool.busy <= IN_FLIGHT - CLAIMED_AT_ONCE:
                    rows = claim((Notification.Channel.EMAIL,), CLAIMED_AT_ONCE)
                    for row in rows:
                        pool.submit(job(row, _sending(row, server)))
                    more = len(rows) == CLAIMED_AT_ONCE and server.down is None and monotonic() < ends
                if not pool.busy:
                    return sent
                sent += note(pool.results())
    finally:
        server.close()


def _sending(row: Notification, server: MailServer) -> Callable[[], Outcome]:
    """What has to be done for this row over the network; the letter itself is written here and now."""
    refused = _refused(row)
    if refused is not None:
        return lambda: refused
    try:
        content = letter(row)
    except CannotOpen:
        return lambda: Never(Reason.SEALED)
    except Exception:
        log.exception("letter_not_written", notification=row.pk)
        return lambda: Never(Reason.UNWORDED)
    if not settings.OUTGOING:
        return lambda: store(row, content, "eml")
    person = row.user or row.contact
    origin, recipient = sender()[1], person.email if person else ""
    return lambda: server.send(origin, recipient, content)


def _refused(row: Notification) -> Never | None:
    person = row.user or row.contact
    if person is None or not person.is_active:
        return Never(Reason.INACTIVE)
    if not person.email:
        return Never(Reason.NO_ADDRESS)
    if person.email.lower() == sender()[1].lower():
        return Never(Reason.LOOP)
    if row.event in CLOSED:
        return _refused_with_secret(row)
    return Never(Reason.NO_SERVER) if settings.OUTGOING and not settings.EMAIL_HOST else None


def _refused_with_secret(row: Notification) -> Never | None:
    """A link that opens nothing any more is not sent, and one that does goes into no file that a page shows."""
    enclosure = getattr(row, "enclosure", None)
    if enclosure is None or not enclosure.link.opens(now()):
        return Never(Reason.WITHDRAWN)
    return None if mail_leaves() else Never(Reason.NO_SERVER)
