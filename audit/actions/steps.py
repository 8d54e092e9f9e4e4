"""What every step on a review goes through: its own auditor, the version, the state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from accounts.actors import Actor
from audit.access import require_review
from audit.models import Finding, Review
from ledger.actions import RecordChange, step
from ledger.exceptions import NotPermitted, NotPossible
from notifications.actions import notify

CLAUSE = "6"


@contextmanager
def reviewing(review_id: int, action: str, *, version: int | None, actor: Actor) -> Iterator[RecordChange[Review]]:
    """A step on a review that its own auditor has open."""
    with step(Review, review_id, version=None, signature=actor.signature(), action=action, clause=CLAUSE) as opened:
        opened.signature = actor.signature(require_review(actor, opened.record.declaration))
        if actor.user is None or opened.record.auditor_id != actor.user.pk:
            raise NotPermitted(
                _("%(name)s is reviewing this record.") % {"name": opened.record.auditor.name}, clause=CLAUSE
            )
        opened.expect(version)
        expect_state(opened, Review.State.IN_REVIEW)
        yield opened


def expect_state(opened: RecordChange[Review], *states: str) -> None:
    if opened.record.state not in states:
        raise NotPossible(
            _("This review is now: %(state)s.") % {"state": Review.State(opened.record.state).label}, clause=CLAUSE
        )


def tell_owner(review: Review, finding: Finding) -> None:
    """Put the finding to its owner's notifications."""
    # Once for all findings of an owner, and again each time that one comes back: the version tells these apart.
    notify(
        "finding.raised",
        stream=review.stream,
        number=review.declaration.number,
        recipients=[finding.owner],
        data={"due_at": finding.due},
        cycle=review.version,
    )
