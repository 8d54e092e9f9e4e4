"""Every write of a review: start, conclude, raise findings, sign, correct, verify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import User
from audit.access import permit_review
from audit.models import Conclusion, Finding, Review
from audit.queries import REVIEWED_CLAUSES
from config.clock import now
from incidents.actions.steps import require
from incidents.models import Declaration
from ledger.actions import Step, attempt, create, step
from ledger.exceptions import NotPermitted, NotPossible
from ledger.queries import head
from notifications.actions import notify
from record_form.models import FiledForm

CLAUSE = "6"


def start_review(declaration_id: int, *, actor: Actor, reasons: Iterable[str] = ()) -> Review:
    """An auditor who is not involved takes a closed record up; who has it in review already goes on with it."""
    stream = f"{Declaration.stream_kind}:{declaration_id}"
    with attempt(actor.signature(), action="start_review", stream=stream, clause=CLAUSE) as attempted:
        # The record's lock makes two auditors who take it up at once one after the other.
        declaration = Declaration.objects.select_for_update().get(pk=declaration_id)
        attempted.signature = actor.signature(permit_review(actor, declaration))
        going_on = declaration.reviews.filter(state__in=[Review.State.SELECTED, Review.State.IN_REVIEW]).first()
        if going_on is not None:
            return _go_on_with(going_on, actor)
        review = Review(
            declaration=declaration,
            auditor=actor.user,
            reasons=list(reasons),
            started_at=now(),
            form_hash=_form_hash(declaration),
            ledger_head=_ledger_head(declaration),
        )
        review.begin()
        with create(review, signature=attempted.signature, action="start_review", clause=CLAUSE):
            pass
        return review


def _go_on_with(review: Review, actor: Actor) -> Review:
    if review.auditor_id != (actor.user.pk if actor.user else None):
        raise NotPossible(_("%(name)s is reviewing this record.") % {"name": review.auditor.name}, clause=CLAUSE)
    return review


def _form_hash(declaration: Declaration) -> str:
    return FiledForm.objects.filter(declaration=declaration).values_list("sha256", flat=True).first() or ""


def _ledger_head(declaration: Declaration) -> str:
    last = head(declaration.stream)
    return last.hash if last else ""


def conclude(
    review_id: int, *, version: int | None, actor: Actor, clause: str, conclusion: str, note: str = ""
) -> Review:
    """Conclude on one clause; a clause that is not met needs its note. May be changed until the review is signed."""
    with _reviewing(review_id, "conclude", version=version, actor=actor) as opened:
        require(
            clause=None if clause in REVIEWED_CLAUSES else _("This clause is not reviewed."),
            conclusion=None if conclusion in Conclusion.Verdict.values else _("Met, not met, or not applicable?"),
            note=(
                _("Say what was not met.") if conclusion == Conclusion.Verdict.NOT_MET and not note.strip() else None
            ),
        )
        found = opened.record.conclusions.filter(clause=clause).first()
        if found is None:
            opened.add(Conclusion(review=opened.record, clause=clause, conclusion=conclusion, note=note, at=now()))
        else:
            found = opened.track(found)
            found.conclusion, found.note, found.at = conclusion, note, now()
    return opened.record


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
    with _reviewing(review_id, "raise_finding", version=version, actor=actor) as opened:
        require(
            clause=None if clause in REVIEWED_CLAUSES else _("This clause is not reviewed."),
            text=None if text.strip() else _("Describe the finding."),
            owner=None if owner else _("Choose who corrects it."),
            due=None if due else _("Say until when."),
        )
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


def sign_off(review_id: int, *, version: int | None, actor: Actor, password: str, note: str = "") -> Review:
    """Sign the review, with the password once more: conform, or with findings; every clause has its conclusion."""
    with _reviewing(review_id, "sign_off", version=version, actor=actor) as opened:
        assert actor.user is not None
        require(password=None if actor.user.check_password(password) else _("The password is not right."))
        _sign(opened, note)
    return opened.record


def _sign(opened: Step[Review], note: str) -> None:
    review = opened.record
    concluded = dict(review.conclusions.values_list("clause", "conclusion"))
    missing = [clause for clause in REVIEWED_CLAUSES if clause not in concluded]
    findings = list(review.findings.select_related("owner"))
    not_met = {clause for clause, verdict in concluded.items() if verdict == Conclusion.Verdict.NOT_MET}
    without = sorted(not_met - {finding.clause for finding in findings})
    if missing:
        raise NotPossible(
            _("Conclude on every clause first; still open: %(clauses)s.") % {"clauses": "、".join(missing)},
            clause=CLAUSE,
        )
    if without:
        raise NotPossible(
            _("Raise a finding for what was not met: %(clauses)s.") % {"clauses": "、".join(without)}, clause=CLAUSE
        )
    signing = review.find_faults if findings else review.find_conform
    signing(signed_at=now(), note=note)
    for finding in findings:
        notify(
            "finding.raised",
            stream=review.stream,
            number=review.declaration.number,
            recipients=[finding.owner],
            data={"due_at": finding.due},
            cycle=finding.pk,
        )


def correct_finding(finding_id: int, *, version: int | None, actor: Actor, correction: str) -> Review:
    """The owner says how the finding was corrected."""
    finding = Finding.objects.get(pk=finding_id)
    with step(
        Review,
        finding.review_id,
        version=version,
        signature=actor.signature(),
        action="correct_finding",
        clause=CLAUSE,
    ) as opened:
        finding = opened.track(opened.record.findings.get(pk=finding_id))
        if actor.user is None or finding.owner_id != actor.user.pk:
            raise NotPermitted(_("Only the owner of the finding corrects it."), clause=CLAUSE)
        _expect(opened, Review.State.FINDING)
        require(correction=None if correction.strip() else _("Say what was done and where the proof is."))
        finding.correction, finding.corrected_at, finding.state = correction, now(), Finding.State.CORRECTED
        others = opened.record.findings.exclude(pk=finding_id)
        if not others.filter(state=Finding.State.OPEN).exists():
            opened.record.correct()
    return opened.record


def verify_finding(finding_id: int, *, version: int | None, actor: Actor, holds: bool) -> Review:
    """An auditor verifies a correction, or sends it back to its owner (R-6-3)."""
    finding = Finding.objects.get(pk=finding_id)
    with step(
        Review,
        finding.review_id,
        version=version,
        signature=actor.signature(),
        action="verify_finding",
        clause=CLAUSE,
    ) as opened:
        opened.signature = actor.signature(permit_review(actor, opened.record.declaration))
        _expect(opened, Review.State.CORRECTED)
        finding = opened.track(opened.record.findings.get(pk=finding_id))
        if holds:
            finding.state, finding.verified_by, finding.verified_at = Finding.State.VERIFIED, actor.user, now()
        else:
            finding.state = Finding.State.OPEN
            opened.record.send_back()
        others = opened.record.findings.exclude(pk=finding_id)
        if holds and not others.exclude(state=Finding.State.VERIFIED).exists():
            opened.record.verify()
    return opened.record


def _expect(opened: Step[Review], state: str) -> None:
    if opened.record.state != state:
        raise NotPossible(
            _("This review is now: %(state)s.") % {"state": Review.State(opened.record.state).label}, clause=CLAUSE
        )


@contextmanager
def _reviewing(review_id: int, action: str, *, version: int | None, actor: Actor) -> Iterator[Step[Review]]:
    """A step on a review that its own auditor has open."""
    with step(Review, review_id, version=None, signature=actor.signature(), action=action, clause=CLAUSE) as opened:
        opened.signature = actor.signature(permit_review(actor, opened.record.declaration))
        if actor.user is None or opened.record.auditor_id != actor.user.pk:
            raise NotPermitted(
                _("%(name)s is reviewing this record.") % {"name": opened.record.auditor.name}, clause=CLAUSE
            )
        opened.expect(version)
        _expect(opened, Review.State.IN_REVIEW)
        yield opened


def review_at_once(
    declaration_id: int,
    *,
    actor: Actor,
    reasons: Iterable[str],
    conclusions: Iterable[Mapping[str, str]],
    findings: Iterable[Mapping[str, Any]],
) -> Review:
    """Take over a whole review that was held elsewhere, say on paper, in one transaction."""
    with transaction.atomic():
        review = start_review(declaration_id, actor=actor, reasons=reasons)
        for each in conclusions:
            conclude(review.pk, version=None, actor=actor, **each)
        for each in findings:
            raise_finding(review.pk, version=None, actor=actor, **{**each, "due": date.fromisoformat(each["due"])})
        with _reviewing(review.pk, "sign_off", version=None, actor=actor) as opened:
            _sign(opened, "")
        return opened.record
