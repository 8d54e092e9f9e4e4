"""Handling an incident (clause 5.4.4): notes, look-up, plan, steps and visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.actors import Actor
from base.clock import now
from incidents.actions.attachments import Upload, attach_all
from incidents.actions.steps import require, working
from incidents.models import STANDING, Declaration, HandlingStep, KnowledgeLookup, State, Type, Visit
from incidents.queries.similar import known
from knowledge.models import ArticleVersion
from knowledge.queries import usable_version
from search.tokens import query_tokens

# A colleague may have been on site before anybody declared anything.
LONGEST_BEFORE = timedelta(days=1)


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
    article: ArticleVersion | None = None,
    like_case: Declaration | None = None,
    reason: str = "",
    few: bool = False,
) -> Declaration:
    """Record the look into the knowledge base: an article or a like case adopted, or why none fits (R-5.4.4-2).

    The search is made here, so that the record says what the knowledge base offered and not what somebody says of it;
    `few` as in `known`. Only a valid article may be adopted, and its version is frozen into the record (R-5.4.4-3).
    """
    with working(declaration_id, "look_up", version=version, actor=actor) as step:
        adopted = article or like_case
        require(
            query=None if query_tokens(query) else _("Enter the words to search for."),
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
                hits=known(actor, step.record, query, few=few).shown(),
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


def log_handling(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    what: str,
    result: str,
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """Record one measure and its result, dated now (R-5.4.4-4)."""
    with working(declaration_id, "log_handling", version=version, actor=actor, uploads=attachments) as step:
        require(
            what=None if what.strip() else _("Write what was done."),
            result=None if result.strip() else _("Write what came of it."),
        )
        row = step.add(HandlingStep(declaration=step.record, by=actor.user, at=now(), what=what, result=result))
        attach_all(step, attachments, actor=actor, row=row)
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
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """Record help on the customer's site: who, where, from when to when (R-5.4.4-6)."""
    with working(declaration_id, "record_visit", version=version, actor=actor, uploads=attachments) as step:
        require(
            who=None if who else _("Say who was there."),
            place=None if place.strip() else _("Say where."),
            arrival=_arrival_problem(step.record, arrival),
            departure=_departure_problem(arrival, departure) if departure else None,
        )
        row = step.add(
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
        attach_all(step, attachments, actor=actor, row=row)
        step.record.record_visit(visits_open=step.record.visits_open + (departure is None))
    return step.record


def record_departure(
    declaration_id: int, *, version: int | None, actor: Actor, departure: datetime, visit: Visit | None = None
) -> Declaration:
    """Add, once, when those who were on site left; without `visit` the only one that is still open is meant."""
    with working(declaration_id, "record_departure", version=version, actor=actor) as step:
        still_there = list(step.record.visit_rows.filter(STANDING, departure=None))
        row = visit or (still_there[0] if len(still_there) == 1 else None)
        known = row in still_there
        require(
            visit=None if known else _("Choose the visit that has ended."),
            departure=_departure_problem(row.arrival, departure) if row and known else None,
        )
        assert row is not None
        step.track(row).departure = departure
        step.record.record_departure(visits_open=len(still_there) - 1)
    return step.record


def _arrival_problem(declaration: Declaration, arrival: datetime) -> str | None:
    if arrival > now():
        return _("The arrival lies in the future.")
    if arrival < declaration.received_at - LONGEST_BEFORE:
        return _("The arrival lies more than a day before the declaration was received.")
    return None


def _departure_problem(arrival: datetime, departure: datetime) -> str | None:
    if departure < arrival:
        return _("The departure lies before the arrival.")
    return _("The departure lies in the future.") if departure > now() else None
