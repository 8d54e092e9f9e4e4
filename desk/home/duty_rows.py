"""The lines of my desk that are no step on a record: findings, reviews, problems, and what keeps the desk running."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actors import CHINA
from audit.models import Finding
from base import wording
from base.clock import now
from base.text import side_by_side
from desk.home.rows import WorkRow, record_row
from escalation.models import Problem
from incidents.models import Declaration
from knowledge.models import KnowledgeArticle
from notifications.models import Notification
from notifications.wording import sentence
from sla.models import Calendar, Contract


def duty_rows(duties: Mapping[str, list[Any]]) -> list[WorkRow]:
    """A line for each; warnings are left out, which my desk shows above its lines with a button of their own."""
    return [_line(kind, each) for kind, found in duties.items() if kind in LINES for each in found]


def _line(kind: str, duty: Any) -> WorkRow:
    parts = (duty[0].pk, duty[1]) if isinstance(duty, tuple) else (duty.pk,)
    return replace(LINES[kind](duty), mark="-".join(map(str, (kind, *parts))))


def _problem(problem: Problem) -> WorkRow:
    company = problem.customer.name if problem.customer else ""
    return WorkRow(
        number=problem.number,
        subject=problem.subject,
        priority=problem.declaration.priority,
        restricted=problem.declaration.restricted,
        url=reverse("record", args=[problem.declaration.number]),
        step_url=reverse("problem", args=[problem.number]),
        button=_("Receive"),
        who=side_by_side(problem.number, problem.declaration.number, company),
        why=_("Raised %(time)s, not received by problem management yet")
        % {"time": wording.clock_time(problem.raised_at)},
    )


def _finding(finding: Finding) -> WorkRow:
    until = _end_of(finding.due)
    return _about_review(
        finding,
        button=pgettext("step", "Correct"),
        why=_("Your finding of the audit; say by %(day)s what was done") % {"day": wording.clock_time(finding.due)},
        until=until,
        age=_time_left(until),
    )


def _correction(finding: Finding) -> WorkRow:
    return _about_review(
        finding,
        button=pgettext("step", "Verify"),
        why=_("Reported as corrected %(time)s; verify whether it holds")
        % {"time": wording.clock_time(finding.corrected_at or finding.raised_at)},
    )


def _about_review(finding: Finding, **more: Any) -> WorkRow:
    number = finding.review.declaration.number
    page = reverse("audit-findings", args=[number])
    who = side_by_side(number, f"§{finding.clause}", str(Finding.State(finding.state).label))
    return WorkRow(number=number, subject=finding.text, url=page, step_url=page, who=who, ungraded=True, **more)


def _review(declaration: Declaration) -> WorkRow:
    page = reverse("audit-record", args=[declaration.number])
    return record_row(
        declaration,
        url=page,
        step_url=page,
        button=pgettext("step", "Review"),
        who=side_by_side(declaration.number, declaration.get_state_display()),
        why=_("Has to be reviewed and is not since it closed"),
    )


def _dead_letter(row: Notification) -> WorkRow:
    page, person = reverse("dead-letters"), row.user or row.contact
    message = sentence(row.event, number=row.number, threshold=row.threshold, data=row.data)
    return WorkRow(
        number=row.number,
        subject=message,
        url=page,
        step_url=page,
        button=pgettext("step", "Look after it"),
        who=side_by_side(str(Notification.Channel(row.channel).label), person.name if person else ""),
        why=_("Could not be delivered; tell the person yourself or try it again"),
        ungraded=True,
    )


def _contract(contract: Contract) -> WorkRow:
    until = _end_of(contract.ends_on)
    page = reverse("contract", args=[contract.pk])
    return WorkRow(
        number=contract.number,
        subject=contract.name or contract.number,
        url=page,
        step_url=page,
        button=pgettext("step", "Renew"),
        who=side_by_side(contract.number, contract.customer.name),
        why=_("Its last day is %(day)s, and no contract follows") % {"day": wording.clock_time(contract.ends_on)},
        until=until,
        age=_time_left(until),
        ungraded=True,
    )


def _article(article: KnowledgeArticle) -> WorkRow:
    page, until = reverse("article", args=[article.code]), article.valid_until
    proposed = article.status == KnowledgeArticle.Status.IN_REVIEW
    if proposed or until is None:
        why = _("Proposed by %(name)s; approve it or send it back") % {"name": article.author.get_full_name()}
    else:
        why = _("Its last day is %(day)s; read it again and renew it, or withdraw it") % {"day": until.isoformat()}
    return WorkRow(
        number=article.code,
        subject=article.title,
        url=page,
        step_url=page,
        button=pgettext("step", "Approve") if proposed else pgettext("step", "Renew"),
        who=side_by_side(article.code, _("Knowledge base")),
        why=why,
        ungraded=True,
    )


def _year(found: tuple[Calendar, int]) -> WorkRow:
    calendar, year = found
    return WorkRow(
        number=str(year),
        subject=_("%(calendar)s: public holidays of %(year)d") % {"calendar": calendar.name, "year": year},
        url=reverse("calendar", args=[calendar.pk]),
        step_url=reverse("calendar-load", args=[calendar.pk, year]),
        button=pgettext("step", "Load the year"),
        who=calendar.name,
        why=_("Not published here yet: due times in that year may still move"),
        until=datetime(year, 1, 1, tzinfo=CHINA),
        age=_time_left(datetime(year, 1, 1, tzinfo=CHINA)),
        ungraded=True,
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA) + timedelta(days=1)


def _time_left(until: datetime) -> str:
    span, at = {"span": wording.duration(until - now())}, now()
    return wording.close_up((_("%(span)s left") if until > at else _("%(span)s overdue")) % span)


LINES: Mapping[str, Callable[[Any], WorkRow]] = {
    "problem": _problem,
    "finding": _finding,
    "correction": _correction,
    "review": _review,
    "dead_letter": _dead_letter,
    "contract": _contract,
    "article": _article,
    "year": _year,
}
