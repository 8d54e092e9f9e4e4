"""Forgotten passwords: asked for on a page that tells nothing, answered by the job that empties the outbox."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actions import make_asked_link
from accounts.actors import stranger
from accounts.models import PasswordLink, User
from base.clock import now
from base.outgoing import mail_leaves
from ledger.actions import attempt, record_refusal
from ledger.exceptions import NotPossible
from notifications.enclosing import enclose
from notifications.models import AskedLink, Notification
from notifications.sealing import CannotOpen, seal, unseal

log = structlog.get_logger(__name__)
ACTION = "ask_password_link"
UNKNOWN = "staff:unknown"
AT_ONCE = 500
# Colleagues who share an address get a letter each, up to so many.
MOST_NAMED = 5
TRIES = 3
Told = tuple[str, NotPossible]


def ask_for_link(name: str, *, address: str) -> None:
    """Note that whoever signs in as `name`, or has that e-mail address, has forgotten the password; one statement.

    Whether there is such an account is not looked up here, so that the answer takes as long for all. Raises
    `NotPossible` where no mail leaves the desk.
    """
    if not mail_leaves():
        raise NotPossible(_("No mail server is set: ask an administrator for a link."))
    AskedLink.objects.create(sealed=seal(name), address=address[:45], asked_at=now())


def answer_asked() -> int:
    """Send a link to those who have asked, up to `AT_ONCE`; how many letters. Any number of workers may do so.

    Each is answered in a transaction of its own; one that cannot be answered is left to the next round, and dropped
    when a link would have ended by then.
    """
    sent = 0
    for key in AskedLink.objects.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            sent += _answer(key)
        except (OperationalError, InterfaceError):  # the database's fault, not the question's
            raise
        except Exception:
            log.exception("forgotten_password_not_answered", asked=key)
    return sent


def _answer(key: int) -> int:
    """What is refused is written down once the transaction is over, which takes the question away all the same."""
    refused: list[Told] = []
    with attempt(stranger(""), action=ACTION, stream=UNKNOWN):
        asked = AskedLink.objects.select_for_update(skip_locked=True).filter(pk=key).first()
        if asked is None:
            return 0
        sent = _send_to_all(asked, refused)
        asked.delete()
    for stream, refusal in refused:
        record_refusal(stranger(asked.address), action=ACTION, stream=stream, refusal=refusal)
    return sent


def _send_to_all(asked: AskedLink, refused: list[Told]) -> int:
    people = _named(asked)
    if not people:
        refused.append((UNKNOWN, NotPossible(_("Nobody was found by this in time."), code="account_unknown")))
    return sum(_send(person, asked.address, refused) for person in people)


def _named(asked: AskedLink) -> list[User]:
    """Who signs in by that name or has that address; nobody where the question is too old or cannot be read."""
    if asked.asked_at + PasswordLink.LIVES[PasswordLink.Origin.ASKED] < now():
        return []
    try:
        name = User.normalize_username(unseal(asked.sealed)).strip()
    except CannotOpen:
        return []
    return list(User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).order_by("pk")[:MOST_NAMED])


def _send(person: User, address: str, refused: list[Told]) -> int:
    try:
        link, secret = make_asked_link(person, address=address, again=_was_lost(person))
    except NotPossible as refusal:
        refused.append((person.stream, refusal))
        return 0
    enclose(link, secret, signature=stranger(address))
    return 1


def _was_lost(person: User) -> bool:
    """Whether the letter with the link that the person asked for last never left the desk; no more often than `TRIES`
    an hour, since asking for somebody whose mail goes nowhere would fill the dead letters."""
    asked = person.password_links.filter(origin=PasswordLink.Origin.ASKED)
    lately = asked.filter(made_at__gt=now() - timedelta(hours=1)).count()
    last = asked.first()
    return lately < TRIES and last is not None and _ended_unsent().filter(stream=last.stream).exists()


def _ended_unsent() -> QuerySet[Notification]:
    return Notification.objects.filter(status__in=(Notification.Status.DEAD, Notification.Status.CANCELLED))
