"""Reporting to the head of department, who answers or takes over (R-5.4.4-7)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.models import User
from accounts.queries import head_of
from base.clock import now
from incidents.actions.attachments import Upload, attach_all
from incidents.actions.handlers import change_handler
from incidents.actions.notices import notify_of
from incidents.actions.steps import require, working
from incidents.models import Declaration, Report
from incidents.queries.reports import binding_reports
from ledger.actions import RecordChange
from ledger.exceptions import Sentence

UNANSWERED = gettext_lazy(
    "The head has not answered your report: wait for the answer, or say why it is solved without one."
)


def report_up(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    reason: str,
    desk_cannot_solve: bool,
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """Report to the head of department: offered at level 1 or when the desk cannot solve it alone (A-15)."""
    with working(declaration_id, "report_up", version=version, actor=actor, uploads=attachments) as step:
        declaration = step.record
        head = head_of(declaration.department)
        require(
            reason=None if reason.strip() else _("Say why the head has to know."),
            desk_cannot_solve=(
                None
                if desk_cannot_solve or declaration.priority == 1
                else _("Below level 1 this is for what the desk cannot solve alone.")
            ),
            to=None if head else _("This department has no head in office; ask the administrator."),
        )
        assert head is not None
        step.add(
            Report(
                declaration=declaration,
                by=actor.user,
                at=now(),
                to=head,
                level_1=declaration.priority == 1,
                desk_cannot_solve=desk_cannot_solve,
                reason=reason,
            )
        )
        attach_all(step, attachments, actor=actor)
        declaration.report_up(reported_at=now(), report_answered_at=None)
        notify_of(declaration, "report.waiting", [head], facts={"level": declaration.priority})
    return declaration


def answer_report(declaration_id: int, *, version: int | None, actor: Actor, answer: str) -> Declaration:
    """The head answers every report that waits and leaves the handling with the desk, which hears of it (T16)."""
    with working(declaration_id, "answer_report", version=version, actor=actor) as step:
        require(answer=None if answer.strip() else _("Answer in a sentence."))
        reporters = _answer(step, actor, answer)
        step.record.answer_report(report_answered_at=now())
        _tell(step.record, "report.answered", actor, reporters)
    return step.record


def take_over(declaration_id: int, *, version: int | None, actor: Actor, answer: str) -> Declaration:
    """The head becomes the handler; the desk stays accountable for contact and form, and hears of it (A-16)."""
    with working(declaration_id, "take_over", version=version, actor=actor) as step:
        require(answer=None if answer.strip() else _("Answer in a sentence."))
        assert actor.user is not None
        relieved = [*_answer(step, actor, answer, taken_over=True), step.record.handler]
        change_handler(step, actor, actor.user, answer)
        step.record.take_over(report_answered_at=step.record.report_answered_at or now())
        _tell(step.record, "report.taken_over", actor, relieved)
    return step.record


def refuse_unanswered(declaration: Declaration, reason: str) -> Sentence | None:
    """The sentence while the head owes an answer (R-5.4.4-7) and nobody says why it is solved without one."""
    return UNANSWERED if not reason.strip() and binding_reports(declaration) else None


def leave_unanswered(step: RecordChange[Declaration], reason: str) -> None:
    """Write the reason beside every report that the head had to answer and never did, inside an open step."""
    for report in binding_reports(step.record):
        step.track(report).unanswered_reason = reason


def _tell(declaration: Declaration, event: str, actor: Actor, people: list[User | None]) -> None:
    others = [person for person in (declaration.desk, *people) if person != actor.user]
    notify_of(declaration, event, others, facts={"level": declaration.priority})


def _answer(step: RecordChange[Declaration], actor: Actor, answer: str, taken_over: bool = False) -> list[User | None]:
    """One answer is for every report that waits; taking over without one adds to the last. Whoever had reported."""
    waiting = list(step.record.report_rows.filter(answered_at=None).select_related("by"))
    for report in waiting:
        step.track(report)
        report.answered_at, report.answered_by, report.answer = now(), actor.user, answer
        report.taken_over = taken_over
    last = step.record.report_rows.order_by("-at", "-pk").first() if taken_over and not waiting else None
    if last is not None:
        step.track(last)
        last.taken_over = True
        last.answer = f"{last.answer}\n{answer}"
    return [report.by for report in waiting]
