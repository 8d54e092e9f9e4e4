"""The review itself: taken up, concluded clause by clause, signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from audit.access import require_review
from audit.actions.findings import raise_finding
from audit.actions.steps import CLAUSE, reviewing, tell_owner
from audit.models import Conclusion, Review
from audit.queries import REVIEWED_CLAUSES, obligatory_reasons, proof
from base.clock import now
from incidents.actions.reviewing import settle_review
from incidents.actions.steps import require
from incidents.models import Declaration
from ledger.actions import RecordChange, attempt, create, seal_soon, step
from ledger.exceptions import NotPossible
from ledger.queries import head
from ledger.signature import Signature


def start_review(declaration_id: int, *, actor: Actor, reasons: Iterable[str] | None = None) -> Review:
    """An auditor who is not involved takes a closed record up; who has it in review already goes on with it.

    Without `reasons` they are those that make the review obligatory.
    """
    stream = f"{Declaration.stream_kind}:{declaration_id}"
    with attempt(actor.signature(), action="start_review", stream=stream, clause=CLAUSE) as attempted:
        # The record's lock makes two auditors who take it up at once one after the other.
        declaration = Declaration.objects.select_for_update().get(pk=declaration_id)
        attempted.signature = actor.signature(require_review(actor, declaration))
        going_on = declaration.reviews.filter(state__in=[Review.State.SELECTED, Review.State.IN_REVIEW]).first()
        if going_on is not None:
            return _go_on_with(going_on, actor, attempted.signature)
        review = Review(
            declaration=declaration,
            auditor=actor.user,
            reasons=obligatory_reasons(declaration) if reasons is None else list(reasons),
            started_at=now(),
            ledger_head=_ledger_head(declaration),
        )
        review.begin()
        with create(review, signature=attempted.signature, action="start_review", clause=CLAUSE):
            pass
        return review


def _go_on_with(review: Review, actor: Actor, signature: Signature) -> Review:
    """The own review, or that of somebody who has left: what was concluded stays, and is signed by who takes it on."""
    if actor.user is not None and review.auditor_id == actor.user.pk:
        return review
    if review.auditor.is_active:
        raise NotPossible(_("%(name)s is reviewing this record.") % {"name": review.auditor.name}, clause=CLAUSE)
    with step(Review, review.pk, version=None, signature=signature, action="take_on_review", clause=CLAUSE) as opened:
        opened.record.auditor = actor.user
    return opened.record


def _ledger_head(declaration: Declaration) -> str:
    last = head(declaration.stream)
    return last.hash if last else ""


def conclude(
    review_id: int, *, version: int | None, actor: Actor, clause: str, conclusion: str, note: str = ""
) -> Review:
    """Conclude on one clause; a clause that is not met needs its note. May be changed until the review is signed."""
    with reviewing(review_id, "conclude", version=version, actor=actor) as opened:
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


def sign_off(review_id: int, *, version: int | None, actor: Actor, password: str, note: str = "") -> Review:
    """Sign the review, with the password once more: conform, or with findings; every clause has its conclusion."""
    with reviewing(review_id, "sign_off", version=version, actor=actor) as opened:
        assert actor.user is not None
        require(password=None if actor.user.check_password(password) else _("The password is not right."))
        _sign(opened, note)
        seal_soon()
    return opened.record


def _sign(opened: RecordChange[Review], note: str) -> None:
    review = opened.record
    concluded = dict(review.conclusions.values_list("clause", "conclusion"))
    missing = [clause for clause in REVIEWED_CLAUSES if clause not in concluded]
    raised = list(review.findings.select_related("owner"))
    not_met = {clause for clause, verdict in concluded.items() if verdict == Conclusion.Verdict.NOT_MET}
    without = sorted(not_met - {finding.clause for finding in raised})
    if missing:
        raise NotPossible(
            _("Conclude on every clause first; still open: %(clauses)s.") % {"clauses": _(", ").join(missing)},
            clause=CLAUSE,
        )
    if without:
        raise NotPossible(
            _("Raise a finding for what was not met: %(clauses)s.") % {"clauses": _(", ").join(without)}, clause=CLAUSE
        )
    proven = proof(review.declaration)
    if proven.fault:
        raise NotPossible(
            _("This record does not fit its ledger, so its review cannot be signed: %(fault)s.")
            % {"fault": proven.fault},
            clause=CLAUSE,
        )
    signing = review.find_faults if raised else review.find_conform
    signing(signed_at=now(), note=note, form_hash=proven.form_hash, ledger_head=proven.ledger_head)
    settle_review(review.declaration)
    for finding in sorted(raised, key=lambda finding: finding.due):
        tell_owner(review, finding)


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
            values: dict[str, Any] = {**each, "due": date.fromisoformat(each["due"])}
            raise_finding(review.pk, version=None, actor=actor, **values)
        with reviewing(review.pk, "sign_off", version=None, actor=actor) as opened:
            _sign(opened, "")
        return opened.record
