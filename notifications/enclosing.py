"""Letters with a secret in them: sealed while they wait, emptied with the attempt that ends their way."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import PasswordLink
from base.clock import now
from ledger.actions import step, tell_of
from ledger.signature import Signature
from notifications.models import Enclosure, Notification
from notifications.outbox import Channel, new_message_id
from notifications.sealing import reseal, seal
from notifications.wording import CLOSED

PASSWORD_LINK = "password.link"  # noqa: S105  the event's name


def enclose(link: PasswordLink, secret: str, *, signature: Signature) -> Notification:
    """Put the letter with that link into the outbox, inside the transaction that made the link: one letter a link."""
    with step(
        PasswordLink, link.pk, version=None, signature=signature, action="send_password_link", clause="", bump=False
    ):
        letter = Notification.objects.create(
            event=PASSWORD_LINK,
            stream=link.stream,
            number=link.user.username,
            recipient=link.user.stream,
            user=link.user,
            channel=Channel.EMAIL,
            message_id=new_message_id(),
            created_at=now(),
            next_attempt_at=now(),
        )
        tell_of(letter)
        Enclosure.objects.create(notification=letter, link=link, sealed=seal(secret))
        return letter


def empty(rows: Iterable[Notification]) -> None:
    """Forget what these letters carried; called in the transaction that notes that they are on their way no longer."""
    keys = [row.pk for row in rows if row.event in CLOSED]
    if keys:
        Enclosure.objects.filter(notification__in=keys).delete()


def empty_ended() -> None:
    """Forget what letters carried that were withdrawn meanwhile; one statement over the few that are on their way."""
    Enclosure.objects.filter(notification__next_attempt_at=None).delete()


def reseal_enclosures() -> int:
    """Encrypt what is on its way under the newest key; how many letters. Raises `CannotOpen`."""
    found = list(Enclosure.objects.select_for_update().order_by("pk"))
    for one in found:
        one.sealed = reseal(one.sealed)
        one.save(update_fields=["sealed"])
    return len(found)
