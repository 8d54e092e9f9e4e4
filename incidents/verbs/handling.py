"""The verbs of classification, handling and telling the customer (clauses 5.4.3, 5.4.4 and 5.4.6)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from base import wording
from base.clock import now
from incidents import actions
from incidents.forms import NothingToFill, handling
from incidents.models import Declaration, State
from incidents.models.guards import PLANNED
from incidents.verbs.due import answer_due, in_state, refusal_due, update_due, update_interval, was_due
from incidents.verbs.verb import GRADING, Choice, Prompt, Verb


def _why_communicate(declaration: Declaration) -> str:
    if refusal_due(declaration):
        return gettext("The head speaks against the request; tell the customer")
    if answer_due(declaration):
        return gettext("The head accepted the request; tell the customer")
    told = declaration.communicated_at or declaration.received_at
    if declaration.due_at is not None and was_due(declaration, told, now()):
        return gettext("Was due %(due)s; tell the customer the new time first") % {
            "due": wording.clock_time(declaration.due_at)
        }
    return gettext("Update the customer every %(interval)s, last %(span)s ago") % {
        "interval": wording.duration(update_interval(declaration) or timedelta()),
        "span": wording.duration(now() - told),
    }


VERBS = (
    Verb(
        "classify",
        handling.ClassifyForm,
        actions.classify,
        icon="check",
        button=pgettext_lazy("button", "Set the level"),
        done=_("Classified"),
        page="grading",
        columns=GRADING,
        prompt=Prompt(
            12,
            button=pgettext_lazy("step", "Classify"),
            due=in_state(State.SCREENED),
            why=_("The time allowed follows from the level"),
        ),
    ),
    Verb(
        "reclassify",
        handling.ReclassifyForm,
        actions.reclassify,
        icon="check",
        button=pgettext_lazy("button", "Set the level"),
        done=_("Classified again"),
        page="grading",
        columns=GRADING,
    ),
    Verb(
        "reassign",
        handling.ReassignForm,
        actions.reassign,
        icon="user-share",
        button=pgettext_lazy("button", "Reassign"),
        done=_("Reassigned"),
    ),
    Verb(
        "confirm_contract_notes",
        NothingToFill,
        actions.confirm_contract_notes,
        icon="file-check",
        button=pgettext_lazy("button", "Read and confirmed"),
        done=_("The contract's notes are confirmed"),
        prompt=Prompt(
            13,
            button=pgettext_lazy("step", "Read contract"),
            due=lambda d: d.contract_notes_due and d.contract_notes_confirmed_at is None,
            why=_("The contract says how this is handled; read it first"),
            of_handler=True,
        ),
    ),
    Verb(
        "look_up",
        handling.LookUpForm,
        actions.look_up,
        icon="book-2",
        button=pgettext_lazy("button", "None fits"),
        done=_("The look-up is recorded"),
        section=3,
        rank=9,
        page="lookup",
        prompt=Prompt(
            14,
            button=pgettext_lazy("step", "Look it up"),
            due=lambda d: d.looked_up_at is None,
            why=_("Handling starts after a look into the knowledge base"),
            of_handler=True,
        ),
    ),
    Verb(
        "start",
        NothingToFill,
        actions.start,
        icon="player-play",
        button=pgettext_lazy("button", "Start handling"),
        done=_("Handling has started"),
        at_once=True,
        is_milestone=True,
        prompt=Prompt(
            15,
            button=pgettext_lazy("step", "Start"),
            due=in_state(State.CLASSIFIED),
            why=_("Looked up; handling can start"),
            of_handler=True,
        ),
    ),
    Verb(
        "write_plan",
        handling.PlanForm,
        actions.write_plan,
        icon="clipboard-text",
        button=pgettext_lazy("button", "Save the plan"),
        done=_("The plan is saved"),
        section=3,
        rank=5,
        columns={"text": "plan"},
        prompt=Prompt(
            19,
            button=pgettext_lazy("step", "Write the plan"),
            due=lambda d: d.state == State.IN_PROGRESS and not PLANNED(d),
            why=_("Levels 1 and 2 need a plan before they are resolved"),
            of_handler=True,
        ),
    ),
    Verb(
        "log_handling",
        handling.HandlingStepForm,
        actions.log_handling,
        icon="tools",
        button=pgettext_lazy("button", "Record the step"),
        done=_("The step is recorded"),
        key="A",
        section=3,
        rank=1,
        prompt=Prompt(
            21,
            button=pgettext_lazy("step", "Handle"),
            due=lambda d: d.handled_at is None,
            why=_("In progress; record what is done and what comes of it"),
            of_handler=True,
        ),
    ),
    Verb(
        "record_visit",
        handling.VisitForm,
        actions.record_visit,
        icon="map-pin",
        button=pgettext_lazy("button", "Record the visit"),
        done=_("The visit is recorded"),
        section=3,
    ),
    Verb(
        "record_departure",
        handling.DepartureForm,
        actions.record_departure,
        icon="logout",
        button=pgettext_lazy("button", "Record the departure"),
        done=_("The departure is recorded"),
        hint=_("The time stays as it is recorded; it is added once."),
        section=3,
    ),
    Verb(
        "report_up",
        handling.ReportUpForm,
        actions.report_up,
        icon="message-report",
        button=pgettext_lazy("button", "Report to the head"),
        done=_("Reported to the head"),
    ),
    Verb(
        "answer_report",
        handling.AnswerForm,
        actions.answer_report,
        icon="message-circle",
        button=pgettext_lazy("button", "Answer the desk"),
        done=_("The desk has your answer"),
        rank=6,
        queue="decisions",
        listed_as=(_("Report of the desk"), "message-report"),
        prompt=Prompt(
            8,
            button=pgettext_lazy("step", "Answer the desk"),
            due=lambda d: d.reported_at is not None and d.report_answered_at is None,
            why=_("The desk asks you to step in or to answer"),
        ),
        choices=(
            Choice("take_over", "take_over", text="answer", shortcut="X"),
            Choice("answer", "answer_report", text="answer", shortcut="Y", primary=True),
        ),
        ready=(_("Go on as planned; I keep an eye on it"), _("I step in and speak to the customer")),
    ),
    Verb(
        "take_over",
        handling.AnswerForm,
        actions.take_over,
        icon="user-check",
        button=pgettext_lazy("button", "Take over"),
        done=_("You handle it now"),
        hint=_("You become the handler; the desk keeps the contact with the customer and the form."),
        rank=7,
    ),
    Verb(
        "wait",
        handling.WaitForm,
        actions.wait,
        icon="hourglass",
        button=pgettext_lazy("button", "Wait for the customer"),
        done=_("Waiting for the customer"),
    ),
    Verb(
        "resume",
        handling.ResumeForm,
        actions.resume,
        icon="player-play",
        button=pgettext_lazy("button", "Go on handling"),
        done=_("Handling goes on"),
        prompt=Prompt(
            20,
            button=pgettext_lazy("step", "Go on"),
            due=in_state(State.WAITING_CUSTOMER),
            why=_("Waiting for the customer"),
            awaits="customer",
            of_handler=True,
        ),
    ),
    Verb(
        "communicate",
        handling.CommunicateForm,
        actions.communicate,
        icon="phone-outgoing",
        button=pgettext_lazy("button", "Record the contact"),
        done=_("The contact is recorded"),
        key="C",
        section=5,
        rank=2,
        prompt=Prompt(
            17,
            button=pgettext_lazy("step", "Update customer"),
            due=lambda d: answer_due(d) or update_due(d, now()),
            why=_why_communicate,
        ),
    ),
)
