"""Findings: raised by the auditor, corrected by their owner, verified by an auditor (R-6-3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.access import require_grant_roles
from accounts.actors import Actor, local_day
from accounts.models import User
from audit.access import findings, require_review
from audit.actions.steps import CLAUSE, expect_state, reviewing, tell_owner
from audit.models import FOLLOWED_UP, Finding, Review
from audit.queries import REVIEWED_CLAUSES
from base.clock import now
from incidents.actions.steps import require
from ledger.actions import RecordChange, step
from ledger.exceptions import NotPermitted, NotPossible


def raise_finding(
    review_id: int,
    *,
    version: int | None,
    actor: Actor,
    clause: str,
    text: str,
    owner: User | None,
    due: date | None,
    cause: str = "",
    action: str = "",
) -> Review:
    """Write down what was not met, who corrects it and until when (R-6-3)."""
    with reviewing(review_id, "raise_finding", version=version, actor=actor) as opened:
        require(
            clause=None if clause in REVIEWED_CLAUSES else _("This clause is not reviewed."),
            text=None if text.strip() else _("Describe the finding."),
            owner=None if owner else _("Choose who corrects it."),
            due=_due_problem(due),
        )
        assert owner is not None
        assert due is not None
        opened.add(
            Finding(
                review=opened.record,
                clause=clause,
                text=text,
                owner=owner,
                cause=cause,
                action=action,
                due=due,
                raised_at=now(),
            )
        )
    return opened.record


def _due_problem(due: date | None) -> str | None:
    if due is None:
        return _("Say until when.")
    return _("This day is over; leave time for the correction.") if due < local_day(now()) else None


def correct_finding(
    finding_id: int, *, version: int | None, actor: Actor, correction: str, cause: str, action: str
) -> Review:
    """The owner says why it happened, what keeps it from happening again, and what was done (R-6-3).

    Cause and action may stand there already in the auditor's words; the owner's replace them, the ledger keeps both.
    Raises Finding.DoesNotExist for one that is invisible.
    """
    with _following_up(finding_id, "correct_finding", actor=actor) as (opened, finding):
        if actor.user is None or finding.owner_id != actor.user.pk:
            raise NotPermitted(_("Only the owner of the finding corrects it."), clause=CLAUSE)
        opened.expect(version)
        expect_state(opened, Review.State.FINDING)
        _expect_finding(finding, Finding.State.OPEN)
        require(
            cause=None if cause.strip() else _("Say what caused it."),
            action=None if action.strip() else _("Say which action keeps it from happening again."),
            correction=None if correction.strip() else _("Say what was done and where the proof is."),
        )
        finding.cause, finding.action, finding.correction = cause, action, correction
        finding.corrected_at, finding.state = now(), Finding.State.CORRECTED
        if not _others(finding).filter(state=Finding.State.OPEN).exists():
            opened.record.correct()
    return opened.record


def hand_on_finding(finding_id: int, *, actor: Actor, leaver: User, to: User, reason: str) -> Review:
    """Its owner leaves the firm: somebody else corrects it, and is told. Raises Finding.DoesNotExist."""
    review = Finding.objects.get(pk=finding_id, owner=leaver).review_id
    signature = actor.signature(require_grant_roles(actor, leaver))
    with step(Review, review, version=None, signature=signature, action="hand_on_finding", clause=CLAUSE) as opened:
        finding = opened.track(Finding.objects.select_for_update().get(pk=finding_id, owner=leaver))
        finding.owner = to
        opened.note(reason=reason)
        if opened.record.signed_at is not None and finding.state == Finding.State.OPEN:
            tell_owner(opened.record, finding)
    return opened.record


def verify_finding(finding_id: int, *, version: int | None, actor: Actor, holds: bool, note: str = "") -> Review:
    """An auditor verifies a correction, or sends it back to its owner with the reason (R-6-3).

    Raises Finding.DoesNotExist for one that is invisible.
    """
    with _following_up(finding_id, "verify_finding", actor=actor) as (opened, finding):
        opened.signature = actor.signature(require_review(actor, opened.record.declaration))
        if actor.user is None or finding.owner_id == actor.user.pk:
            raise NotPermitted(_("Nobody verifies the own correction."), clause=CLAUSE)
        opened.expect(version)
        expect_state(opened, *FOLLOWED_UP)
        _expect_finding(finding, Finding.State.CORRECTED)
        opened.note(holds=holds, note=note)
        if holds:
            _expect_whole(finding)
            _verify(opened, finding, actor.user)
        else:
            require(note=None if note.strip() else _("Say what does not hold."))
            _send_back(opened, finding)
    return opened.record


def _verify(opened: RecordChange[Review], finding: Finding, auditor: User) -> None:
    finding.state, finding.verified_by, finding.verified_at = Finding.State.VERIFIED, auditor, now()
    if not _others(finding).exclude(state=Finding.State.VERIFIED).exists():
        opened.record.verify()


def _send_back(opened: RecordChange[Review], finding: Finding) -> None:
    finding.state = Finding.State.OPEN
    if opened.record.state == Review.State.CORRECTED:
        opened.record.send_back()
    tell_owner(opened.record, finding)


def _others(finding: Finding) -> QuerySet[Finding]:
    return Finding.objects.filter(review=finding.review_id).exclude(pk=finding.pk)


def _expect_finding(finding: Finding, state: str) -> None:
    if finding.state != state:
        raise NotPossible(
            _("This finding is now: %(state)s.") % {"state": Finding.State(finding.state).label}, clause=CLAUSE
        )


def _expect_whole(finding: Finding) -> None:
    """Nothing is verified of which cause, action or correction was never written down."""
    if not (finding.cause.strip() and finding.action.strip() and finding.correction.strip()):
        raise NotPossible(
            _("Cause or corrective action is missing: send it back so that its owner adds it."), clause=CLAUSE
        )


@contextmanager
def _following_up(finding_id: int, action: str, *, actor: Actor) -> Iterator[tuple[RecordChange[Review], Finding]]:
    """A step on the review of a finding that the actor sees."""
    review_id = findings(actor).values_list("review_id", flat=True).get(pk=finding_id)
    with step(Review, review_id, version=None, signature=actor.signature(), action=action, clause=CLAUSE) as opened:
        yield opened, opened.track(opened.record.findings.get(pk=finding_id))
