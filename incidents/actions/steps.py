"""The one way in which an action works on a declaration: lock, entitlement, version, guards, then the change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact
from base.clock import now
from incidents.access import require_entitled, require_possible
from incidents.actions.attachments import Upload, uploading
from incidents.actions.reviewing import await_review_with_reason
from incidents.actions.watching import tell_watchers
from incidents.models import OPEN_STATES, Declaration, Reminder, moves
from ledger.actions import RecordChange, attempt, step
from ledger.exceptions import Invalid, Sentence
from notifications.actions import cancel

# What an upper room does in the step in which a declaration ends or becomes another.
Ending = Callable[[RecordChange[Declaration]], None]


@contextmanager
def working(
    declaration_id: int,
    verb: str,
    *,
    version: int | None,
    actor: Actor,
    bump: bool = True,
    expecting: Callable[[Declaration], None] | None = None,
    uploads: Iterable[Upload] = (),
) -> Iterator[RecordChange[Declaration]]:
    """Open one step of `verb` on a declaration, in one transaction with its ledger entry.

    Judged in this order, under the lock: visible (DoesNotExist), entitled (NotPermitted), up to date (Stale; skipped
    for jobs, which pass no version), possible (NotPossible). A verb on a row beside the declaration has its own
    version judged by `expecting`. The `uploads` that the step is going to keep are stored before it.
    """
    taking = step(
        Declaration,
        declaration_id,
        version=None,
        signature=actor.signature(),
        action=verb,
        clause=moves()[verb].clause,
        bump=bump,
    )
    with uploading(uploads), taking as opened:
        opened.signature = actor.signature(require_entitled(actor, opened.record, verb))
        opened.expect(version)
        if expecting is not None:
            expecting(opened.record)
        require_possible(opened.record, verb)
        before = str(opened.record.state)
        yield opened
        tell_watchers(opened.record, verb, before, actor)
        if before in OPEN_STATES and not opened.record.is_open:
            end_reminders(opened.record)
            await_review_with_reason(opened.record)


def end_reminders(declaration: Declaration) -> None:
    """Nobody has to come back to a record that has ended; two statements where somebody wanted to, else one."""
    if Reminder.objects.filter(declaration=declaration).delete()[0]:
        cancel(declaration.stream, events="reminder.")


@contextmanager
def together(declaration_id: int, verb: str, *, actor: Actor, uploads: Iterable[Upload] = ()) -> Iterator[None]:
    """Several steps on a declaration in one transaction, all of them or none; refused, the attempt was at `verb`.

    Each is judged by its own guards and leaves its own entry with its own clause.
    """
    stream = f"{Declaration.stream_kind}:{declaration_id}"
    trying = attempt(actor.signature(), action=verb, stream=stream, clause=moves()[verb].clause)
    with uploading(uploads), trying:
        yield


def require_entitled_recorded(actor: Actor, declaration: Declaration, verb: str) -> None:
    """Refuse whoever may not use `verb` here, before what they typed is judged (R-4.1-1).

    Raises DoesNotExist or NotPermitted as `require_entitled` does; the latter is written to the security stream.
    """
    with attempt(actor.signature(), action=verb, stream=declaration.stream, clause=moves()[verb].clause):
        require_entitled(actor, declaration, verb)


def foreign_contact(declaration: Declaration, contact: Contact | None) -> str | None:
    """The sentence for a person of another customer than the declaration's."""
    if contact is None or contact.customer_id == declaration.customer_id:
        return None
    return _("This person belongs to another customer.")


def impossible_moment(at: datetime, declaration: Declaration) -> str | None:
    """The sentence for a moment that has not come yet, or that lies before the declaration was received."""
    if at > now():
        return _("This moment lies in the future; it is %(now)s now.") % {"now": f"{localtime(now()):%m-%d %H:%M}"}
    if at < declaration.received_at:
        return _("This moment lies before the declaration was received.")
    return None


def require(**problems: Sentence | None) -> None:
    """Raise Invalid with one sentence a field, for every field whose sentence is not None."""
    errors = {field: [sentence] for field, sentence in problems.items() if sentence is not None}
    if errors:
        raise Invalid(errors=errors)
