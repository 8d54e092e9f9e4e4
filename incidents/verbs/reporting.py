"""The verbs between desk and head about the handling (clause 5.4.4)."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incidents.actions.reports import answer_report, report_up, take_over
from incidents.forms import handling
from incidents.verbs.timeline import (
    CHANGES,
    HANDLING,
    HistoryEntry,
    LineFormat,
    Names,
    Sentence,
    filled,
    short,
)
from incidents.verbs.verb import Prompt, Verb, VerbButton


def _report(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.report")
    to, reason = names.person(row.number("to")), short(row.text("reason"))
    return Sentence(
        filled(gettext("Reported to %(to)s: %(reason)s"), gettext("Reported to the head"), to=to, reason=reason)
    )


def _answer(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(gettext("Answered the desk"), entry.row("incidents.report").text("answer"))


def _take_over(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.handlerchange")
    return Sentence(
        gettext("Took over the handling"),
        row.text("reason"),
        before=names.person(row.number("from_user")),
        after=names.person(row.number("to_user")),
    )


VERBS = (
    Verb(
        "report_up",
        handling.ReportUpForm,
        report_up,
        icon="message-report",
        key="I",
        button=pgettext_lazy("button", "Report to the head"),
        done=_("Reported to the head"),
        timeline=LineFormat((HANDLING,), _report),
    ),
    Verb(
        "answer_report",
        handling.AnswerForm,
        answer_report,
        icon="message-circle",
        button=pgettext_lazy("button", "Answer the desk"),
        done=_("The desk has your answer"),
        timeline=LineFormat((HANDLING,), _answer),
        rank=6,
        queue="decisions",
        listed_as=(_("Report of the desk"), "message-report"),
        explains=_(
            "Your answer goes to the desk, which goes on handling. Taking over makes you the handler; the desk keeps "
            "the contact with the customer."
        ),
        answer=_("Your answer"),
        prompt=Prompt(
            8,
            button=pgettext_lazy("step", "Answer the desk"),
            due=lambda d: d.reported_at is not None and d.report_answered_at is None,
            why=_("The desk asks you to step in or to answer"),
        ),
        choices=(
            VerbButton("take_over", "take_over", text="answer", shortcut="X"),
            VerbButton("answer", "answer_report", text="answer", shortcut="Y", primary=True),
        ),
        ready=(_("Go on as planned; I keep an eye on it"), _("I step in and speak to the customer")),
    ),
    Verb(
        "take_over",
        handling.AnswerForm,
        take_over,
        icon="user-check",
        key="U",
        button=pgettext_lazy("button", "Take over"),
        done=_("You handle it now"),
        timeline=LineFormat((HANDLING, CHANGES), _take_over, is_edit=True),
        hint=_("You become the handler; the desk keeps the contact with the customer and the form."),
        rank=7,
    ),
)
