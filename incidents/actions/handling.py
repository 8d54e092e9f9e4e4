"""Handling an incident (clause 5.4.4): notes, look-up, plan, steps, visits, report and take-over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import User
from accounts.queries import head_of
from config.clock import now
from incidents.actions.steps import require, working
from incidents.models import (
    Declaration,
    HandlerChange,
    HandlingStep,
    KnowledgeLookup,
    Report,
    State,
    Type,
    Visit,
)
from knowledge.models import ArticleVersion
from knowledge.queries import usable_version
from ledger.actions import Step
from notifications.actions import notify


def confirm_contract_notes(declaration_id: int, *, version: int | None, actor: Actor) -> Declaration:
    """The handler has read what the contract says about handling (A-28)."""
    with working(declaration_id, "confirm_contract_notes", version=version, actor=actor) as step:
        step.record.confirm_contract_notes(contract_notes_confirmed_at=now(), contract_notes_confirmed_by=actor.user)
        contract = step.record.contract
        step.note(notes=contract.process_notes if contract else [])
    return step.record


def look_up(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    query: str,
    hits: Sequence[str],
    article: ArticleVersion | None = None,
    like_case: Declaration | None = None,
    reason: str = "",
) -> Declaration:
    """Record the look into the knowledge base: an article or a like case adopted, or why none fits (R-5.4.4-2).

    Only a valid article may be adopted, and its version is frozen into the record (R-5.4.4-3).
    """
    with working(declaration_id, "look_up", version=version, actor=actor) as step:
        adopted = article or like_case
        require(
            query=None if query.strip() else _("Enter what you searched for."),
            article=_article_problem(article),
            like_case=_case_problem(like_case),
            reason=None if adopted or reason.strip() else _("Say why none of them fits."),
        )
        step.add(
            KnowledgeLookup(
                declaration=step.record,
                by=actor.user,
                at=now(),
                query=query,
                hits=list(hits),
                result=KnowledgeLookup.Result.ADOPT if adopted else KnowledgeLookup.Result.NONE_FITS,
                article_version=article,
                like_case=like_case if article is None else None,
                reason=reason,
            )
        )
        step.record.look_up(looked_up_at=now(), article_code=article.article.code if article else "")
    return step.record


def _article_problem(article: ArticleVersion | None) -> str | None:
    if article is None or usable_version(article):
        return None
    return _("This article has expired and cannot be adopted. Choose another, or say that none fits.")


def _case_problem(case: Declaration | None) -> str | None:
    solved = case is None or (case.state in (State.CLOSED, State.FILED) and case.type == Type.INCIDENT)
    return None if solved else _("Only a closed incident with its solution can be adopted.")


def start(declaration_id: int, *, version: int | None, actor: Actor) -> Declaration:
    """Begin handling (T15): contract notes confirmed, knowledge base consulted."""
    with working(declaration_id, "start", version=version, actor=actor) as step:
        step.record.start(started_at=now())
    return step.record


def write_plan(declaration_id: int, *, version: int | None, actor: Actor, text: str) -> Declaration:
    """Write the solution plan that levels 1 and 2 need (R-5.4.4-6)."""
    with working(declaration_id, "write_plan", version=version, actor=actor) as step:
        require(text=None if text.strip() else _("Write the plan."))
        step.record.write_plan(plan=text, planned_at=now(), planned_by=actor.user)
    return step.record


def log_handling(declaration_id: int, *, version: int | None, actor: Actor, what: str, result: str) -> Declaration:
    """Record one measure and its result, dated now (R-5.4.4-4)."""
    with working(declaration_id, "log_handling", version=version, actor=actor) as step:
        require(
            what=None if what.strip() else _("Write what was done."),
            result=None if result.strip() else _("Write what came of it."),
        )
        step.add(HandlingStep(declaration=step.record, by=actor.user, at=now(), what=what, result=result))
        step.record.log_handling(handled_at=now())
    return step.record


def record_visit(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    who: Sequence[str],
    place: str,
    arrival: datetime,
    departure: datetime | None = None,
) -> Declaration:
    """Record help on the customer's site: who, where, from when to when (R-5.4.4-6)."""
    with working(declaration_id, "record_visit", version=version, actor=actor) as step:
        require(
            who=None if who else _("Say who was there."),
            place=None if place.strip() else _("Say where."),
            arrival=_("The arrival lies in the future.") if arrival > now() else None,
            departure=(
                _("The departure lies before the arrival.")
                if departure and departure < arrival
                else _("The departure lies in the future.")
                if departure and departure > now()
                else None
            ),
        )
        step.add(
            Visit(
                declaration=step.record,
                by=actor.user,
                at=now(),
                who=list(who),
                place=place,
                arrival=arrival,
                departure=departure,
            )
        )
        step.record.record_visit()
    return step.record


def report_up(
    declaration_id: int, *, version: int | None, actor: Actor, reason: str, desk_cannot_solve: bool
) -> Declaration:
    """Report to the head of department: offered at level 1 or when the desk cannot solve it alone (A-15)."""
    with working(declaration_id, "report_up", version=version, actor=actor) as step:
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
        declaration.report_up(reported_at=now(), report_answered_at=None)
        notify(
            "report.waiting",
            stream=declaration.stream,
            number=declaration.number,
            recipients=[head],
            data={"level": declaration.priority},
            cycle=declaration.version,
        )
    return declaration


def answer_report(declaration_id: int, *, version: int | None, actor: Actor, answer: str) -> Declaration:
    """The head answers and leaves the handling with the desk (T16)."""
    with working(declaration_id, "answer_report", version=version, actor=actor) as step:
        require(answer=None if answer.strip() else _("Answer in a sentence."))
        _answer(step, actor, answer)
        step.record.answer_report(report_answered_at=now())
    return step.record


def take_over(declaration_id: int, *, version: int | None, actor: Actor, answer: str) -> Declaration:
    """The head becomes the handler; the desk stays accountable for contact and form (A-16)."""
    with working(declaration_id, "take_over", version=version, actor=actor) as step:
        require(answer=None if answer.strip() else _("Answer in a sentence."))
        assert actor.user is not None
        _answer(step, actor, answer, taken_over=True)
        change_handler(step, actor, actor.user, answer)
        step.record.take_over(report_answered_at=step.record.report_answered_at or now())
    return step.record


def reassign(declaration_id: int, *, version: int | None, actor: Actor, to: User, reason: str) -> Declaration:
    """Another person handles it from now on (T18)."""
    with working(declaration_id, "reassign", version=version, actor=actor) as step:
        require(
            to=_assignment_problem(step.record, to),
            reason=None if reason.strip() else _("Say why it changes hands."),
        )
        change_handler(step, actor, to, reason)
        step.record.reassign()
        notify(
            "incident.assigned",
            stream=step.record.stream,
            number=step.record.number,
            recipients=[to],
            data={},
            cycle=step.record.version,
        )
    return step.record


def _assignment_problem(declaration: Declaration, to: User | None) -> str | None:
    if to is None or not to.is_active:
        return _("Choose somebody who works here.")
    if to.pk == declaration.handler_id:
        return _("%(name)s handles it already.") % {"name": to.name}
    return None


def change_handler(step: Step[Declaration], actor: Actor, to: User, reason: str) -> None:
    """Write the change of handler inside an open step."""
    step.add(
        HandlerChange(
            declaration=step.record,
            by=actor.user,
            at=now(),
            from_user=step.record.handler,
            to_user=to,
            reason=reason,
        )
    )
    step.record.handler = to


def _answer(step: Step[Declaration], actor: Actor, answer: str, taken_over: bool = False) -> None:
    report = step.record.report_rows.order_by("-at", "-pk").first()
    if report is None:
        return
    report = step.track(report)
    report.taken_over = taken_over
    if report.answered_at is None:
        report.answered_at, report.answered_by, report.answer = now(), actor.user, answer
    elif taken_over:
        report.answer = f"{report.answer}\n{answer}"
